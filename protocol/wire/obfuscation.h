// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <memory>

#include "protocol/base/endpoint.h"
#include "protocol/wire/frame.h"

/// Hides the shape of what is sent outside links from simple filters. It protects nothing: everything that undoes it is
/// in the packet.
namespace kith::wire {

/// The public addresses of both ends of a datagram. Unspecified: not known (yet), and both inside a forward frame.
struct AddressPair {
    IpAddress source;
    IpAddress destination;
};

/// CRC-32 of source address, destination address, frame id and two zero bytes, xor IV. Addresses are 4 bytes each if
/// both are IPv4 or unspecified (twelve bytes in all, as published), else 16 each.
std::uint32_t obfuscationSeed(const AddressPair& addresses, FrameId id, std::uint32_t iv);

/// Our own expansion of a seed to an RC4 key: word n (from 1) is the finalizer of MurmurHash3 (32 bit) over
/// seed + n * 0x9e3779b9, twenty words, big-endian.
ByteArray<80> keyFromSeed(std::uint32_t seed);

/// The stream of one direction of a TCP connection, never restarted.
class Keystream {
public:
    virtual ~Keystream() = default;
    virtual void apply(ByteSpan data) = 0;
};

/// Makes and undoes the cover of bodies. Stateless: shared by everything on a thread.
class Obfuscation {
public:
    virtual ~Obfuscation() = default;

    /// Covers in place; gives the checksum that is sent along.
    virtual std::uint32_t cover(std::uint32_t seed, ByteSpan data) = 0;
    /// Undoes it in place; false: another seed, or damaged, and `data` is of no use.
    virtual bool uncover(std::uint32_t seed, ByteSpan data, std::uint32_t checksum) = 0;
    virtual std::unique_ptr<Keystream> keystream(std::uint32_t seed) = 0;
};

/// RC4 under the key of the seed, with the CRC-32 of the plaintext.
class SeedObfuscation final : public Obfuscation {
public:
    std::uint32_t cover(std::uint32_t seed, ByteSpan data) override;
    bool uncover(std::uint32_t seed, ByteSpan data, std::uint32_t checksum) override;
    std::unique_ptr<Keystream> keystream(std::uint32_t seed) override;
};

}  // namespace kith::wire
