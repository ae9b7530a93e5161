// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <rapidcheck.h>

#include "protocol/wire/describe.h"

/// Messages that have every type a field can have, and values for them.
namespace kith::wire::test {

enum class Colour : std::uint8_t { Red, Green, Blue };
enum class Shade { Light = 1, Dark, kFirst = Light, kLast = Dark };
using Key = Id<struct KeyTag, 16>;

struct Hit {
    UserName name;
    std::optional<std::string> mood;
    std::vector<std::uint32_t> numbers;

    static constexpr auto fields() {
        return std::tuple{field<&Hit::name>(0, "name"), field<&Hit::mood>(1, "mood", Max{16}),
                          field<&Hit::numbers>(2, "numbers", Max{8})};
    }
    friend bool operator==(const Hit&, const Hit&) = default;
};

struct Everything {
    static constexpr CommandNumber kNumber = 240;
    static constexpr std::string_view kName = "Everything";

    std::uint8_t small = 0;
    std::uint64_t large = 0;
    bool flag = false;
    std::string text;
    UserName name;
    Bytes blob;
    ByteArray<3> array{};
    Key id;
    Endpoint endpoint;
    UnixTime time{};
    UnixMillis millis{};
    Raw64 raw;
    Hit hit;
    std::optional<std::uint16_t> maybe;
    std::vector<Hit> hits;
    std::vector<std::string> texts;
    std::vector<Bytes> blobs;
    std::vector<Endpoint> endpoints;
    std::vector<std::uint64_t> numbers;

    static constexpr auto fields() {
        return std::tuple{field<&Everything::small>(0, "small"),
                          field<&Everything::large>(1, "large"),
                          field<&Everything::flag>(2, "flag"),
                          field<&Everything::text>(3, "text", Max{64}),
                          field<&Everything::name>(4, "name"),
                          field<&Everything::blob>(5, "blob", Max{64}),
                          field<&Everything::array>(6, "array"),
                          field<&Everything::id>(7, "id"),
                          field<&Everything::endpoint>(8, "endpoint"),
                          field<&Everything::time>(9, "time"),
                          field<&Everything::millis>(10, "millis"),
                          field<&Everything::raw>(11, "raw"),
                          field<&Everything::hit>(12, "hit"),
                          field<&Everything::maybe>(13, "maybe"),
                          field<&Everything::hits>(14, "hits", Max{8}),
                          field<&Everything::texts>(15, "texts", Max{8, 16}),
                          field<&Everything::blobs>(200, "blobs", Max{8, 16}),
                          field<&Everything::endpoints>(17, "endpoints"),
                          field<&Everything::numbers>(18, "numbers")};
    }
    friend bool operator==(const Everything&, const Everything&) = default;
};

struct Colours {
    static constexpr CommandNumber kNumber = 241;
    static constexpr std::string_view kName = "Colours";

    Colour colour = Colour::Red;
    Shade shade = Shade::Light;
    std::vector<Colour> more;

    static constexpr auto fields() {
        return std::tuple{field<&Colours::colour>(0, "colour"), field<&Colours::shade>(1, "shade"),
                          field<&Colours::more>(2, "more")};
    }
    friend bool operator==(const Colours&, const Colours&) = default;
};

struct Nothing {
    static constexpr CommandNumber kNumber = 242;
    static constexpr std::string_view kName = "Nothing";

    static constexpr auto fields() { return std::tuple{}; }
    friend bool operator==(const Nothing&, const Nothing&) = default;
};

/// Lists in lists, as deep as somebody likes.
struct Nest {
    static constexpr CommandNumber kNumber = 244;
    static constexpr std::string_view kName = "Nest";

    std::vector<Nest> inside;

    static constexpr auto fields() { return std::tuple{field<&Nest::inside>(0, "inside")}; }
    friend bool operator==(const Nest&, const Nest&) = default;
};

}  // namespace kith::wire::test

template <>
struct kith::wire::EnumRange<kith::wire::test::Colour> {
    static constexpr auto kLast = kith::wire::test::Colour::Blue;
};

namespace rc {

template <>
struct Arbitrary<std::byte> {
    static Gen<std::byte> arbitrary() {
        return gen::map(gen::arbitrary<std::uint8_t>(), [](std::uint8_t b) { return static_cast<std::byte>(b); });
    }
};

template <std::size_t N>
struct Arbitrary<kith::ByteArray<N>> {
    static Gen<kith::ByteArray<N>> arbitrary() {
        return gen::map(gen::container<kith::Bytes>(N, gen::arbitrary<std::byte>()),
                        [](const kith::Bytes& b) { return *kith::toArray<N>(b); });
    }
};

/// Half of them IPv4.
template <>
struct Arbitrary<kith::IpAddress> {
    static Gen<kith::IpAddress> arbitrary() {
        return gen::oneOf(
            gen::map(gen::arbitrary<std::uint32_t>(), [](std::uint32_t a) { return kith::IpAddress::v4(a); }),
            gen::map(gen::arbitrary<kith::ByteArray<16>>(),
                     [](const kith::ByteArray<16>& bytes) { return kith::IpAddress{bytes}; }));
    }
};

template <>
struct Arbitrary<kith::Endpoint> {
    static Gen<kith::Endpoint> arbitrary() {
        return gen::build<kith::Endpoint>(gen::set(&kith::Endpoint::address), gen::set(&kith::Endpoint::port));
    }
};

}  // namespace rc

namespace kith::wire::test {

inline rc::Gen<Bytes> blobs(std::size_t max) {
    return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, max + 1), [](std::size_t size) {
        return rc::gen::container<Bytes>(size, rc::gen::arbitrary<std::byte>());
    });
}

/// UTF-8 of up to four times as many bytes as characters.
inline rc::Gen<std::string> texts(std::size_t characters) {
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(
                            rc::gen::element<std::string>("a", "Z", " ", "ß", "Ω", "世", "🙂")),
                        [characters](const std::vector<std::string>& parts) {
                            std::string out;
                            for (std::size_t i = 0; i < std::min(parts.size(), characters); ++i) out += parts[i];
                            return out;
                        });
}

inline rc::Gen<UserName> userNames() {
    return rc::gen::map(rc::gen::element<std::string>("alice", "bob", "a.b-c_9", "abcdefghijklmnopqrstuvwxyz012345"),
                        [](const std::string& text) { return *UserName::parse(text); });
}

template <class T>
rc::Gen<std::vector<T>> upTo(std::size_t max, const rc::Gen<T>& each) {
    return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, max + 1),
                           [each](std::size_t size) { return rc::gen::container<std::vector<T>>(size, each); });
}

inline rc::Gen<Hit> hits() {
    return rc::gen::build<Hit>(rc::gen::set(&Hit::name, userNames()),
                               rc::gen::set(&Hit::mood, rc::gen::map(texts(4),
                                                                     [](const std::string& s) {
                                                                         return s.size() % 2 == 0 ? std::optional(s)
                                                                                                  : std::nullopt;
                                                                     })),
                               rc::gen::set(&Hit::numbers, upTo(8, rc::gen::arbitrary<std::uint32_t>())));
}

template <class Time>
rc::Gen<Time> times(std::uint64_t last) {
    return rc::gen::map(rc::gen::inRange<std::uint64_t>(0, last),
                        [](std::uint64_t n) { return Time(typename Time::duration(static_cast<std::int64_t>(n))); });
}

inline rc::Gen<Everything> everythings() {
    using namespace rc;
    using E = Everything;
    return gen::build<E>(
        gen::set(&E::small), gen::set(&E::large), gen::set(&E::flag), gen::set(&E::text, texts(16)),
        gen::set(&E::name, userNames()), gen::set(&E::blob, blobs(64)), gen::set(&E::array),
        gen::set(&E::id, gen::map(gen::arbitrary<ByteArray<16>>(), [](const ByteArray<16>& b) { return Key{b}; })),
        gen::set(&E::endpoint), gen::set(&E::time, times<UnixTime>(kLastSecond)),
        gen::set(&E::millis, times<UnixMillis>(kLastSecond * 1000)),
        gen::set(&E::raw, gen::map(gen::arbitrary<std::uint64_t>(), [](std::uint64_t n) { return Raw64{n}; })),
        gen::set(&E::hit, hits()),
        gen::set(&E::maybe, gen::map(gen::arbitrary<std::uint16_t>(),
                                     [](std::uint16_t n) { return n % 2 == 0 ? std::optional(n) : std::nullopt; })),
        gen::set(&E::hits, upTo(8, hits())), gen::set(&E::texts, upTo(8, texts(4))),
        gen::set(&E::blobs, upTo(8, blobs(16))), gen::set(&E::endpoints), gen::set(&E::numbers));
}

}  // namespace kith::wire::test
