// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/server/server.h"

#include <algorithm>

namespace kith::server {

namespace {

constexpr Duration kCertificatesEvery = std::chrono::hours(24);

SupernodeRole::Options withSecret(SupernodeRole::Options options, const ServerIdentity& identity) {
    options.overlay.registrar.locationSecret = identity.derive("kith location ids");
    return options;
}

}  // namespace

session::Transport::Options Server::transportOptions(const Options& options, const ServerIdentity& identity) {
    session::Transport::Options out;
    out.trust = identity.trust();
    if (options.login) out.serves.push_back(session::Role::Login);
    if (options.supernode) out.serves.push_back(session::Role::Node);
    out.maxLinks = options.maxLinks;
    return out;
}

Server::Server(const Options& options, ServerIdentity identity, const Environment& environment)
    : m_options(options),
      m_identity(std::move(identity)),
      m_transport(environment.transport),
      m_random(environment.random) {
    if (options.supernode)
        m_supernode.emplace(withSecret(options.supernodeRole, m_identity), m_identity.node(), m_identity.trust(),
                            SupernodeRole::Environment{environment.suite, environment.random, environment.log});
}

void Server::start(Now now) {
    showCertificates(now);
}

void Server::renewed(Now now, ServerIdentity identity) {
    m_identity = std::move(identity);
    showCertificates(now);
}

void Server::showCertificates(Now now) {
    if (m_options.login)
        m_transport.setCredentials(session::Role::Login, m_identity.loginServer(now.seconds(), m_random));
    if (m_options.supernode)
        m_transport.setCredentials(session::Role::Node, m_identity.supernode(now.seconds(), m_random));
    m_nextCertificates = now.at + kCertificatesEvery;
}

void Server::restore(Now now, const directory::KeepRecords& records) {
    if (m_supernode) m_supernode->restore(now, records);
}

void Server::receive(Now now, const session::Event& event) {
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
}

void Server::closed(session::LinkNumber link) {
    m_links.erase(link);
    if (m_supernode) m_supernode->linkClosed(link);
}

void Server::received(Now now, const session::CommandReceived& command) {
    const auto at = m_links.find(command.link);
    if (at == m_links.end()) return;
    if (at->second == session::Role::Node && m_supernode) m_supernode->receive(now, command);
}

void Server::wake(Now now) {
    if (m_supernode) m_supernode->wake(now);
    if (now.at >= m_nextCertificates) showCertificates(now);
    carryOut(now);
}

Instant Server::nextWake() const {
    return m_supernode ? std::min(m_nextCertificates, m_supernode->nextWake()) : m_nextCertificates;
}

void Server::carryOut(Now now) {
    if (m_supernode) m_supernode->take(m_output, m_keep);
    for (const auto& command : m_output.commands)
        // Whoever doesn't take what it asked for has to start again: with a gap in it a stream means nothing.
        if (!m_transport.send(now, command.link, command.stream, command.command))
            m_transport.close(now, command.link, Fault::Busy);
    for (const auto& frame : m_output.forwards.entries())
        m_transport.sendForward(now, frame.link, frame.channel, m_output.forwards.frameOf(frame));
    for (const auto& close : m_output.closes) m_transport.close(now, close.link, close.reason);
    m_output.clear();
}

void Server::take(std::vector<directory::KeepRequest>& keep) {
    std::move(m_keep.begin(), m_keep.end(), std::back_inserter(keep));
    m_keep.clear();
}

}  // namespace kith::server
