// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <deque>
#include <memory>
#include <set>

#include "protocol/base/bytes.h"
#include "protocol/base/result.h"

namespace kith::srtp {

/// What protecting adds to a packet at most: the tag of AES-GCM, and for RTCP the index (RFC 7714 sections 8 and 9).
inline constexpr std::size_t kOverhead = 16 + 4;

/// AES-256 master key and master salt of one direction; wiped when it goes out of scope.
struct MasterKey {
    ByteArray<32> key{};
    ByteArray<12> salt{};

    MasterKey() = default;
    MasterKey(const ByteArray<32>& k, const ByteArray<12>& s) : key(k), salt(s) {}
    MasterKey(const MasterKey&) = default;
    MasterKey& operator=(const MasterKey&) = default;
    ~MasterKey() {
        wipe(key);
        wipe(salt);
    }
};

/// Remembers, by a one-way print, every key that was installed in this client: counter mode under a key that starts
/// over gives everything away. The last 16,384 are kept.
class KeyLedger {
public:
    /// False if the key was entered before.
    bool enter(const MasterKey& key);

private:
    using Print = ByteArray<16>;
    std::set<Print> m_prints;
    std::deque<Print> m_order;
};

/// Seals and opens the packets of one call: SRTP and SRTCP with AEAD_AES_256_GCM (RFC 3711, RFC 7714), many SSRCs in
/// each direction, replays refused. Which of RTP and RTCP a packet is, is told from its second byte (RFC 5761).
///
/// Lives on one thread, as all sessions of a program do.
class Session {
public:
    /// BadKey if one of the keys was installed before, or if the two are the same.
    static Result<Session> open(KeyLedger& ledger, const MasterKey& sending, const MasterKey& receiving);
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    ~Session();

    /// Seals the first `size` bytes of `buffer` in place and returns the new size, larger by at most kOverhead.
    /// TooLarge if the buffer has no room for that, Malformed if it is no packet.
    Result<std::size_t> protect(ByteSpan buffer, std::size_t size);
    /// Opens the packet in place and returns the new size. BadSeal, Replayed, Malformed.
    Result<std::size_t> unprotect(ByteSpan packet);

private:
    struct Contexts;
    explicit Session(std::unique_ptr<Contexts> contexts);

    std::unique_ptr<Contexts> m_contexts;
};

}  // namespace kith::srtp
