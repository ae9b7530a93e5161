// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>
#include <vector>

#include "protocol/wire/command.h"

/// Field lists as tables (SPEC.md) and as text (traces).
namespace kith::wire {

enum class Presence : std::uint8_t { Required, Optional, Repeated };

/// One field of a message, or of a struct inside one: then `field` is a path such as "hits.name".
struct FieldRow {
    std::uint32_t id = 0;
    std::string field;
    std::string type;  ///< of an object: "number", "blob", "address or blob" …
    Presence presence = Presence::Required;
    std::string limits;  ///< "0 to 255", "16 bytes", "at most 140 bytes" …; empty: those of every command

    friend bool operator==(const FieldRow&, const FieldRow&) = default;
};

struct MessageTable {
    CommandNumber number = 0;
    std::string_view name;
    bool reply = false;
    std::vector<FieldRow> fields;
};

/// As a Markdown table under a heading, for SPEC.md.
std::string toMarkdown(const MessageTable& table);
std::string toMarkdown(std::string_view heading, const std::vector<FieldRow>& fields);

/// An object list as text, by ids and types alone, for what has no struct. Contents of texts and blobs are not shown:
/// traces are logs, and logs hold no secret.
std::string printObjects(ByteView list);

/// One line for a trace: `{name: alice, hits: [{…}]}`. Contents of texts and blobs are not shown.
template <HasFields M>
std::string print(const M& message);

namespace detail {

std::string numberLimits(std::uint64_t first, std::uint64_t last);
std::string sizeLimits(std::size_t max);
std::string countLimits(std::size_t max, const std::string& each);
std::string printBlob(ByteView bytes);
std::string printText(std::string_view text);

/// What the tables and traces say about a type.
template <class T>
struct Words;

template <Numeric T>
struct Words<T> {
    static std::string type() { return "number"; }
    static std::string limits(Max) { return numberLimits(firstOf<T>(), lastOf<T>()); }
    static std::string print(T value) { return std::to_string(static_cast<std::uint64_t>(value)); }
};
template <>
struct Words<bool> {
    static std::string type() { return "number"; }
    static std::string limits(Max) { return numberLimits(0, 1); }
    static std::string print(bool value) { return value ? "1" : "0"; }
};
template <>
struct Words<Raw64> {
    static std::string type() { return "raw64"; }
    static std::string limits(Max) { return {}; }
    static std::string print(Raw64 value) { return std::to_string(value.value); }
};
template <>
struct Words<std::string> {
    static std::string type() { return "text"; }
    static std::string limits(Max max) { return sizeLimits(max.size); }
    static std::string print(const std::string& value) { return printText(value); }
};
template <>
struct Words<UserName> {
    static std::string type() { return "text"; }
    static std::string limits(Max) { return "user name"; }
    static std::string print(const UserName& value) { return value.text(); }
};
template <>
struct Words<Bytes> {
    static std::string type() { return "blob"; }
    static std::string limits(Max max) { return sizeLimits(max.size); }
    static std::string print(const Bytes& value) { return printBlob(value); }
};
template <std::size_t N>
struct Words<ByteArray<N>> {
    static std::string type() { return "blob"; }
    static std::string limits(Max) { return std::to_string(N) + " bytes"; }
    static std::string print(const ByteArray<N>& value) { return printBlob(value); }
};
/// Names, not secrets: the first four bytes tell them apart.
template <class Tag, std::size_t N>
struct Words<Id<Tag, N>> {
    static std::string type() { return "blob"; }
    static std::string limits(Max) { return std::to_string(N) + " bytes"; }
    static std::string print(const Id<Tag, N>& value) { return toHex(ByteView(value.bytes).first(4)); }
};
template <>
struct Words<Endpoint> {
    static std::string type() { return "address, or blob"; }
    static std::string limits(Max) { return "IPv4, or IPv6 in 18 bytes"; }
    static std::string print(const Endpoint& value) { return value.text(); }
};
template <class Unit>
struct Words<std::chrono::sys_time<Unit>> {
    static std::string type() { return "number"; }
    static std::string limits(Max) {
        return std::is_same_v<Unit, std::chrono::seconds> ? "seconds since 1970" : "milliseconds since 1970";
    }
    static std::string print(std::chrono::sys_time<Unit> value) {
        return std::to_string(value.time_since_epoch().count());
    }
};
template <HasFields M>
struct Words<M> {
    static std::string type() { return "list"; }
    static std::string limits(Max) { return {}; }
    static std::string print(const M& value) { return wire::print(value); }
};

/// A member: a value, or what holds values.
template <class T>
struct Shape {
    using Inner = T;
    static constexpr Presence kPresence = Presence::Required;
    static std::string type() { return Words<T>::type(); }
    static std::string limits(Max max) { return Words<T>::limits(max); }
    static std::string print(const T& value) { return Words<T>::print(value); }
};
template <class T>
struct Shape<std::optional<T>> {
    using Inner = T;
    static constexpr Presence kPresence = Presence::Optional;
    static std::string type() { return Words<T>::type(); }
    static std::string limits(Max max) { return Words<T>::limits(max); }
    static std::string print(const std::optional<T>& value) { return value ? Words<T>::print(*value) : "-"; }
};
template <class T>
struct Shape<std::vector<T>> {
    using Inner = T;
    static constexpr Presence kPresence = Numeric<T> ? Presence::Optional : Presence::Repeated;
    static std::string type() { return Numeric<T> ? "numbers" : Words<T>::type(); }
    static std::string limits(Max max) { return countLimits(max.size, Words<T>::limits({max.each, max.each})); }
    static std::string print(const std::vector<T>& values) {
        std::string out = "[";
        for (const T& value : values) out += (out.size() > 1 ? ", " : "") + Words<T>::print(value);
        return out + "]";
    }
};
template <>
struct Shape<Bytes> : Words<Bytes> {
    using Inner = Bytes;
    static constexpr Presence kPresence = Presence::Required;
};

template <HasFields M>
void addRows(std::vector<FieldRow>& rows, const std::string& path) {
    const auto add = [&](const auto& field) {
        using S = Shape<typename std::remove_cvref_t<decltype(field)>::Value>;
        const std::string name = path + std::string(field.name);
        rows.push_back({field.id, name, S::type(), S::kPresence, S::limits(field.max)});
        if constexpr (HasFields<typename S::Inner>) addRows<typename S::Inner>(rows, name + ".");
    };
    std::apply([&](const auto&... field) { (add(field), ...); }, M::fields());
}

}  // namespace detail

/// The fields of a struct, those of structs inside it behind the field that holds them.
template <HasFields M>
std::vector<FieldRow> describeFields() {
    std::vector<FieldRow> rows;
    detail::addRows<M>(rows, {});
    return rows;
}

template <Message M>
MessageTable describe() {
    return {M::kNumber, M::kName, isReply<M>(), describeFields<M>()};
}

template <Message... Ms>
std::vector<MessageTable> describe(MessageList<Ms...>) {
    return {describe<Ms>()...};
}

template <HasFields M>
std::string print(const M& message) {
    std::string out = "{";
    visitFields(message, [&]<class T>(const auto& field, const T& value) {
        if (out.size() > 1) out += ", ";
        out += std::string(field.name) + ": " + detail::Shape<T>::print(value);
    });
    return out + "}";
}

}  // namespace kith::wire
