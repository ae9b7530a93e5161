// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/client/finder.h"
#include "protocol/client/network.h"
#include "protocol/directory/publisher.h"
#include "protocol/peer/peers.h"
#include "protocol/server/supernoderole.h"
#include "tests/support/recordmaker.h"
#include "tests/support/transportworld.h"

/// People's devices and a supernode, real from the transport up to Peers; above it there is only a list of what
/// happened.
namespace kith::test {

/// What a device knows of people: said by the test.
class PlainBook final : public peer::AddressBook {
public:
    [[nodiscard]] peer::Standing standingOf(const UserName& user) const override {
        const auto found = standings.find(user);
        return found == standings.end() ? peer::Standing::Stranger : found->second;
    }
    [[nodiscard]] std::optional<UserKey> pinnedKey(const UserName& user) const override {
        const auto found = keys.find(user);
        return found == keys.end() ? std::nullopt : std::optional(found->second);
    }

    std::map<UserName, peer::Standing> standings;
    std::map<UserName, UserKey> keys;
};

/// A device of a person: the way onto the network, its records in the directory, and Peers.
class PeerNode {
public:
    PeerNode(TransportWorld& world, std::string_view address, const Endpoint& supernode, RecordMaker& owner,
             std::size_t device = 0);

    void start();
    /// The program is gone without a word; its address stays dark.
    void kill() { m_alive = false; }
    void reach(const RecordMaker& who, bool urgent = true);
    void say(const RecordMaker& to, std::string_view text, std::size_t device = 0);
    [[nodiscard]] bool isUp(const RecordMaker& who, std::size_t device = 0) const;
    [[nodiscard]] std::vector<std::string> heard() const;
    template <class H>
    [[nodiscard]] std::vector<H> all() const {
        std::vector<H> out;
        for (const auto& happening : happenings)
            if (const auto* one = std::get_if<H>(&happening)) out.push_back(*one);
        return out;
    }
    /// After every verb.
    void pump();

    TransportNode& node;
    PlainBook book;
    RecordMaker& owner;
    crypto::ModernSuite suite;
    client::Network network;
    client::Finder finder;
    directory::Publisher publisher;
    peer::Peers peers;
    std::vector<peer::Happening> happenings;  ///< but for what is routed on
    std::size_t lookups = 0;

private:
    void receive(const session::Event& event);
    void command(const session::CommandReceived& event);
    void happened(const peer::Happening& happening);
    void settle();
    [[nodiscard]] Instant nextWake() const;

    TransportWorld& m_world;
    std::shared_ptr<crypto::Credentials> m_credentials;
    std::shared_ptr<crypto::SealingKey> m_sealing;
    bool m_alive = true;
    Instant m_alarm = kNever;
};

/// A supernode on a transport of the world.
class SupernodeNode {
public:
    SupernodeNode(TransportWorld& world, std::string_view address);
    void pump();

    TransportNode& node;
    server::SupernodeRole role;

private:
    TransportWorld& m_world;
    Instant m_alarm = kNever;
};

/// Waits until every one of them is published.
bool waitUntilPublished(TransportWorld& world, std::initializer_list<PeerNode*> nodes);

}  // namespace kith::test
