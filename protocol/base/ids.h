// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <compare>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "protocol/base/bytes.h"
#include "protocol/base/random.h"
#include "protocol/base/result.h"

namespace kith {

/// A byte string of fixed length that names something; the tag keeps one kind from being taken for another.
template <class Tag, std::size_t N>
struct Id {
    static constexpr std::size_t kSize = N;
    ByteArray<N> bytes{};

    static Id random(RandomSource& source) { return Id{source.bytes<N>()}; }
    static Result<Id> from(ByteView view) {
        if (const auto array = toArray<N>(view)) return Id{*array};
        return fail(Fault::Malformed, "length of an id");
    }
    [[nodiscard]] bool isNull() const { return *this == Id{}; }
    [[nodiscard]] std::string hex() const { return toHex(bytes); }

    friend auto operator<=>(const Id&, const Id&) = default;
};

/// The first eight bytes: fair for keys and random ids, which is what these are.
struct IdHash {
    template <class Tag, std::size_t N>
    std::size_t operator()(const Id<Tag, N>& id) const noexcept {
        static_assert(N >= sizeof(std::size_t));
        std::size_t out;
        std::memcpy(&out, id.bytes.data(), sizeof out);
        return out;
    }
};

using NetworkId = Id<struct NetworkTag, 16>;  ///< first half of SHA-256 of the root public key
using DeviceId = Id<struct DeviceTag, 32>;    ///< a device's Ed25519 public key
using NodeId = Id<struct NodeTag, 32>;        ///< a supernode's Ed25519 public key
using UserKey = Id<struct UserKeyTag, 32>;    ///< a person's Ed25519 public key
using CallId = Id<struct CallTag, 16>;        ///< half from each side
using MessageId = Id<struct MessageTag, 16>;
using TopicId = Id<struct TopicTag, 32>;        ///< SHA-256 of a presence topic's public key
using LocationId = Id<struct LocationTag, 16>;  ///< a device at its supernode, random; says nothing of whose it is
using ChannelId = Id<struct ChannelTag, 8>;     ///< a relayed path, one id on each of its two sides

/// The name people are found by: `[a-z][a-z0-9._-]{2,31}`, folded to lower case.
class UserName {
public:
    static Result<UserName> parse(std::string_view text);

    UserName() = default;
    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] bool isEmpty() const { return m_text.empty(); }

    friend auto operator<=>(const UserName&, const UserName&) = default;

private:
    explicit UserName(std::string text) : m_text(std::move(text)) {}
    std::string m_text;
};

}  // namespace kith

template <>
struct std::hash<kith::UserName> {
    std::size_t operator()(const kith::UserName& name) const noexcept { return std::hash<std::string>{}(name.text()); }
};
