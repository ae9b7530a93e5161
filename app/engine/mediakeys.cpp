// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/mediakeys.h"

#include <algorithm>

#include "protocol/base/bytewriter.h"
#include "protocol/crypto/hash.h"
#include "protocol/crypto/secret.h"

namespace kith::engine {

namespace {

constexpr std::string_view kLabel = "kith media 1";
enum class Direction : std::uint8_t { FromCaller = 0, FromCallee = 1 };

srtp::MasterKey derive(const ByteArray<32>& secret, const MediaBinding& binding, Direction direction) {
    Bytes info = toBytes(kLabel);
    ByteWriter(info)
        .bytes(binding.callerHalf)
        .bytes(binding.calleeHalf)
        .u8(static_cast<std::uint8_t>(direction))
        .bytes(binding.caller.bytes)
        .bytes(binding.callee.bytes)
        .u32(binding.epoch);
    crypto::Secret<44> material;
    crypto::hkdfExpand(secret, info, material.bytes);
    srtp::MasterKey key;
    std::copy_n(material.bytes.begin(), key.key.size(), key.key.begin());
    std::copy_n(material.bytes.begin() + key.key.size(), key.salt.size(), key.salt.begin());
    return key;
}

}  // namespace

MediaKeys deriveMediaKeys(const ByteArray<32>& mediaSecret, const MediaBinding& binding) {
    return {derive(mediaSecret, binding, Direction::FromCaller), derive(mediaSecret, binding, Direction::FromCallee)};
}

}  // namespace kith::engine
