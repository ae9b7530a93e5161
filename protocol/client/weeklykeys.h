// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <vector>

#include "protocol/base/instant.h"
#include "protocol/base/random.h"
#include "protocol/crypto/keys.h"

namespace kith::client {

/// The X25519 keys that rendezvous messages to this device are sealed to: a new one each week, the one before kept for
/// as long as location records that name it may be about.
class WeeklyKeys {
public:
    static constexpr std::chrono::hours kLife{7 * 24};
    static constexpr std::chrono::hours kKeep{11 * 24};

    /// Secret. Malformed, Truncated: what is left then is no key at all; refresh() makes one.
    static Result<WeeklyKeys> decode(ByteView stored);
    [[nodiscard]] Bytes encoded() const;

    /// Makes a new key if it is time and forgets those that nobody can be using; true if something changed.
    bool refresh(UnixTime now, RandomSource& random);
    /// When refresh() has something to do.
    [[nodiscard]] UnixTime due() const;
    /// Newest first.
    [[nodiscard]] std::vector<std::shared_ptr<const crypto::SealingKey>> keys() const;

private:
    struct Key {
        UnixTime made;
        std::shared_ptr<const crypto::SealingKey> key;
    };
    std::vector<Key> m_keys;
};

}  // namespace kith::client
