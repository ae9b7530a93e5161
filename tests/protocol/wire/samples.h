// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <rapidcheck.h>

#include "protocol/wire/describe.h"
#include "tests/protocol/wire/sampletypes.h"

/// Values for the sample messages.
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
