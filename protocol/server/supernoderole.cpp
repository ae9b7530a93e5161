// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/server/supernoderole.h"

#include <algorithm>

namespace kith::server {

namespace {

overlay::Supernode::Options named(overlay::Supernode::Options options, const NodeId& node) {
    options.node = node;
    return options;
}

presence::Leases::Options named(presence::Leases::Options options, const NodeId& node, const NetworkId& network) {
    options.node = node;
    options.network = network;
    return options;
}

}  // namespace

SupernodeRole::SupernodeRole(Options options, const NodeId& node, const crypto::Trust& trust,
                             const Environment& environment)
    : m_log(environment.log),
      m_overlay(named(options.overlay, node), environment.random, environment.log),
      m_slot(options.slot, directory::Judge{environment.suite, trust}),
      m_directory(options.directory, m_slot),
      m_presence(named(options.presence, node, trust.network), environment.suite) {}

void SupernodeRole::restore(Now now, const directory::KeepRecords& records) {
    if (!m_slot.restore(now, records))
        m_log.write(LogLevel::Info, "directory", "records from disk that count no longer were left out");
}

void SupernodeRole::linkClosed(session::LinkNumber link) {
    m_overlay.linkClosed(link);
    m_directory.linkClosed(link);
    m_presence.linkClosed(link);
}

void SupernodeRole::receive(Now now, const session::CommandReceived& command) {
    if (command.stream == session::Stream::Overlay) return m_overlay.receive(now, command.link, command.command);
    if (!m_overlay.serves(command.link)) return;
    if (command.stream == session::Stream::Directory) return m_directory.receive(now, command.link, command.command);
    if (command.stream == session::Stream::Presence) return m_presence.receive(now, command.link, command.command);
}

void SupernodeRole::wake(Now now) {
    m_overlay.wake(now);
    m_directory.wake(now);
    m_presence.wake(now);
}

Instant SupernodeRole::nextWake() const {
    return std::min({m_overlay.nextWake(), m_directory.nextWake(), m_presence.nextWake()});
}

void SupernodeRole::take(overlay::Output& out, std::vector<directory::KeepRequest>& keep) {
    const std::size_t before = out.closes.size();
    m_overlay.take(out);
    // Who is turned away by one part is gone for all of them.
    for (std::size_t i = before; i < out.closes.size(); ++i) {
        m_directory.linkClosed(out.closes[i].link);
        m_presence.linkClosed(out.closes[i].link);
    }
    m_directory.take(out);
    m_presence.take(out);
    m_slot.take(keep);
}

}  // namespace kith::server
