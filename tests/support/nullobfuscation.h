// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/wire/obfuscation.h"

namespace kith::test {

/// Covers nothing, for simulations of many nodes. The seed stands for the checksum, so that a datagram made for
/// another address is noticed as ever.
class NullObfuscation final : public wire::Obfuscation {
public:
    std::uint32_t cover(std::uint32_t seed, ByteSpan) override { return seed; }
    bool uncover(std::uint32_t seed, ByteSpan, std::uint32_t checksum) override { return seed == checksum; }
    std::unique_ptr<wire::Keystream> keystream(std::uint32_t) override { return std::make_unique<Nothing>(); }

private:
    class Nothing final : public wire::Keystream {
    public:
        void apply(ByteSpan) override {}
    };
};

}  // namespace kith::test
