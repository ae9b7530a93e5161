// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/server/server.h"

#include <algorithm>
#include <string>

namespace kith::server {

namespace {

constexpr Duration kCertificatesEvery = std::chrono::hours(24);
/// Of our own question to the store; the login service counts from 1.
constexpr StoreTicket kWithdrawnTicket = StoreTicket{1} << 63;

SupernodeRole::Options withSecret(SupernodeRole::Options options, const ServerIdentity& identity) {
    options.overlay.registrar.locationSecret = identity.derive("kith location ids");
    return options;
}

StoreTicket ticketOf(const login::StoreAnswer& answer) {
    return std::visit([](const auto& it) { return it.ticket; }, answer);
}

}  // namespace

session::Transport::Options Server::transportOptions(const Options& options, const ServerIdentity& identity) {
    session::Transport::Options out;
    out.trust = identity.trust();
    if (options.login) out.serves.push_back(session::Role::Login);
    if (options.supernode) out.serves.push_back(session::Role::Node);
    out.maxLinks = options.maxLinks;
    // A login server and a supernode with the same data folder, on two machines, must not share it.
    const auto roles =
        std::string("kith resets") + (options.login ? " login" : "") + (options.supernode ? " node" : "");
    out.resetKey = crypto::Secret<32>(identity.derive(roles));
    return out;
}

Server::Server(const Options& options, ServerIdentity identity, const Environment& environment)
    : m_options(options),
      m_identity(std::move(identity)),
      m_environment(environment),
      m_transport(environment.transport) {
    if (options.supernode)
        m_supernode.emplace(withSecret(options.supernodeRole, m_identity), m_identity.node(), m_identity.trust(),
                            SupernodeRole::Environment{environment.suite, environment.random, environment.log});
}

void Server::enrol(const NodeKeys& keys) {
    m_enrolment.emplace(
        keys, m_identity.trust(),
        Enrolment::Environment{m_transport, m_environment.suite, m_environment.random, m_environment.log});
}

void Server::setLoginServers(std::vector<Endpoint> servers) {
    if (m_enrolment) m_enrolment->setLoginServers(std::move(servers));
}

void Server::setSupernodes(const std::vector<Endpoint>& supernodes) {
    if (!m_supernode) return;
    std::vector<overlay::SupernodeEntry> entries;
    for (const auto& endpoint : supernodes) entries.push_back({endpoint, {}});
    m_supernode->overlay().know(std::move(entries));
}

void Server::setRootPart(Bytes document) {
    m_rootPart = std::move(document);
}

void Server::restore(Now now, const directory::KeepRecords& records) {
    if (m_supernode) m_supernode->restore(now, records);
}

void Server::start(Now now) {
    if (m_options.login) makeLogin(now);
    showCertificates(now);
    if (m_options.login && m_options.supernode) m_nextWithdrawn = now.at;
}

void Server::makeLogin(Now now) {
    m_login.emplace(
        m_options.loginService,
        login::LoginService::Identity{m_identity.issuer(), m_identity.loginServer(now.seconds(), m_environment.random),
                                      m_identity.derive("kith login keys")},
        login::LoginService::Environment{m_environment.suite, m_environment.random, m_environment.log});
    m_login->setRootPart(m_rootPart);
}

void Server::renewed(Now now, ServerIdentity identity, Bytes rootPart) {
    m_identity = std::move(identity);
    m_rootPart = std::move(rootPart);
    if (m_login) {
        for (const auto& [link, role] : m_links)
            if (role == session::Role::Login) m_transport.close(now, link, Fault::Busy);
        makeLogin(now);
    }
    showCertificates(now);
}

void Server::showCertificates(Now now) {
    RandomSource& random = m_environment.random;
    if (m_login) {
        const auto leaf = m_identity.loginServer(now.seconds(), random);
        m_transport.setCredentials(session::Role::Login, leaf);
        m_login->setServer(leaf);
    }
    if (m_supernode) m_transport.setCredentials(session::Role::Node, m_identity.supernode(now.seconds(), random));
    m_nextCertificates = now.at + kCertificatesEvery;
}

void Server::receive(Now now, const session::Event& event) {
    if (m_enrolment && m_enrolment->receive(now, event)) return carryOut(now);
    if (const auto* link = std::get_if<session::LinkOpened>(&event)) opened(now, *link);
    if (const auto* link = std::get_if<session::LinkClosed>(&event)) closed(link->link);
    if (const auto* command = std::get_if<session::CommandReceived>(&event)) received(now, *command);
    if (const auto* frame = std::get_if<session::ForwardReceived>(&event))
        if (m_supernode) m_supernode->receive(now, *frame);
    carryOut(now);
}

void Server::opened(Now now, const session::LinkOpened& link) {
    m_links[link.link] = link.role;
    if (link.role == session::Role::Node && m_supernode) m_supernode->linkOpened(now, link);
    if (link.role == session::Role::Login && m_login)
        m_login->linkOpened(now, link.link, link.peer, addressOf(link.path));
}

std::optional<IpAddress> Server::addressOf(const session::Path& path) const {
    if (const auto* udp = std::get_if<session::UdpPath>(&path)) return udp->remote.address;
    const auto* tcp = std::get_if<session::TcpPath>(&path);
    const auto at = tcp ? m_tcpRemotes.find(tcp->connection) : m_tcpRemotes.end();
    if (at == m_tcpRemotes.end()) return std::nullopt;
    return at->second;
}

void Server::closed(session::LinkNumber link) {
    m_links.erase(link);
    if (m_supernode) m_supernode->linkClosed(link);
    if (m_login) m_login->linkClosed(link);
}

void Server::received(Now now, const session::CommandReceived& command) {
    const auto at = m_links.find(command.link);
    if (at == m_links.end()) return;
    if (at->second == session::Role::Node && m_supernode) m_supernode->receive(now, command);
    if (at->second == session::Role::Login && command.stream == session::Stream::Login && m_login)
        m_login->receive(now, command.link, command.command);
}

void Server::receive(Now now, const StoreAnswer& answer) {
    if (const auto* failed = std::get_if<KeepFailed>(&answer)) {
        m_environment.log.write(LogLevel::Error, "directory",
                                "records could not be kept on disk: " + std::string(name(failed->error.fault)));
        return;
    }
    const auto& login = std::get<login::StoreAnswer>(answer);
    if (ticketOf(login) != kWithdrawnTicket) {
        if (m_login) m_login->receive(now, login);
    } else if (const auto* revocations = std::get_if<login::RevocationsLoaded>(&login)) {
        std::vector<overlay::AccessId> withdrawn;
        for (const auto& id : revocations->access) withdrawn.push_back(overlay::AccessId{id});
        // What can't be read withdraws nothing and brings nothing back.
        if (m_supernode && !revocations->error) m_supernode->overlay().withdraw(withdrawn);
    }
    carryOut(now);
}

void Server::askForWithdrawn(Now now) {
    m_orders.push_back(login::StoreRequest{login::LoadRevocations{kWithdrawnTicket, now.seconds()}});
    m_nextWithdrawn = now.at + kWithdrawEvery;
}

void Server::wake(Now now) {
    if (m_supernode) m_supernode->wake(now);
    if (m_login) m_login->wake(now);
    if (m_enrolment) m_enrolment->wake(now);
    if (now.at >= m_nextCertificates) showCertificates(now);
    if (now.at >= m_nextWithdrawn) askForWithdrawn(now);
    carryOut(now);
}

Instant Server::nextWake() const {
    Instant next = std::min(m_nextCertificates, m_nextWithdrawn);
    if (m_supernode) next = std::min(next, m_supernode->nextWake());
    if (m_login) next = std::min(next, m_login->nextWake());
    if (m_enrolment) next = std::min(next, m_enrolment->nextWake());
    return next;
}

void Server::carryOut(Now now) {
    if (m_login) carryOutLogin(now);
    if (m_enrolment) carryOutEnrolment(now);
    if (m_supernode) carryOutSupernode(now);
}

void Server::carryOutEnrolment(Now now) {
    Enrolment::Output out;
    m_enrolment->take(out);
    if (out.withdrawn && m_supernode) m_supernode->overlay().withdraw(*out.withdrawn);
    if (!out.keys) return;
    if (auto identity = ServerIdentity::ofNode(*out.keys, m_identity.trust())) m_identity = std::move(*identity);
    m_newKeys = std::move(out.keys);
    showCertificates(now);
    m_environment.log.write(LogLevel::Info, "supernode", "certified by the login server");
}

void Server::carryOutLogin(Now now) {
    m_login->take(m_loginOutput);
    for (const auto& send : m_loginOutput.sends)
        if (!m_transport.send(now, send.link, session::Stream::Login, send.command))
            m_transport.close(now, send.link, Fault::Busy);
    for (const auto& close : m_loginOutput.closes) m_transport.close(now, close.link, close.reason);
    for (auto& request : m_loginOutput.store) m_orders.push_back(std::move(request));
    m_loginOutput = {};
}

void Server::carryOutSupernode(Now now) {
    m_supernode->take(m_output, m_keep);
    for (const auto& command : m_output.commands)
        // Whoever doesn't take what it asked for has to start again: with a gap in it a stream means nothing.
        if (!m_transport.send(now, command.link, command.stream, command.command))
            m_transport.close(now, command.link, Fault::Busy);
    for (const auto& frame : m_output.forwards.entries())
        m_transport.sendForward(now, frame.link, frame.channel, m_output.forwards.frameOf(frame));
    for (const auto& close : m_output.closes) m_transport.close(now, close.link, close.reason);
    m_output.clear();
    for (auto& request : m_keep) m_orders.push_back(std::move(request));
    m_keep.clear();
}

void Server::take(std::vector<StoreOrder>& orders) {
    std::move(m_orders.begin(), m_orders.end(), std::back_inserter(orders));
    m_orders.clear();
}

}  // namespace kith::server
