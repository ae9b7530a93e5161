// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "protocol/base/random.h"
#include "protocol/directory/messages.h"
#include "protocol/wire/command.h"

namespace kith::directory {

/// What a device publishes of its owner and of itself.
struct OwnRecords {
    UserName name;
    std::string displayName;
    Findable findable = Findable::ExactName;
    std::shared_ptr<const crypto::SigningKey> userKey;  ///< null: this device leaves the user record to others
    std::shared_ptr<const crypto::Credentials> device;  ///< credential and device key
    PersonKey person;
    std::shared_ptr<const SignedDeviceList> devices;  ///< null: this device leaves it to others
    ByteArray<32> sealingKey{};                       ///< this week's
};

/// Keeps a device's records in the directory: published when the device is attached and whenever they change, again
/// long before they expire, and again until the supernode has said that they stand.
class Publisher {
public:
    /// Records are renewed after half a day, give or take a quarter: not all clients of a network at once.
    static constexpr Duration kRefreshAfter = std::chrono::hours(12);
    static constexpr Duration kAskAgainAfter = std::chrono::seconds(5);
    static constexpr Duration kLongestPause = std::chrono::minutes(10);

    Publisher(crypto::Suite& suite, const NetworkId& network, RandomSource& random)
        : m_suite(suite), m_network(network), m_random(random) {}

    /// From now on these; nothing: publish no more.
    void set(Now now, std::optional<OwnRecords> records);
    /// The person has chosen anew who finds them: tells the directory at once if that is something else.
    void setFindable(Now now, Findable findable);
    /// Our device is attached to this supernode, under this location.
    void attached(Now now, const NodeId& home, const LocationId& location);
    void detached();

    // Doors. Commands of Stream::Directory on the link to our supernode.
    void receive(Now now, ByteView command);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const { return m_nextPublish; }
    void take(std::vector<Bytes>& commands);

    /// All that we asked for stands in the directory.
    [[nodiscard]] bool isPublished() const { return m_published; }
    /// What the supernode said last, if it refused something that publishing again doesn't mend.
    [[nodiscard]] std::optional<Refusal> refusal() const { return m_refusal; }

private:
    struct Home {
        NodeId node;
        LocationId location;
    };

    void publishNow(Now now);
    [[nodiscard]] std::uint64_t nextSequence(Now now, std::uint64_t& last) const;
    /// The supernode says that it holds this sequence of ours.
    static void heard(Now now, std::uint64_t held, std::uint64_t& last);
    [[nodiscard]] SignedUserRecord userRecord(Now now);
    [[nodiscard]] SignedLocation locationRecord(Now now);

    crypto::Suite& m_suite;
    NetworkId m_network;
    RandomSource& m_random;
    std::optional<OwnRecords> m_records;
    std::optional<Home> m_home;
    std::uint64_t m_userSequence = 0;  ///< the largest that we used or were told of
    std::uint64_t m_locationSequence = 0;
    wire::RequestId m_request = 0;
    Duration m_pause = kAskAgainAfter;
    Instant m_nextPublish = kNever;
    bool m_published = false;
    std::optional<Refusal> m_refusal;
    std::vector<Bytes> m_commands;
};

}  // namespace kith::directory
