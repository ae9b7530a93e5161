// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>

#include "protocol/overlay/messages.h"
#include "protocol/peer/rendezvous.h"
#include "protocol/peer/shared.h"
#include "protocol/wire/command.h"

namespace kith::peer {

/// The called side: who may open a link to us. An unwanted caller gets no answer at all. Part of Peers.
class Answering {
public:
    /// Between a good rendezvous message and the end of the handshake.
    static constexpr Duration kExpectTime = std::chrono::seconds(30);
    static constexpr std::size_t kMaxExpected = 64;
    static constexpr std::size_t kMaxStrangers = 16;

    explicit Answering(Shared& shared) : m_shared(shared) {}

    /// Our weekly keys, newest first: what callers seal to.
    void setSealingKeys(std::vector<std::shared_ptr<const crypto::SealingKey>> keys) { m_keys = std::move(keys); }
    void reached(Now now, const wire::CommandView& command);
    void stopAll() { m_expected.clear(); }
    void forget(const UserName& user);
    void channelClosed(const ChannelId& channel) { m_expected.erase(channel); }
    /// Who was let in on this channel; once.
    std::optional<crypto::PersonIdentity> takeExpected(Now now, const ChannelId& channel);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;

private:
    struct Expected {
        crypto::PersonIdentity caller;
        Instant until;
    };

    [[nodiscard]] Result<Caller> open(ByteView sealed, UnixTime now) const;
    [[nodiscard]] bool isWanted(const Caller& caller) const;
    [[nodiscard]] bool hasRoomForStranger() const;

    Shared& m_shared;
    std::vector<std::shared_ptr<const crypto::SealingKey>> m_keys;
    std::map<ChannelId, Expected> m_expected;
    ReplayGuard m_replays;
};

}  // namespace kith::peer
