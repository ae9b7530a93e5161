// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/overlay/supernode.h"

#include <algorithm>

namespace kith::overlay {

Supernode::Supernode(const Options& options, RandomSource& random, LogSink& log)
    : m_options(options),
      m_random(random),
      m_log(log),
      m_registrar(options.registrar),
      m_relay(options.relay, random) {}

void Supernode::know(std::vector<SupernodeEntry> supernodes) {
    m_supernodes = std::move(supernodes);
}

void Supernode::withdraw(std::span<const AccessId> clients) {
    m_withdrawn = {clients.begin(), clients.end()};
    std::vector<session::LinkNumber> gone;
    for (const auto& [link, client] : m_clients)
        if (m_withdrawn.contains(client.access)) gone.push_back(link);
    for (const session::LinkNumber link : gone) drop(link, Fault::AccountDisabled);
}

void Supernode::linkOpened(Now now, const session::LinkOpened& link) {
    const auto* access = std::get_if<crypto::AccessIdentity>(&link.peer);
    if (!access) {
        m_out.closes.push_back({link.link, Fault::Refused});
        return;
    }
    if (m_withdrawn.contains(AccessId{access->id})) {
        m_out.closes.push_back({link.link, Fault::AccountDisabled});
        return;
    }
    Client client{AccessId{access->id}, std::nullopt, TokenBucket(m_options.reaches, now.at),
                  TokenBucket(m_options.reached, now.at)};
    if (const auto* udp = std::get_if<session::UdpPath>(&link.path)) client.seen = udp->remote;
    m_clients.emplace(link.link, client);
}

void Supernode::linkClosed(session::LinkNumber link) {
    if (m_clients.erase(link) == 0) return;
    m_registrar.detach(link);
    m_relay.linkGone(link);
    takeFromRelay();
}

void Supernode::drop(session::LinkNumber link, Fault reason) {
    linkClosed(link);
    m_out.closes.push_back({link, reason});
}

void Supernode::receive(Now now, session::LinkNumber link, ByteView command) {
    const auto at = m_clients.find(link);
    if (at == m_clients.end()) return;
    const auto parsed = wire::parseCommand(command);
    if (!parsed) {
        ++m_refusedCommands;
        return;
    }
    const auto request = parsed->requestId;
    const bool attached = m_registrar.isAttached(link);
    if (parsed->number == Attach::kNumber && wire::decode<Attach>(*parsed)) return attach(link, at->second, request);
    if (attached && parsed->number == Reach::kNumber)
        if (const auto message = wire::decode<Reach>(*parsed)) return reach(now, link, at->second, *message, request);
    if (attached && parsed->number == AcceptChannel::kNumber)
        if (const auto message = wire::decode<AcceptChannel>(*parsed))
            return m_relay.accept(now, link, message->channel);
    if (attached && parsed->number == CloseChannel::kNumber)
        if (const auto message = wire::decode<CloseChannel>(*parsed)) return m_relay.close(link, message->channel);
    if (attached && parsed->number == MoreSupernodes::kNumber)
        if (const auto message = wire::decode<MoreSupernodes>(*parsed)) return nameSupernodes(link, *message, request);
    ++m_refusedCommands;
}

void Supernode::attach(session::LinkNumber link, const Client& client, std::optional<wire::RequestId> request) {
    const auto attachment = m_registrar.attach(link, client.access);
    if (!attachment) {
        m_log.write(LogLevel::Warning, "overlay", "full: a client was turned away");
        return drop(link, attachment.error().fault);
    }
    // The same client came back before its old link was given up: whatever ran there is over.
    if (attachment->replaced) drop(*attachment->replaced, Fault::InUse);
    send(link, Attached{attachment->location, client.seen, m_options.keepAliveSeconds}, request);
}

void Supernode::reach(Now now, session::LinkNumber link, Client& client, const Reach& message,
                      std::optional<wire::RequestId> request) {
    // One and the same answer in every case: who asks learns nothing about who is there.
    const auto channel = openChannel(now, link, client, message);
    send(link, PassedOn{channel ? *channel : ChannelId::random(m_random)}, request);
}

std::optional<ChannelId> Supernode::openChannel(Now now, session::LinkNumber link, Client& client,
                                                const Reach& message) {
    if (!client.reaches.take(now.at, 1)) return std::nullopt;
    std::optional<session::LinkNumber> callee;
    if (message.supernode == m_options.node) callee = m_registrar.linkAt(message.location);
    if (callee && !m_clients.at(*callee).reached.take(now.at, 1)) callee.reset();
    const auto channel = m_relay.open(now, link, callee);
    if (!channel) return std::nullopt;
    if (callee) send(*callee, Reached{channel->callee, message.sealed});
    return channel->caller;
}

void Supernode::nameSupernodes(session::LinkNumber link, const MoreSupernodes& message,
                               std::optional<wire::RequestId> request) {
    const std::size_t wanted = std::min<std::size_t>(message.max, kMaxSupernodeEntries);
    Supernodes answer{m_supernodes};
    // A different choice for each: the load spreads.
    for (std::size_t i = 0; i < std::min(wanted, answer.supernodes.size()); ++i)
        std::swap(answer.supernodes[i], answer.supernodes[i + m_random.below(answer.supernodes.size() - i)]);
    if (answer.supernodes.size() > wanted) answer.supernodes.resize(wanted);
    send(link, answer, request);
}

void Supernode::receive(Now now, const session::ForwardReceived& frame) {
    m_relay.forward(now, frame.link, frame.channel, frame.innerFrame);
}

void Supernode::wake(Now now) {
    m_relay.wake(now);
}

Instant Supernode::nextWake() const {
    return m_relay.nextWake();
}

template <wire::Message M>
void Supernode::send(session::LinkNumber link, const M& message, std::optional<wire::RequestId> request) {
    m_out.commands.push_back({link, session::Stream::Overlay, wire::encodeCommand(message, request)});
}

void Supernode::takeFromRelay() {
    m_relay.take(m_out.forwards, m_ended);
    for (const Relay::Ended& ended : m_ended) send(ended.link, CloseChannel{ended.channel});
    m_ended.clear();
}

void Supernode::take(Output& out) {
    takeFromRelay();
    out.append(m_out);
}

}  // namespace kith::overlay
