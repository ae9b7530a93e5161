// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/directory/localslot.h"
#include "protocol/directory/service.h"
#include "protocol/overlay/supernode.h"
#include "protocol/presence/leases.h"

namespace kith::server {

/// Everything a supernode does for its clients, and who of them is served: each stream of commands goes to the machine
/// that it is for. Links of Role::Node.
class SupernodeRole {
public:
    struct Options {
        overlay::Supernode::Options overlay{};
        directory::Service::Options directory{};
        directory::LocalSlot::Options slot{};
        presence::Leases::Options presence{};
    };
    struct Environment {
        crypto::Suite& suite;
        RandomSource& random;
        LogSink& log;
    };

    /// Node and network are set in all parts.
    SupernodeRole(Options options, const NodeId& node, const crypto::Trust& trust, const Environment& environment);

    /// Records that were kept on disk.
    void restore(Now now, const directory::KeepRecords& records);
    overlay::Supernode& overlay() { return m_overlay; }
    [[nodiscard]] std::size_t clientCount() const { return m_overlay.clientCount(); }

    void linkOpened(Now now, const session::LinkOpened& link) { m_overlay.linkOpened(now, link); }
    void linkClosed(session::LinkNumber link);
    void receive(Now now, const session::CommandReceived& command);
    void receive(Now now, const session::ForwardReceived& frame) { m_overlay.receive(now, frame); }
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(overlay::Output& out, std::vector<directory::KeepRequest>& keep);

private:
    LogSink& m_log;
    overlay::Supernode m_overlay;
    directory::LocalSlot m_slot;
    directory::Service m_directory;
    presence::Leases m_presence;
};

}  // namespace kith::server
