// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/peerworld.h"

#include <algorithm>

namespace kith::test {

namespace {

struct Saying {
    static constexpr wire::CommandNumber kNumber = 1000;
    static constexpr std::string_view kName = "Saying";
    std::string text;
    static constexpr auto fields() { return std::tuple{wire::field<&Saying::text>(0, "text")}; }
};

std::string textOf(ByteView command) {
    const auto parsed = wire::parseCommand(command);
    const auto saying = parsed ? wire::decode<Saying>(*parsed) : tl::make_unexpected(parsed.error());
    return saying ? saying->text : "?";
}

NodeId nodeOf(const crypto::Credentials& credentials) {
    return NodeId{credentials.key->publicKey()};
}

}  // namespace

PeerNode::PeerNode(TransportWorld& world, std::string_view address, const Endpoint& supernode, RecordMaker& maker,
                   std::size_t device)
    : node(world.addClient(address)),
      owner(maker),
      network({node.transport, node.random}),
      finder({suite, world.authority.trust()}),
      publisher(suite, world.authority.trust().network, node.random),
      peers({node.transport, suite, node.random, node.log, book}),
      m_world(world),
      m_credentials(maker.devices[device]),
      m_sealing(std::make_shared<crypto::SealingKey>(crypto::SealingKey::generate(node.random))) {
    network.setFirstSupernodes({supernode});
    node.onEvent = [this](const session::Event& event) { receive(event); };
}

void PeerNode::start() {
    node.transport.setCredentials(session::Role::Peer, m_credentials);
    peers.signIn({owner.name, DeviceId{m_credentials->key->publicKey()}, owner.key().bytes, m_credentials,
                  m_world.authority.trust()});
    peers.setSealingKeys({m_sealing});
    publisher.set(m_world.now(),
                  directory::OwnRecords{
                      owner.name, "Display", directory::Findable::ExactName, owner.userKey, m_credentials, owner.key(),
                      std::make_shared<const directory::SignedDeviceList>(owner.sign(owner.list(owner.devices.size()))),
                      m_sealing->publicKey()});
    network.start(m_world.now());
    pump();
}

void PeerNode::reach(const RecordMaker& who, bool urgent) {
    peers.reach(m_world.now(), who.name, urgent);
    pump();
}

void PeerNode::say(const RecordMaker& to, std::string_view text, std::size_t device) {
    peers.send(m_world.now(),
               {{to.name, to.device(device)}, session::Stream::Chat, wire::encodeCommand(Saying{std::string(text)})});
    pump();
}

bool PeerNode::isUp(const RecordMaker& who, std::size_t device) const {
    return peers.linkOf({who.name, who.device(device)}).has_value();
}

std::vector<std::string> PeerNode::heard() const {
    std::vector<std::string> out;
    for (const auto& received : all<peer::Received>()) out.push_back(textOf(received.command));
    return out;
}

void PeerNode::receive(const session::Event& event) {
    if (!m_alive || network.receive(m_world.now(), event) || peers.receive(m_world.now(), event)) return pump();
    const auto* received = std::get_if<session::CommandReceived>(&event);
    if (received && network.supernode() == received->link) command(*received);
    pump();
}

void PeerNode::command(const session::CommandReceived& event) {
    const auto now = m_world.now();
    if (event.stream == session::Stream::Directory) {
        finder.receive(now, event.command);
        return publisher.receive(now, event.command);
    }
    const auto parsed = wire::parseCommand(event.command);
    if (!parsed) return;
    network.receive(now, *parsed);
    peers.receiveFromSupernode(now, *parsed);
}

void PeerNode::happened(const peer::Happening& happening) {
    if (const auto* wanted = std::get_if<peer::LocateWanted>(&happening)) {
        ++lookups;
        finder.locate(m_world.now(), *wanted);
    } else if (const auto* command = std::get_if<peer::ToSupernode>(&happening)) {
        network.send(m_world.now(), session::Stream::Overlay, command->command);
    } else {
        happenings.push_back(happening);
    }
}

void PeerNode::settle() {
    const auto now = m_world.now();
    std::vector<client::NetworkEvent> events;
    network.take(events);
    for (const auto& event : events) {
        if (const auto* up = std::get_if<client::NetworkUp>(&event)) {
            peers.supernodeUp(up->link);
            finder.linkUp(now);
            publisher.attached(now, up->node, up->location);
        } else if (std::holds_alternative<client::NetworkDown>(event)) {
            peers.supernodeDown(now);
            finder.linkDown();
            publisher.detached();
        }
    }
    std::vector<Bytes> commands;
    std::vector<client::Finder::Answer> answers;
    std::vector<client::Finder::Searched> searched;
    finder.take(commands, answers, searched);
    publisher.take(commands);
    for (const auto& command : commands) network.send(now, session::Stream::Directory, command);
    for (const auto& answer : answers) {
        const auto& user = std::get<client::Finder::Locate>(answer.purpose).user;
        if (answer.person)
            peers.located(now, user, *answer.person);
        else
            peers.locateFailed(now, user, answer.person.error().fault);
    }
    std::vector<peer::Happening> fresh;
    peers.take(fresh);
    for (const auto& happening : fresh) happened(happening);
    if (!fresh.empty() || !answers.empty() || !events.empty()) settle();
}

Instant PeerNode::nextWake() const {
    return std::min({network.nextWake(), finder.nextWake(), publisher.nextWake(), peers.nextWake()});
}

void PeerNode::pump() {
    if (!m_alive) return;
    const auto now = m_world.now();
    if (nextWake() <= now.at) {
        network.wake(now);
        finder.wake(now);
        publisher.wake(now);
        peers.wake(now);
    }
    settle();
    const auto next = nextWake();
    if (next >= m_alarm && m_alarm > now.at) return;
    m_alarm = next;
    if (next != kNever) m_world.after(std::max(Duration{}, next - now.at), [this] { pump(); });
}

SupernodeNode::SupernodeNode(TransportWorld& world, std::string_view address)
    : node(world.add(address, world.options({session::Role::Node}))),
      role([&] {
          const auto credentials = world.authority.supernode();
          node.transport.setCredentials(session::Role::Node, credentials);
          return server::SupernodeRole({}, nodeOf(*credentials), world.authority.trust(),
                                       {node.suite, node.random, node.log});
      }()),
      m_world(world) {
    node.onEvent = [this](const session::Event& event) {
        const auto now = m_world.now();
        if (const auto* opened = std::get_if<session::LinkOpened>(&event)) role.linkOpened(now, *opened);
        if (const auto* closed = std::get_if<session::LinkClosed>(&event)) role.linkClosed(closed->link);
        if (const auto* command = std::get_if<session::CommandReceived>(&event)) role.receive(now, *command);
        if (const auto* forward = std::get_if<session::ForwardReceived>(&event)) role.receive(now, *forward);
        pump();
    };
}

void SupernodeNode::pump() {
    const auto now = m_world.now();
    if (role.nextWake() <= now.at) role.wake(now);
    overlay::Output output;
    std::vector<directory::KeepRequest> keep;
    role.take(output, keep);
    for (const auto& command : output.commands) node.transport.send(now, command.link, command.stream, command.command);
    for (const auto& forward : output.forwards.entries())
        node.transport.sendForward(now, forward.link, forward.channel, output.forwards.frameOf(forward));
    for (const auto& close : output.closes) node.transport.close(now, close.link, close.reason);
    const auto next = role.nextWake();
    if (next >= m_alarm && m_alarm > now.at) return;
    m_alarm = next;
    if (next != kNever) m_world.after(std::max(Duration{}, next - now.at), [this] { pump(); });
}

bool waitUntilPublished(TransportWorld& world, std::initializer_list<PeerNode*> nodes) {
    return world.runUntil(
        [&] { return std::ranges::all_of(nodes, [](const auto* node) { return node->publisher.isPublished(); }); });
}

}  // namespace kith::test
