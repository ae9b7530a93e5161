// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/client/hosts.h"
#include "protocol/client/network.h"
#include "protocol/client/people.h"
#include "protocol/directory/publisher.h"

namespace kith::client {

using OnlineEvent = std::variant<NetworkUp, NetworkDown, PeopleEvent>;

/// A device that is signed in: its place on the network, its records in the directory, and people. Works without a
/// network, too: what is written waits. Routes between its parts; owns no state but theirs.
class Online {
public:
    using Environment = People::Environment;

    /// `environment` and `profile` stay where they are.
    Online(Now now, const Environment& environment, const overlay::NetworkProfile& profile, const Identity& identity,
           StoredState state);

    /// Finds a supernode and keeps at it.
    void start(Now now, const Identity& identity);
    /// Says farewell: calls end, presence ends. To be followed by stop() when isDrained(), or soon.
    void leave(Now now) { m_people.leave(now); }
    [[nodiscard]] bool isDrained() const;
    /// Closes everything.
    void stop(Now now, Fault reason);
    /// New certificates, device list, weekly keys or user key. An access certificate lasts a week: see to it in time.
    void renew(Now now, const Identity& identity);
    /// Publishes a newer user record if it says something else.
    void setFindable(Now now, directory::Findable findable) { m_publisher.setFindable(now, findable); }
    /// What was looked up; empty: nothing was found.
    void resolved(Now now, const std::string& host, const std::vector<IpAddress>& addresses);

    [[nodiscard]] People& people() { return m_people; }
    [[nodiscard]] bool isUp() const { return m_network.isUp(); }
    /// Whether the supernode is reached by UDP, too: media take it then.
    [[nodiscard]] bool hasUdp() const { return m_network.hasUdp(); }
    /// The rung that is tried or was taken.
    [[nodiscard]] std::optional<overlay::Rung> rung() const { return m_network.rung(); }
    [[nodiscard]] Bytes hostCache() const { return m_network.cache().encoded(); }

    // Doors.
    bool receive(Now now, const session::Event& event);
    void receive(Now now, const Written& written);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    struct Output {
        std::vector<Write> writes;
        std::vector<OnlineEvent> events;
        std::vector<std::string> resolve;  ///< names to look up
    };
    void take(Now now, Output& out);

private:
    void publish(Now now, const Identity& identity);
    void show(const Identity& identity);
    void beginToDial(Now now);
    bool receiveCommand(Now now, const session::CommandReceived& command);
    bool settleNetwork(Now now);
    void heed(Now now, const NetworkUp& up);
    void heed(Now now, const NetworkDown& down);
    void saveHostCache();

    const Environment& m_environment;
    Hosts m_hosts;
    Network m_network;
    directory::Publisher m_publisher;
    People m_people;
    bool m_started = false;
    StoreTicket m_lastTicket = 0;
    Output m_output;
};

}  // namespace kith::client
