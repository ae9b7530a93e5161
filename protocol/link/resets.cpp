// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/resets.h"

#include <algorithm>

#include "protocol/crypto/hash.h"

namespace kith::link {

namespace {

constexpr std::string_view kLabel = "kith link reset 1";
constexpr std::size_t kTokenSize = ResetToken{}.size();
/// No more than a small packet has.
constexpr std::size_t kMaxReset = kMinPacket + 16;

}  // namespace

ResetToken ResetKey::tokenOf(const LinkId& id) const {
    Bytes text = toBytes(asBytes(kLabel));
    append(text, id.bytes);
    const auto mac = crypto::hmacSha256(m_key.bytes, text);
    ResetToken token;
    std::copy_n(mac.begin(), token.size(), token.begin());
    return token;
}

std::optional<Bytes> ResetKey::answer(ByteView packet, RandomSource& random) const {
    const auto id = linkIdOf(packet);
    // Smaller each time, so that two who know nothing of each other fall silent.
    if (!id || packet.size() <= kMinPacket) return std::nullopt;
    const std::size_t most = std::min(packet.size() - 1, kMaxReset);
    Bytes out(kMinPacket + random.below(most - kMinPacket + 1) - kTokenSize);
    random.fill(out);
    append(out, tokenOf(*id));
    return out;
}

void TheirResets::add(std::uint32_t sequence, const ResetToken& token) {
    const auto known = std::ranges::any_of(m_entries, [&](const Entry& it) { return it.sequence == sequence; });
    if (known) return;
    m_entries.reserve(m_entries.size() + 1);
    m_entries.push_back({sequence, token});
}

void TheirResets::forget(std::uint32_t sequence) {
    std::erase_if(m_entries, [&](const Entry& it) { return it.sequence == sequence; });
}

bool TheirResets::isReset(std::uint32_t sequence, ByteView packet) const {
    if (packet.size() < kMinPacket) return false;
    const auto at = std::ranges::find(m_entries, sequence, &Entry::sequence);
    return at != m_entries.end() && equalInConstantTime(at->token, packet.last(kTokenSize));
}

}  // namespace kith::link
