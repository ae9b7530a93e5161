// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "protocol/directory/records.h"
#include "protocol/directory/searchquery.h"
#include "protocol/wire/command.h"

/// What a client and a supernode say to each other on the stream Directory, numbers 80 to 89.
namespace kith::directory {

/// Client: keep these for others to find. Any of them may be there.
struct Publish {
    static constexpr wire::CommandNumber kNumber = 80;
    static constexpr std::string_view kName = "Publish";

    std::optional<SignedUserRecord> user;
    std::optional<SignedDeviceList> devices;
    std::optional<SignedLocation> location;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Publish::user>(0, "user"), wire::field<&Publish::devices>(1, "devices"),
                          wire::field<&Publish::location>(2, "location")};
    }
    friend bool operator==(const Publish&, const Publish&) = default;
};

enum class Refusal : std::uint8_t {
    Invalid,   ///< doesn't prove itself
    Expired,   ///< by its own date or a certificate's
    Stale,     ///< a newer one is held, or another of the same number
    NameHeld,  ///< another user key holds this name with a later credential
    Full,      ///< this directory holds all it can
};

/// What became of one record.
struct Verdict {
    std::optional<Refusal> refusal;
    std::uint64_t held = 0;  ///< sequence or epoch of the one that is held now, 0: none

    static constexpr auto fields() {
        return std::tuple{wire::field<&Verdict::refusal>(0, "refusal"), wire::field<&Verdict::held>(1, "held")};
    }
    friend bool operator==(const Verdict&, const Verdict&) = default;
};

struct Published {
    static constexpr wire::CommandNumber kNumber = 81;
    static constexpr std::string_view kName = "Published";

    std::optional<Verdict> user;
    std::optional<Verdict> devices;
    std::optional<Verdict> location;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Published::user>(0, "user"), wire::field<&Published::devices>(1, "devices"),
                          wire::field<&Published::location>(2, "location")};
    }
    friend bool operator==(const Published&, const Published&) = default;
};

/// Client: who has exactly this name? Who is findable by nobody is not found.
struct FindName {
    static constexpr wire::CommandNumber kNumber = 82;
    static constexpr std::string_view kName = "FindName";

    UserName name;

    static constexpr auto fields() { return std::tuple{wire::field<&FindName::name>(0, "name")}; }
    friend bool operator==(const FindName&, const FindName&) = default;
};

/// Everything that is held of a person; empty: nobody.
struct Found {
    static constexpr wire::CommandNumber kNumber = 83;
    static constexpr std::string_view kName = "Found";

    std::optional<SignedUserRecord> user;
    std::optional<SignedDeviceList> devices;
    std::vector<SignedLocation> locations;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Found::user>(0, "user"), wire::field<&Found::devices>(1, "devices"),
                          wire::field<&Found::locations>(2, "locations", wire::Max{kMaxDevices})};
    }
    friend bool operator==(const Found&, const Found&) = default;
};

/// Client: where are the devices of this person? Who knows the user key was given it: findable doesn't matter.
struct FetchPerson {
    static constexpr wire::CommandNumber kNumber = 84;
    static constexpr std::string_view kName = "FetchPerson";

    PersonKey person;

    static constexpr auto fields() { return std::tuple{wire::field<&FetchPerson::person>(0, "person")}; }
    friend bool operator==(const FetchPerson&, const FetchPerson&) = default;
};

struct Fetched {
    static constexpr wire::CommandNumber kNumber = 85;
    static constexpr std::string_view kName = "Fetched";

    std::optional<SignedUserRecord> user;
    std::optional<SignedDeviceList> devices;
    std::vector<SignedLocation> locations;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Fetched::user>(0, "user"), wire::field<&Fetched::devices>(1, "devices"),
                          wire::field<&Fetched::locations>(2, "locations", wire::Max{kMaxDevices})};
    }
    friend bool operator==(const Fetched&, const Fetched&) = default;
};

/// Client: whom does this fit? Never who is findable by nobody; who is findable by exact name only by that.
struct Search {
    static constexpr wire::CommandNumber kNumber = 86;
    static constexpr std::string_view kName = "Search";

    std::string text;  ///< as SearchQuery::parse takes it

    static constexpr auto fields() {
        return std::tuple{wire::field<&Search::text>(0, "text", wire::Max{4 * kMaxQuery})};
    }
    friend bool operator==(const Search&, const Search&) = default;
};

enum class SearchRefusal : std::uint8_t {
    Invalid,  ///< not what can be searched by
    TooFast,  ///< this client: ask again in some seconds
    Busy,     ///< all clients together
};

/// A signed user record without its credential's chain but for the leaf.
struct SearchHit {
    Bytes record;
    ByteArray<64> signature{};
    Bytes leaf;
    std::uint8_t issuers = 0;  ///< which of Searched::issuers signed the leaf

    static constexpr auto fields() {
        return std::tuple{wire::field<&SearchHit::record>(0, "record", wire::Max{kMaxRecordBlob}),
                          wire::field<&SearchHit::signature>(1, "signature"),
                          wire::field<&SearchHit::leaf>(2, "leaf", wire::Max{crypto::kMaxCertificateSize}),
                          wire::field<&SearchHit::issuers>(3, "issuers")};
    }
    friend bool operator==(const SearchHit&, const SearchHit&) = default;
};

/// The best hits, best first. The chains above the leaves are said once: they are the same for nearly everybody.
struct Searched {
    static constexpr wire::CommandNumber kNumber = 87;
    static constexpr std::string_view kName = "Searched";

    std::optional<SearchRefusal> refusal;
    std::vector<Bytes> issuers;  ///< chains as crypto::encodeChain
    std::vector<SearchHit> hits;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Searched::refusal>(0, "refusal"),
                          wire::field<&Searched::issuers>(1, "issuers", wire::Max{kMaxHits, kMaxEncodedChain}),
                          wire::field<&Searched::hits>(2, "hits", wire::Max{kMaxHits})};
    }
    friend bool operator==(const Searched&, const Searched&) = default;
};

/// What goes over the stream Directory.
using Messages = wire::MessageList<Publish, Published, FindName, Found, FetchPerson, Fetched, Search, Searched>;

}  // namespace kith::directory

template <>
struct kith::wire::EnumRange<kith::directory::Refusal> {
    static constexpr auto kLast = kith::directory::Refusal::Full;
};
template <>
struct kith::wire::EnumRange<kith::directory::SearchRefusal> {
    static constexpr auto kLast = kith::directory::SearchRefusal::Busy;
};
