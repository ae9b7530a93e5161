// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>

#include "protocol/base/backoff.h"
#include "protocol/overlay/messages.h"
#include "protocol/peer/rendezvous.h"
#include "protocol/peer/shared.h"
#include "protocol/wire/command.h"

namespace kith::peer {

/// The calling side: from a name to links. A quest for each person wanted (look up, then try every device that is on
/// the list and not linked yet); an attempt for each device (rendezvous message through the supernodes, then a
/// handshake on the channel). Part of Peers.
class Reaching {
public:
    static constexpr Duration kAttemptTime = std::chrono::seconds(10);
    static constexpr std::size_t kMaxAttempts = 512;
    static constexpr std::size_t kMaxQuests = 2048;

    explicit Reaching(Shared& shared) : m_shared(shared) {}

    /// ReachFailed, unless links come up. What is urgent waits for no back-off and gets a whole try of its own.
    void reach(Now now, const UserName& user, bool urgent);
    void stopAll(Now now, Fault reason);
    void forget(Now now, const UserName& user);

    void located(Now now, const UserName& user, const directory::Person& person);
    void locateFailed(Now now, const UserName& user, Fault reason);
    void passedOn(Now now, const wire::CommandView& command);
    /// Whom a link that opened was meant for; ends the attempt.
    std::optional<std::pair<Device, ChannelId>> takeOpened(session::LinkNumber link);
    /// A link to a device of this person was approved.
    void linked(const UserName& user);
    /// A link of this person is gone, perhaps the one that an attempt had led to.
    void unlinked(Now now, const UserName& user, Fault reason);
    /// True if the link was an attempt of ours.
    bool closed(Now now, session::LinkNumber link, Fault reason);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;

private:
    struct Attempt {
        Device device;
        wire::RequestId request;
        session::PeerSecret secret;
        std::optional<ChannelId> channel{};  ///< once it was passed on
        session::LinkNumber link = 0;        ///< once the handshake is under way
        Instant until;
    };
    struct Quest {
        enum class Stage { Resting, Waiting, Locating, Trying } stage = Stage::Resting;
        Instant notBefore{};
        Fault lastFault = Fault::Unreachable;
        Backoff backoff{std::chrono::seconds(1), std::chrono::seconds(60)};
        /// A person began to wait while this try was under way: it may know an old place, so one more follows.
        bool again = false;
    };

    void begin(const UserName& user, Quest& quest);
    void fail(Now now, const UserName& user, Quest& quest, Fault reason);
    void tryDevice(Now now, const directory::VerifiedLocation& location);
    void abandon(Now now, const Attempt& attempt);
    /// If no attempt for this person is left, the quest is over.
    void settle(Now now, const UserName& user);
    [[nodiscard]] bool isTrying(const UserName& user) const;
    void makeRoom();

    Shared& m_shared;
    wire::RequestId m_nextRequest = 1;
    std::map<UserName, Quest> m_quests;
    std::vector<Attempt> m_attempts;
};

}  // namespace kith::peer
