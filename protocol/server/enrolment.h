// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>
#include <vector>

#include "protocol/base/backoff.h"
#include "protocol/login/messages.h"
#include "protocol/login/networkdocument.h"
#include "protocol/overlay/supernode.h"
#include "protocol/server/serverkeys.h"
#include "protocol/session/transport.h"
#include "protocol/wire/command.h"

namespace kith::server {

/// How a supernode that stands apart from the login server comes to its certificate, keeps it fresh, and learns whose
/// access was withdrawn: it asks a login server when it starts and every hour. Without one it goes on with what it has.
class Enrolment {
public:
    static constexpr Duration kEvery = std::chrono::hours(1);
    static constexpr Duration kPatience = std::chrono::seconds(30);
    /// A certificate that is older is asked for anew.
    static constexpr crypto::Days kFresh{1};

    struct Environment {
        session::Transport& transport;
        crypto::Suite& suite;
        RandomSource& random;
        LogSink& log;
    };

    Enrolment(NodeKeys keys, const crypto::Trust& trust, const Environment& environment);

    /// Nothing is asked before it is known where.
    void setLoginServers(std::vector<Endpoint> servers) { m_servers = std::move(servers); }

    // Doors.
    /// True if it was about our link to the login server.
    bool receive(Now now, const session::Event& event);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;

    struct Output {
        std::optional<NodeKeys> keys;  ///< with a new certificate: to be shown and kept
        std::optional<std::vector<overlay::AccessId>> withdrawn;
    };
    void take(Output& out) { out = std::exchange(m_output, {}); }

private:
    void begin(Now now);
    void end(Now now, Fault reason);
    void end(Now now);
    void close(Now now);
    /// The next question.
    void askOn(Now now);
    template <class M>
    void ask(Now now, const M& message);
    void received(Now now, ByteView bytes);
    void certified(Now now, const login::NodeCertified& answer);
    void learned(Now now, const login::Document& answer);
    [[nodiscard]] bool isFresh(UnixTime now) const;

    NodeKeys m_keys;
    crypto::SigningKey m_key;
    crypto::Trust m_trust;
    Environment m_environment;
    std::vector<Endpoint> m_servers;
    login::NetworkDocument m_document;
    Backoff m_backoff{std::chrono::seconds(2), std::chrono::minutes(10)};
    Instant m_due{};  ///< the next round, or the end of patience with this one
    std::optional<link::TcpNumber> m_connection;
    session::LinkNumber m_link = 0;
    wire::RequestId m_request = 0;
    bool m_askedForRoot = false;  ///< in this round
    Output m_output;
};

}  // namespace kith::server
