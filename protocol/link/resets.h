// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protocol/base/random.h"
#include "protocol/crypto/secret.h"
#include "protocol/link/link.h"

namespace kith::link {

/// A server that was killed knows nothing of its links, but it still has this key and makes the same tokens from it:
/// so it can tell whoever goes on talking that their link is gone, and nobody else can (RFC 9000 10.3). Two programs
/// must never have the same key: either would give away the tokens of the other one's links.
class ResetKey {
public:
    explicit ResetKey(const crypto::Secret<32>& key) : m_key(key) {}

    [[nodiscard]] ResetToken tokenOf(const LinkId& id) const;
    /// What to answer to a packet whose id is unknown: random bytes, the token at their end, smaller than the packet.
    /// Nothing: it is too short for an answer.
    [[nodiscard]] std::optional<Bytes> answer(ByteView packet, RandomSource& random) const;

private:
    crypto::Secret<32> m_key;
};

/// The tokens of those ids of the other end that we hold.
class TheirResets {
public:
    void add(std::uint32_t sequence, const ResetToken& token);
    void forget(std::uint32_t sequence);
    /// Whether these bytes end with the token of this id. Takes the same time wherever they differ.
    [[nodiscard]] bool isReset(std::uint32_t sequence, ByteView packet) const;

private:
    struct Entry {
        std::uint32_t sequence;
        ResetToken token;
    };
    std::vector<Entry> m_entries;
};

}  // namespace kith::link
