// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protocol/base/random.h"
#include "protocol/link/carrier.h"
#include "protocol/session/addresses.h"
#include "protocol/session/addresstoken.h"
#include "protocol/session/nacklimit.h"
#include "protocol/wire/nack.h"
#include "protocol/wire/payload.h"

namespace kith::session {

/// Commands outside links over UDP: covers and uncovers them, nacks what it can't read, sends again what was nacked,
/// and learns on the way how this end looks from outside.
class PayloadExchange {
public:
    /// A payload is kept for a nack this long, and so many of them.
    static constexpr Duration kKeptFor = std::chrono::seconds(3);
    static constexpr std::size_t kMostKept = 16;

    /// Whether somebody who can't be read is told so. A client keeps still to strangers.
    enum class Stranger : bool { Ignore, Answer };

    PayloadExchange(wire::Obfuscation& obfuscation, RandomSource& random, const AddressTokens& tokens)
        : m_obfuscation(obfuscation), m_random(random), m_tokens(tokens), m_limit(random) {}

    /// Whether a copy is kept for a nack: only where it is not known that we are read, or always, because somebody who
    /// has restarted knows nothing of that.
    enum class Keep : bool { IfUnknown, Always };

    /// Appends one datagram with the command.
    void send(Now now, const Endpoint& remote, ByteView command, Keep kept, link::DatagramBatch& out);

    /// The command in a payload or resend frame; nothing: dropped, or nacked into `out`.
    std::optional<Bytes> receive(Now now, const Endpoint& remote, const wire::FrameView& frame, Stranger stranger,
                                 link::DatagramBatch& out);

    /// A nack frame: how we look from there, if it answers something that we sent; sends that again into `out`.
    std::optional<Endpoint> receiveNack(Now now, const Endpoint& remote, const wire::FrameView& frame,
                                        link::DatagramBatch& out);

    /// Forgets what was kept for too long.
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const { return m_kept.empty() ? kNever : m_kept.front().until; }

    struct Counters {
        std::uint64_t unreadable = 0;
        std::uint64_t nacksSent = 0;
        std::uint64_t nacksHeldBack = 0;
        std::uint64_t nacksIgnored = 0;
        std::uint64_t resendsRefused = 0;
    };
    [[nodiscard]] const Counters& counters() const { return m_counters; }

private:
    struct Kept {
        Endpoint remote;
        wire::FrameId id;
        std::uint32_t iv;
        Instant until;
        Bytes command;
    };

    std::optional<Bytes> receivePayload(Now now, const Endpoint& remote, const wire::FrameView& frame,
                                        Stranger stranger, link::DatagramBatch& out);
    std::optional<Bytes> receiveResend(Now now, const Endpoint& remote, const wire::FrameView& frame);
    void nack(Now now, const Endpoint& remote, const wire::FrameView& frame, link::DatagramBatch& out);
    void keep(Now now, Kept kept);
    /// It reads us: nothing of what was sent there will be nacked.
    void confirm(Now now, const Endpoint& remote, const IpAddress& ours);
    template <class Predicate>
    void forget(Predicate which);
    wire::FrameStart start(wire::FrameId id);

    wire::Obfuscation& m_obfuscation;
    RandomSource& m_random;
    const AddressTokens& m_tokens;
    SeenAddresses m_addresses;
    NackLimit m_limit;
    std::vector<Kept> m_kept;  ///< oldest first
    Counters m_counters;
};

}  // namespace kith::session
