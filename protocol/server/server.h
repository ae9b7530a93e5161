// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "protocol/login/loginservice.h"
#include "protocol/server/enrolment.h"
#include "protocol/server/serverkeys.h"
#include "protocol/server/storage.h"
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
        login::LoginService::Options loginService{};
        SupernodeRole::Options supernodeRole{};
    };
    struct Environment {
        session::Transport& transport;  ///< made with transportOptions()
        crypto::Suite& suite;
        RandomSource& random;
        LogSink& log;
    };
    /// How soon a disabled account's devices are turned away by a supernode that runs beside its login server.
    static constexpr Duration kWithdrawEvery = std::chrono::seconds(60);

    static session::Transport::Options transportOptions(const Options& options, const ServerIdentity& identity);
    Server(const Options& options, ServerIdentity identity, const Environment& environment);

    /// A supernode that stands alone: certified by these login servers, as often as they change. Before start().
    void enrol(const NodeKeys& keys);
    void setLoginServers(std::vector<Endpoint> servers);
    /// Where supernodes of this network are, to be named to clients; from now on.
    void setSupernodes(const std::vector<Endpoint>& supernodes);
    /// encodeObjects(login::SignedRootPart); before start().
    void setRootPart(Bytes document);
    /// Records that the disk has kept; before start().
    void restore(Now now, const directory::KeepRecords& records);
    /// Shows its certificates from now on, new ones every day.
    void start(Now now);
    /// After `kith-server renew`: the same keys under another intermediate. Who is signing in has to start again.
    void renewed(Now now, ServerIdentity identity, Bytes rootPart);

    // Doors.
    /// The other end of an accepted connection: guesses of passwords are counted by it.
    void tcpAccepted(link::TcpNumber connection, const IpAddress& remote) { m_tcpRemotes[connection] = remote; }
    void tcpClosed(link::TcpNumber connection) { m_tcpRemotes.erase(connection); }
    void receive(Now now, const session::Event& event);
    void receive(Now now, const StoreAnswer& answer);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(std::vector<StoreOrder>& orders);

    /// New keys of enrol(), to be kept.
    [[nodiscard]] std::optional<NodeKeys> takeKeys() { return std::exchange(m_newKeys, {}); }

    [[nodiscard]] std::size_t clientCount() const { return m_supernode ? m_supernode->clientCount() : 0; }

private:
    void makeLogin(Now now);
    void showCertificates(Now now);
    void opened(Now now, const session::LinkOpened& link);
    void closed(session::LinkNumber link);
    void received(Now now, const session::CommandReceived& command);
    [[nodiscard]] std::optional<IpAddress> addressOf(const session::Path& path) const;
    void askForWithdrawn(Now now);
    /// Carries out what the roles want.
    void carryOut(Now now);
    void carryOutLogin(Now now);
    void carryOutSupernode(Now now);
    void carryOutEnrolment(Now now);

    Options m_options;
    ServerIdentity m_identity;
    Environment m_environment;
    session::Transport& m_transport;
    std::optional<login::LoginService> m_login;
    std::optional<SupernodeRole> m_supernode;
    std::optional<Enrolment> m_enrolment;
    std::optional<NodeKeys> m_newKeys;
    Bytes m_rootPart;
    std::map<session::LinkNumber, session::Role> m_links;
    std::unordered_map<link::TcpNumber, IpAddress> m_tcpRemotes;
    Instant m_nextCertificates = kNever;
    Instant m_nextWithdrawn = kNever;
    login::LoginService::Output m_loginOutput;
    overlay::Output m_output;
    std::vector<directory::KeepRequest> m_keep;
    std::vector<StoreOrder> m_orders;
};

}  // namespace kith::server
