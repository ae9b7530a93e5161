// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "protocol/base/backoff.h"
#include "protocol/client/dialer.h"
#include "protocol/client/linkpaths.h"
#include "protocol/overlay/hostcache.h"
#include "protocol/overlay/messages.h"
#include "protocol/wire/command.h"

namespace kith::client {

/// Attached to a supernode.
struct NetworkUp {
    session::LinkNumber link;
    NodeId node;
    LocationId location;
    overlay::Rung rung;
};
/// Not attached, or no longer; tried again at `retryAt`. `rungs`: what the ladder met, if it climbed.
struct NetworkDown {
    Fault reason;
    overlay::RungFaults rungs;
    Instant retryAt;
};
/// Worth storing.
struct HostCacheChanged {};
using NetworkEvent = std::variant<NetworkUp, NetworkDown, HostCacheChanged>;

/// The client's place on the network: finds a supernode, keeps the link to it, TCP first and UDP beside it where that
/// works, and finds another one when it is lost. Back-off with full jitter between tries, so that an outage doesn't
/// bring everybody back at once.
class Network {
public:
    struct Environment {
        session::Transport& transport;
        RandomSource& random;
    };
    static constexpr std::uint32_t kWantedSupernodes = 50;
    /// How often it asks for them: networks grow.
    static constexpr Duration kLearnEvery = std::chrono::hours(6);

    explicit Network(Environment environment, overlay::HostCache known = {});

    /// Those of the network's profile, for when nothing better is known.
    void setFirstSupernodes(std::vector<Endpoint> supernodes) { m_firstSupernodes = std::move(supernodes); }

    /// Finds a supernode and keeps at it until stop(). The access certificate has to be set in the transport.
    void start(Now now);
    void stop(Now now, Fault reason);
    [[nodiscard]] const overlay::HostCache& cache() const { return m_cache; }

    [[nodiscard]] bool isUp() const { return m_stage == Stage::Attached; }
    /// The link to the supernode, attached or on the way to that.
    [[nodiscard]] std::optional<session::LinkNumber> supernode() const;
    [[nodiscard]] std::optional<overlay::Rung> rung() const;
    /// Whether the supernode is reached by UDP, too.
    [[nodiscard]] bool hasUdp() const { return isUp() && m_paths.hasUdp(); }
    /// On the link to the supernode; dropped while there is none.
    void send(Now now, session::Stream stream, ByteView command);

    // Doors.
    /// True if it was about finding or keeping a supernode. Its commands are handed to receive() below.
    bool receive(Now now, const session::Event& event);
    /// Commands 61 and 71.
    void receive(Now now, const wire::CommandView& command);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(std::vector<NetworkEvent>& out);

private:
    enum class Stage { Off, Dialing, Linking, Attaching, Attached, Waiting };

    void dial(Now now);
    void dialed(Now now);
    void connect(Now now, const Way& way);
    void opened(Now now, const session::LinkOpened& event);
    void closed(Now now, Fault reason);
    void attached(Now now, const wire::CommandView& command);
    void askForMore(Now now);
    void learn(const wire::CommandView& command);
    void wait(Now now, Fault reason, const overlay::RungFaults& rungs);

    Environment m_environment;
    std::vector<Endpoint> m_firstSupernodes;
    overlay::HostCache m_cache;
    Dialer m_dialer;
    LinkPaths m_paths;
    Backoff m_backoff{std::chrono::seconds(1), std::chrono::seconds(60)};
    Stage m_stage = Stage::Off;
    Way m_way;
    session::LinkNumber m_link = 0;
    NodeId m_node;
    Instant m_deadline = kNever;  ///< of the stage; attached: asks for more supernodes
    wire::RequestId m_request = 0;
    std::vector<NetworkEvent> m_events;
};

}  // namespace kith::client
