// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/obfuscation.h"

#include "protocol/wire/crc32.h"
#include "protocol/wire/rc4.h"

namespace kith::wire {

namespace {

constexpr std::uint32_t kStep = 0x9e3779b9;

bool isShort(const IpAddress& address) {
    return address.isV4() || address.isUnspecified();
}

class Rc4Keystream final : public Keystream {
public:
    explicit Rc4Keystream(std::uint32_t seed) : m_rc4(keyFromSeed(seed)) {}
    void apply(ByteSpan data) override { m_rc4.apply(data); }

private:
    Rc4 m_rc4;
};

}  // namespace

std::uint32_t obfuscationSeed(const AddressPair& addresses, FrameId id, std::uint32_t iv) {
    // The short form is the end of the long one: IPv4 lies in the last four bytes, and unspecified is zero there.
    const std::size_t skip = isShort(addresses.source) && isShort(addresses.destination) ? 12 : 0;
    Bytes input;
    input.reserve(2 * sizeof(IpAddress) + 4);
    ByteWriter(input)
        .bytes(ByteView(addresses.source.bytes).subspan(skip))
        .bytes(ByteView(addresses.destination.bytes).subspan(skip))
        .u16(id)
        .u16(0);
    return crc32(input) ^ iv;
}

ByteArray<80> keyFromSeed(std::uint32_t seed) {
    ByteArray<80> key;
    for (std::size_t word = 0; word < key.size(); word += 4) {
        seed += kStep;
        std::uint32_t mixed = (seed ^ seed >> 16) * 0x85ebca6b;
        mixed = (mixed ^ mixed >> 13) * 0xc2b2ae35;
        mixed ^= mixed >> 16;
        for (std::size_t i = 0; i < 4; ++i) key[word + i] = static_cast<std::byte>(mixed >> (24 - 8 * i));
    }
    return key;
}

std::uint32_t SeedObfuscation::cover(std::uint32_t seed, ByteSpan data) {
    const std::uint32_t checksum = crc32(data);
    Rc4(keyFromSeed(seed)).apply(data);
    return checksum;
}

bool SeedObfuscation::uncover(std::uint32_t seed, ByteSpan data, std::uint32_t checksum) {
    Rc4(keyFromSeed(seed)).apply(data);
    return crc32(data) == checksum;
}

std::unique_ptr<Keystream> SeedObfuscation::keystream(std::uint32_t seed) {
    return std::make_unique<Rc4Keystream>(seed);
}

}  // namespace kith::wire
