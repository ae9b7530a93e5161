// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <set>
#include <span>
#include <vector>

#include "protocol/base/log.h"
#include "protocol/crypto/identity.h"
#include "protocol/overlay/messages.h"
#include "protocol/overlay/output.h"
#include "protocol/overlay/registrar.h"
#include "protocol/overlay/relay.h"
#include "protocol/wire/command.h"

namespace kith::overlay {

/// A supernode's part of the stream Overlay: lets clients attach, passes attempts to reach each other on, and relays.
/// It knows access ids, never names. What a client does against the rules is dropped; the counter says how often.
class Supernode {
public:
    struct Options {
        NodeId node;
        Registrar::Options registrar{};
        Relay::Options relay{};
        std::uint32_t keepAliveSeconds = 20;
        TokenBucket::Rate reaches{5, 100};   ///< that one client may ask for
        TokenBucket::Rate reached{20, 200};  ///< that one client is told of
    };

    Supernode(const Options& options, RandomSource& random, LogSink& log);

    /// Others to tell clients of.
    void know(std::vector<SupernodeEntry> supernodes);
    /// These access certificates count no longer, whatever their dates say; all that do not stand there count again.
    void withdraw(std::span<const AccessId> clients);

    // Doors. Links of Role::Node; commands of Stream::Overlay.
    void linkOpened(Now now, const session::LinkOpened& link);
    void linkClosed(session::LinkNumber link);
    void receive(Now now, session::LinkNumber link, ByteView command);
    void receive(Now now, const session::ForwardReceived& frame);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(Output& out);

    /// Whether this link is a client that has attached: the other services of a supernode serve nobody else.
    [[nodiscard]] bool serves(session::LinkNumber link) const { return m_registrar.isAttached(link); }
    [[nodiscard]] std::size_t clientCount() const { return m_registrar.size(); }
    [[nodiscard]] std::size_t channelCount() const { return m_relay.channelCount(); }
    [[nodiscard]] std::uint64_t refusedCommands() const { return m_refusedCommands; }

private:
    struct Client {
        AccessId access;
        std::optional<Endpoint> seen;
        TokenBucket reaches;
        TokenBucket reached;
    };

    void attach(session::LinkNumber link, const Client& client, std::optional<wire::RequestId> request);
    void reach(Now now, session::LinkNumber link, Client& client, const Reach& message,
               std::optional<wire::RequestId> request);
    /// The caller's side of a channel, or nothing if it is over its limits.
    std::optional<ChannelId> openChannel(Now now, session::LinkNumber link, Client& client, const Reach& message);
    void nameSupernodes(session::LinkNumber link, const MoreSupernodes& message,
                        std::optional<wire::RequestId> request);
    void drop(session::LinkNumber link, Fault reason);
    template <wire::Message M>
    void send(session::LinkNumber link, const M& message, std::optional<wire::RequestId> request = {});
    void takeFromRelay();

    Options m_options;
    RandomSource& m_random;
    LogSink& m_log;
    Registrar m_registrar;
    Relay m_relay;
    std::map<session::LinkNumber, Client> m_clients;  ///< every accepted link, attached or not
    std::set<AccessId> m_withdrawn;
    std::vector<SupernodeEntry> m_supernodes;
    std::uint64_t m_refusedCommands = 0;
    std::vector<Relay::Ended> m_ended;
    Output m_out;
};

}  // namespace kith::overlay
