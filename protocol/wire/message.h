// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>

#include "protocol/wire/value.h"

/// Messages to object lists and back. A message is a struct with a list of its fields:
///
///   struct Find {
///       static constexpr wire::CommandNumber kNumber = 82;
///       static constexpr std::string_view kName = "Find";
///       UserName name;
///       std::vector<Hit> hits;
///       static constexpr auto fields() {
///           return std::tuple{wire::field<&Find::name>(0, "name"), wire::field<&Find::hits>(1, "hits",
///           wire::Max{20})};
///       }
///   };
///
/// A field is required unless it is an optional or a vector. Encoding is canonical: the fields in declared order, once
/// each, absent optionals and empty vectors left out. The decoder takes any order and passes over ids it doesn't know.
namespace kith::wire {

/// Appends the list of a message: 0x41, count, objects.
template <HasFields M>
void writeObjects(ByteWriter& out, const M& message);
/// Reads a list up to its end.
template <HasFields M>
Result<M> readObjects(ObjectInput& input);

/// For records that are signed or stored as they are.
template <HasFields M>
Bytes encodeObjects(const M& message) {
    Bytes out;
    ByteWriter writer(out);
    writeObjects(writer, message);
    return out;
}

/// The list and nothing behind it.
template <HasFields M>
Result<M> decodeObjects(ByteView list) {
    ObjectInput input(list);
    auto out = readObjects<M>(input);
    if (!out) return out;
    if (const auto end = input.end(); !end) return tl::make_unexpected(end.error());
    return out;
}

template <HasFields M>
struct Value<M> {
    static constexpr ObjectType kType = ObjectType::List;
    static void write(ByteWriter& out, std::uint32_t id, const M& value) {
        writeHeader(out, kType, id);
        writeObjects(out, value);
    }
    static Result<M> read(ObjectType type, ObjectInput& input, Max) {
        if (type != kType) return detail::wrongType();
        return readObjects<M>(input);
    }
};

namespace detail {

/// How many objects a member makes, and how one object gets into it. `seen`: there was one of this id before.
template <class T>
struct Member {
    static constexpr bool kRequired = true;
    static std::size_t count(const T&) { return 1; }
    static void write(ByteWriter& out, std::uint32_t id, const T& value) { Value<T>::write(out, id, value); }
    static Result<void> read(ObjectType type, ObjectInput& input, Max max, bool seen, T& to) {
        if (seen) return fail(Fault::Malformed, "the same object twice");
        auto value = Value<T>::read(type, input, max);
        if (!value) return tl::make_unexpected(value.error());
        to = std::move(*value);
        return {};
    }
};

template <class T>
struct Member<std::optional<T>> {
    static constexpr bool kRequired = false;
    static std::size_t count(const std::optional<T>& value) { return value ? 1 : 0; }
    static void write(ByteWriter& out, std::uint32_t id, const std::optional<T>& value) {
        if (value) Value<T>::write(out, id, *value);
    }
    static Result<void> read(ObjectType type, ObjectInput& input, Max max, bool seen, std::optional<T>& to) {
        return Member<T>::read(type, input, max, seen, to.emplace());
    }
};

template <class T>
struct Member<std::vector<T>> {
    static_assert(!std::is_same_v<T, bool>, "no vector of bool");
    static constexpr bool kRequired = false;
    static std::size_t count(const std::vector<T>& values) { return values.size(); }
    static void write(ByteWriter& out, std::uint32_t id, const std::vector<T>& values) {
        for (const T& value : values) Value<T>::write(out, id, value);
    }
    static Result<void> read(ObjectType type, ObjectInput& input, Max max, bool, std::vector<T>& to) {
        if (to.size() >= max.size) return fail(Fault::TooLarge, "entries of a list");
        auto value = Value<T>::read(type, input, Max{max.each, max.each});
        if (!value) return tl::make_unexpected(value.error());
        to.push_back(std::move(*value));
        return {};
    }
};

template <>
struct Member<Bytes> {
    static constexpr bool kRequired = true;
    static std::size_t count(const Bytes&) { return 1; }
    static void write(ByteWriter& out, std::uint32_t id, const Bytes& value) { Value<Bytes>::write(out, id, value); }
    static Result<void> read(ObjectType type, ObjectInput& input, Max max, bool seen, Bytes& to) {
        if (seen) return fail(Fault::Malformed, "the same object twice");
        const auto view = readBlob(type, input, max.size);
        if (!view) return tl::make_unexpected(view.error());
        to.assign(view->begin(), view->end());
        return {};
    }
};

/// Numbers go into one object.
template <Numeric T>
struct Member<std::vector<T>> {
    static constexpr bool kRequired = false;
    static std::size_t count(const std::vector<T>& values) { return values.empty() ? 0 : 1; }
    static void write(ByteWriter& out, std::uint32_t id, const std::vector<T>& values) {
        if (values.empty()) return;
        writeHeader(out, ObjectType::Numbers, id);
        out.varint(values.size());
        for (const T value : values) out.varint(static_cast<std::uint64_t>(value));
    }
    static Result<void> read(ObjectType type, ObjectInput& input, Max max, bool seen, std::vector<T>& to) {
        if (seen) return fail(Fault::Malformed, "the same object twice");
        if (type != ObjectType::Numbers) return wrongType();
        const auto count = input.numberCount(max.size);
        if (!count) return tl::make_unexpected(count.error());
        to.reserve(*count);
        for (std::size_t i = 0; i < *count; ++i) {
            const auto value = readNumber(ObjectType::Number, input, firstOf<T>(), lastOf<T>());
            if (!value) return tl::make_unexpected(value.error());
            to.push_back(static_cast<T>(*value));
        }
        return {};
    }
};

template <HasFields M>
inline constexpr std::size_t kFieldCount = std::tuple_size_v<decltype(M::fields())>;

/// Reads the value of one object into the member that has its id, or passes over it.
template <HasFields M>
Result<void> readInto(M& message, ObjectHeader object, ObjectInput& input, std::array<bool, kFieldCount<M>>& seen) {
    bool known = false;
    Result<void> outcome;
    std::size_t index = 0;
    const auto tryField = [&](const auto& field) {
        const std::size_t at = index++;
        if (field.id != object.id) return false;
        using T = typename std::remove_cvref_t<decltype(field)>::Value;
        outcome = Member<T>::read(object.type, input, field.max, seen[at], message.*(field.kMember));
        seen[at] = known = true;
        return true;
    };
    std::apply([&](const auto&... field) { static_cast<void>((tryField(field) || ...)); }, M::fields());
    return known ? outcome : input.skip(object.type);
}

template <HasFields M>
Result<void> checkRequired(const std::array<bool, kFieldCount<M>>& seen) {
    std::string_view missing;
    std::size_t index = 0;
    const auto check = [&](const auto& field) {
        using T = typename std::remove_cvref_t<decltype(field)>::Value;
        if (Member<T>::kRequired && !seen[index] && missing.empty()) missing = field.name;
        ++index;
    };
    std::apply([&](const auto&... field) { (check(field), ...); }, M::fields());
    if (!missing.empty()) return fail(Fault::MissingField, missing);
    return {};
}

}  // namespace detail

template <HasFields M>
void writeObjects(ByteWriter& out, const M& message) {
    std::size_t count = 0;
    visitFields(message, [&]<class T>(const auto&, const T& value) { count += detail::Member<T>::count(value); });
    out.u8(kPlainList).varint(count);
    visitFields(message,
                [&]<class T>(const auto& field, const T& value) { detail::Member<T>::write(out, field.id, value); });
}

template <HasFields M>
Result<M> readObjects(ObjectInput& input) {
    M out{};
    std::array<bool, detail::kFieldCount<M>> seen{};
    const auto count = input.enterList();
    if (!count) return tl::make_unexpected(count.error());
    for (std::size_t i = 0; i < *count; ++i) {
        const auto object = input.header();
        if (!object) return tl::make_unexpected(object.error());
        if (const auto read = detail::readInto(out, *object, input, seen); !read)
            return tl::make_unexpected(read.error());
    }
    input.leaveList();
    if (const auto complete = detail::checkRequired<M>(seen); !complete) return tl::make_unexpected(complete.error());
    return out;
}

}  // namespace kith::wire
