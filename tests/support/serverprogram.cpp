// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/serverprogram.h"

#include <algorithm>

namespace kith::test {

namespace {

server::Server::Options optionsFor(std::size_t maxClients) {
    server::Server::Options options;
    options.loginService.registration = overlay::Registration::Open;
    options.maxLinks = 4 * maxClients;
    options.supernodeRole.overlay.registrar.maxClients = maxClients;
    return options;
}

bool isWrite(const login::StoreRequest& request) {
    return !std::holds_alternative<login::LoadAccount>(request) &&
           !std::holds_alternative<login::LoadVaultPart>(request) &&
           !std::holds_alternative<login::LoadRevocations>(request);
}

}  // namespace

ServerProgram::ServerProgram(Now now, Disk& disk, Crypto crypto, std::uint64_t seed, std::size_t maxClients)
    : m_disk(disk),
      m_random(seed),
      m_identity(server::ServerIdentity::make(disk.keys).value()),
      m_options(optionsFor(maxClients)),
      m_transport(server::Server::transportOptions(m_options, m_identity),
                  session::Transport::Environment{crypto.suite, crypto.obfuscation, m_random, m_log}),
      m_server(m_options, m_identity, server::Server::Environment{m_transport, crypto.suite, m_random, m_log}) {
    for (const auto& [person, records] : disk.records) m_server.restore(now, records);
    if (!disk.rootPart.empty()) m_server.setRootPart(disk.rootPart);
    m_server.start(now);
}

void ServerProgram::receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) {
    m_transport.receiveDatagram(now, remote, datagram);
}

void ServerProgram::receive(Now now, const link::TcpAccepted& event) {
    m_server.tcpAccepted(event.connection, event.remote.address);
    m_transport.receive(now, event);
}

void ServerProgram::receive(Now now, const link::TcpClosed& event) {
    m_transport.receive(now, event);
    m_server.tcpClosed(event.connection);
}

void ServerProgram::receiveTcp(Now now, link::TcpNumber connection, ByteView bytes) {
    m_transport.receiveTcp(now, connection, bytes);
}

void ServerProgram::tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes) {
    m_transport.tcpBacklog(now, connection, bytes);
}

void ServerProgram::wake(Now now) {
    m_transport.wake(now);
    m_server.wake(now);
    while (!m_work.empty() && m_work.front().at <= now.at) {
        const auto order = std::move(m_work.front().order);
        m_work.pop_front();
        carryOut(now, order);
    }
}

Instant ServerProgram::nextWake() const {
    const auto next = std::min(m_transport.nextWake(), m_server.nextWake());
    return m_work.empty() ? next : std::min(next, m_work.front().at);
}

void ServerProgram::take(Now now, link::CarrierOutput& out) {
    for (;;) {
        std::vector<session::Event> events;
        std::vector<server::StoreOrder> orders;
        m_transport.take(out, events);
        for (const auto& event : events) m_server.receive(now, event);
        m_server.take(orders);
        for (auto& order : orders) m_work.push_back({now.at + kDiskTime, std::move(order)});
        if (events.empty()) return;
    }
}

void ServerProgram::carryOut(Now now, const server::StoreOrder& order) {
    if (const auto* asked = std::get_if<login::StoreRequest>(&order)) {
        m_disk.accounts.broken = isWrite(*asked) && m_disk.faults.next();
        const auto answer = m_disk.accounts.carryOut(*asked);
        m_disk.accounts.broken = false;
        return m_server.receive(now, answer);
    }
    // Nobody waits for these: what is not kept comes again with the next publication.
    if (m_disk.faults.next()) return;
    const auto& keep = std::get<directory::KeepRequest>(order);
    if (const auto* records = std::get_if<directory::KeepRecords>(&keep))
        m_disk.records[records->person] = *records;
    else
        m_disk.records.erase(std::get<directory::DropRecords>(keep).person);
}

}  // namespace kith::test
