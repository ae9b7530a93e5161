// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>
#include <vector>

#include "protocol/server/serverkeys.h"
#include "protocol/server/supernoderole.h"
#include "protocol/session/transport.h"

namespace kith::server {

/// A server of a network: login server, supernode or both on one transport, with one UDP and one TCP port. What happens
/// on the transport comes in, what follows is done to the transport; what is to be stored goes out and comes back.
class Server {
public:
    struct Options {
        bool login = true;
        bool supernode = true;
        std::size_t maxLinks = 20'000;
        SupernodeRole::Options supernodeRole{};
    };
    struct Environment {
        session::Transport& transport;  ///< made with transportOptions()
        crypto::Suite& suite;
        RandomSource& random;
        LogSink& log;
    };

    static session::Transport::Options transportOptions(const Options& options, const ServerIdentity& identity);
    Server(const Options& options, ServerIdentity identity, const Environment& environment);

    /// Shows its certificates from now on, new ones every day.
    void start(Now now);
    /// After `kith-server renew`: the same keys under another intermediate.
    void renewed(Now now, ServerIdentity identity);
    /// Records that the disk has kept; before start().
    void restore(Now now, const directory::KeepRecords& records);

    // Doors.
    void receive(Now now, const session::Event& event);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(std::vector<directory::KeepRequest>& keep);

    [[nodiscard]] std::size_t clientCount() const { return m_supernode ? m_supernode->clientCount() : 0; }

private:
    void showCertificates(Now now);
    void opened(Now now, const session::LinkOpened& link);
    void closed(session::LinkNumber link);
    void received(Now now, const session::CommandReceived& command);
    /// Carries out what the roles want.
    void carryOut(Now now);

    Options m_options;
    ServerIdentity m_identity;
    session::Transport& m_transport;
    RandomSource& m_random;
    std::optional<SupernodeRole> m_supernode;
    std::map<session::LinkNumber, session::Role> m_links;
    Instant m_nextCertificates = kNever;
    overlay::Output m_output;
    std::vector<directory::KeepRequest> m_keep;
};

}  // namespace kith::server
