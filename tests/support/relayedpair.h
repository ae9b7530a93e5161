// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "tests/support/transportworld.h"

namespace kith::test {

/// Two people's devices with links to one supernode, and a channel between them that the supernode forwards.
struct RelayedPair {
    explicit RelayedPair(std::uint64_t seed = 1)
        : world(seed),
          node(world.addServer("198.51.100.1:33033", {session::Role::Node})),
          alice(world.addClient("203.0.113.7:5000")),
          bob(world.addClient("192.0.2.8:6000")) {
        aliceKey = world.authority.person(UserName::parse("alice").value());
        bobKey = world.authority.person(UserName::parse("bob").value());
        alice.transport.setCredentials(session::Role::Peer, aliceKey);
        bob.transport.setCredentials(session::Role::Peer, bobKey);
        atAlice.via = attach(alice, nodeAlice);
        atBob.via = attach(bob, nodeBob);
        atAlice.channel = ChannelId::random(world.random);
        atBob.channel = ChannelId::random(world.random);
        node.onEvent = [this](const session::Event& event) { relay(event); };
    }

    /// Alice opens a peer link that Bob expects. 0: it did not open.
    session::LinkNumber open(const std::optional<session::PeerSecret>& secret = {}) {
        bob.transport.expectPeer(world.now(), atBob, secret);
        const auto link = alice.transport.connect(world.now(), session::Role::Peer, atAlice, secret);
        return world.runUntil([&] { return isOpen(alice) && isOpen(bob); }) ? link : 0;
    }
    [[nodiscard]] static bool isOpen(const TransportNode& who) { return peerLink(who) != 0; }
    /// The number of the last peer link there; 0: none opened, or it is closed.
    [[nodiscard]] static session::LinkNumber peerLink(const TransportNode& who) {
        session::LinkNumber link = 0;
        for (const auto& event : who.events) {
            const auto* opened = std::get_if<session::LinkOpened>(&event);
            const auto* closed = std::get_if<session::LinkClosed>(&event);
            if (opened && opened->role == session::Role::Peer) link = opened->link;
            if (closed && closed->link == link) link = 0;
        }
        return link;
    }

    TransportWorld world;
    TransportNode& node;
    TransportNode& alice;
    TransportNode& bob;
    std::shared_ptr<crypto::Credentials> aliceKey;
    std::shared_ptr<crypto::Credentials> bobKey;
    session::LinkNumber nodeAlice = 0;  ///< the node's numbers
    session::LinkNumber nodeBob = 0;
    session::ChannelPath atAlice{};
    session::ChannelPath atBob{};
    double relayLoss = 0;
    std::size_t relayed = 0;
    /// Looks at what is forwarded; false: it is dropped.
    std::function<bool(bool fromAlice, ByteView innerFrame)> relayFilter;

private:
    session::LinkNumber attach(TransportNode& client, session::LinkNumber& atNode) {
        const auto known = node.count<session::LinkOpened>();
        const auto link = client.transport.connect(world.now(), session::Role::Node, session::UdpPath{node.address});
        world.runUntil([&] { return node.count<session::LinkOpened>() > known; });
        atNode = node.last<session::LinkOpened>()->link;
        return link;
    }
    void relay(const session::Event& event) {
        const auto* forward = std::get_if<session::ForwardReceived>(&event);
        if (forward == nullptr) return;
        const bool fromAlice = forward->link == nodeAlice && forward->channel == atAlice.channel;
        const bool fromBob = forward->link == nodeBob && forward->channel == atBob.channel;
        if (!fromAlice && !fromBob) return;
        if (relayFilter && !relayFilter(fromAlice, forward->innerFrame)) return;
        if (relayLoss > 0 && static_cast<double>(world.random.below(1000)) < relayLoss * 1000) return;
        ++relayed;
        if (fromAlice) node.transport.sendForward(world.now(), nodeBob, atBob.channel, forward->innerFrame);
        if (fromBob) node.transport.sendForward(world.now(), nodeAlice, atAlice.channel, forward->innerFrame);
    }
};

}  // namespace kith::test
