// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/wire/command.h"

/// Messages that have every type a field can have, for tests and fuzz targets.
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
