// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <algorithm>
#include <concepts>
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"
#include "protocol/wire/field.h"

/// How each type that a field can have travels. Value<T> has
///   write(out, id, value)       one object, or several, or none
///   read(type, input, max)      the value of one object
namespace kith::wire {

/// A number that is random in all its bits, where a varint would be longer.
struct Raw64 {
    std::uint64_t value = 0;
    friend auto operator<=>(const Raw64&, const Raw64&) = default;
};

/// Times are refused from the year 10000 on: no arithmetic on them can overflow.
inline constexpr std::uint64_t kLastSecond = 253'402'300'799;

template <class T>
struct Value;

template <class T>
concept Numeric = (std::unsigned_integral<T> && !std::same_as<T, bool>) || std::is_enum_v<T>;

namespace detail {

inline tl::unexpected<Error> wrongType() {
    return fail(Fault::WrongType, "type of an object");
}

Result<std::uint64_t> readNumber(ObjectType type, ObjectInput& input, std::uint64_t first, std::uint64_t last);
Result<ByteView> readBlob(ObjectType type, ObjectInput& input, std::size_t max);
Result<std::string_view> readText(ObjectType type, ObjectInput& input, std::size_t max);
Result<Endpoint> readEndpoint(ObjectType type, ObjectInput& input);

template <Numeric T>
constexpr std::uint64_t firstOf() {
    if constexpr (std::is_enum_v<T>) return firstValue<T>();
    return 0;
}
template <Numeric T>
constexpr std::uint64_t lastOf() {
    if constexpr (std::is_enum_v<T>)
        return lastValue<T>();
    else
        return std::numeric_limits<T>::max();
}

}  // namespace detail

template <Numeric T>
struct Value<T> {
    static constexpr ObjectType kType = ObjectType::Number;
    static void write(ByteWriter& out, std::uint32_t id, T value) {
        writeNumber(out, id, static_cast<std::uint64_t>(value));
    }
    static Result<T> read(ObjectType type, ObjectInput& input, Max) {
        return detail::readNumber(type, input, detail::firstOf<T>(), detail::lastOf<T>()).map([](std::uint64_t n) {
            return static_cast<T>(n);
        });
    }
};

template <>
struct Value<bool> {
    static constexpr ObjectType kType = ObjectType::Number;
    static void write(ByteWriter& out, std::uint32_t id, bool value) { writeNumber(out, id, value ? 1 : 0); }
    static Result<bool> read(ObjectType type, ObjectInput& input, Max) {
        return detail::readNumber(type, input, 0, 1).map([](std::uint64_t n) { return n == 1; });
    }
};

template <>
struct Value<Raw64> {
    static constexpr ObjectType kType = ObjectType::Raw64;
    static void write(ByteWriter& out, std::uint32_t id, Raw64 value) { writeRaw64(out, id, value.value); }
    static Result<Raw64> read(ObjectType type, ObjectInput& input, Max) {
        if (type != kType) return detail::wrongType();
        return input.raw64().map([](std::uint64_t n) { return Raw64{n}; });
    }
};

template <>
struct Value<std::string> {
    static constexpr ObjectType kType = ObjectType::Text;
    static void write(ByteWriter& out, std::uint32_t id, std::string_view value) { writeText(out, id, value); }
    static Result<std::string> read(ObjectType type, ObjectInput& input, Max max) {
        return detail::readText(type, input, max.size).map([](std::string_view text) { return std::string(text); });
    }
};

template <>
struct Value<UserName> {
    static constexpr ObjectType kType = ObjectType::Text;
    static void write(ByteWriter& out, std::uint32_t id, const UserName& value) { writeText(out, id, value.text()); }
    static Result<UserName> read(ObjectType type, ObjectInput& input, Max max);
};

template <>
struct Value<Bytes> {
    static constexpr ObjectType kType = ObjectType::Blob;
    static void write(ByteWriter& out, std::uint32_t id, ByteView value) { writeBlob(out, id, value); }
    static Result<Bytes> read(ObjectType type, ObjectInput& input, Max max) {
        return detail::readBlob(type, input, max.size).map([](ByteView view) { return toBytes(view); });
    }
};

template <std::size_t N>
struct Value<ByteArray<N>> {
    static constexpr ObjectType kType = ObjectType::Blob;
    static void write(ByteWriter& out, std::uint32_t id, const ByteArray<N>& value) { writeBlob(out, id, value); }
    static Result<ByteArray<N>> read(ObjectType type, ObjectInput& input, Max) {
        const auto blob = detail::readBlob(type, input, kMaxListSize);
        if (!blob) return tl::make_unexpected(blob.error());
        if (blob->size() != N) return fail(Fault::Malformed, "length of a blob");
        return *toArray<N>(*blob);
    }
};

template <class Tag, std::size_t N>
struct Value<Id<Tag, N>> {
    static constexpr ObjectType kType = ObjectType::Blob;
    static void write(ByteWriter& out, std::uint32_t id, const Id<Tag, N>& value) { writeBlob(out, id, value.bytes); }
    static Result<Id<Tag, N>> read(ObjectType type, ObjectInput& input, Max max) {
        return Value<ByteArray<N>>::read(type, input, max).map([](const ByteArray<N>& b) { return Id<Tag, N>{b}; });
    }
};

template <>
struct Value<Endpoint> {
    static constexpr ObjectType kType = ObjectType::Address;
    static void write(ByteWriter& out, std::uint32_t id, const Endpoint& value) { writeEndpoint(out, id, value); }
    static Result<Endpoint> read(ObjectType type, ObjectInput& input, Max) { return detail::readEndpoint(type, input); }
};

/// Seconds or milliseconds since 1970; what is before counts as 1970.
template <class Unit>
struct Value<std::chrono::sys_time<Unit>> {
    using Time = std::chrono::sys_time<Unit>;
    static constexpr ObjectType kType = ObjectType::Number;
    static constexpr std::uint64_t kLast = (kLastSecond + 1) * (Unit::period::den / Unit::period::num) - 1;

    static void write(ByteWriter& out, std::uint32_t id, Time value) {
        const auto count = std::max<typename Unit::rep>(value.time_since_epoch().count(), 0);
        writeNumber(out, id, std::min(static_cast<std::uint64_t>(count), kLast));
    }
    static Result<Time> read(ObjectType type, ObjectInput& input, Max) {
        return detail::readNumber(type, input, 0, kLast).map([](std::uint64_t n) {
            return Time(Unit(static_cast<typename Unit::rep>(n)));
        });
    }
};

// Structs and what holds other values are in message.h, which every message includes.

}  // namespace kith::wire
