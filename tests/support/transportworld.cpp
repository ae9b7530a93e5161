// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/transportworld.h"

#include <algorithm>

#include "protocol/crypto/hash.h"
#include "protocol/wire/command.h"

namespace kith::test {

namespace {

constexpr std::size_t kUdpHeaders = 28;
constexpr std::size_t kTcpHeaders = 40;

struct TextCommand {
    static constexpr wire::CommandNumber kNumber = 1000;
    static constexpr std::string_view kName = "Text";
    std::string text;
    static constexpr auto fields() { return std::tuple{wire::field<&TextCommand::text>(0, "text")}; }
};

}  // namespace

Bytes textCommand(std::string_view text) {
    return wire::encodeCommand(TextCommand{std::string(text)});
}

TransportNode::TransportNode(const Endpoint& a, session::Transport::Options options, std::uint64_t seed)
    : random(seed), address(a), transport(std::move(options), {suite, obfuscation, random, log}) {}

std::vector<std::string> TransportNode::texts(session::LinkNumber link, session::Stream stream) const {
    std::vector<std::string> out;
    for (const auto& command : all<session::CommandReceived>()) {
        if (command.link != link || command.stream != stream) continue;
        const auto view = wire::parseCommand(command.command);
        const auto text = view ? wire::decode<TextCommand>(*view) : tl::make_unexpected(view.error());
        out.push_back(text ? text->text : "?");
    }
    return out;
}

TransportWorld::TransportWorld(std::uint64_t seed) : authority(seed), random(seed + 1) {}

session::Transport::Options TransportWorld::options(std::vector<session::Role> serves) const {
    session::Transport::Options out;
    out.trust = authority.trust();
    out.serves = std::move(serves);
    return out;
}

TransportNode& TransportWorld::add(std::string_view address, session::Transport::Options options) {
    m_nodes.push_back(
        std::make_unique<TransportNode>(Endpoint::parse(address).value(), std::move(options), random.u64()));
    return *m_nodes.back();
}

TransportNode& TransportWorld::addServer(std::string_view address, std::vector<session::Role> serves) {
    auto made = options(std::move(serves));
    made.resetKey = crypto::Secret<32>(crypto::hmacSha256(asBytes("reset key"), asBytes(address)));
    TransportNode& node = add(address, std::move(made));
    node.transport.setCredentials(session::Role::Node, authority.supernode());
    node.transport.setCredentials(session::Role::Login, authority.loginServer());
    return node;
}

TransportNode& TransportWorld::addClient(std::string_view address) {
    TransportNode& node = add(address, options());
    node.transport.setCredentials(session::Role::Node, authority.access());
    return node;
}

TransportNode& TransportWorld::replace(TransportNode& server, std::vector<session::Role> serves) {
    breakTcp(server);
    const std::string address = server.address.text();
    server.address = {};
    return addServer(address, std::move(serves));
}

TransportNode* TransportWorld::find(const Endpoint& address) {
    const auto found =
        std::find_if(m_nodes.begin(), m_nodes.end(), [&](const auto& node) { return node->address == address; });
    return found == m_nodes.end() ? nullptr : found->get();
}

void TransportWorld::after(Duration wait, std::function<void()> what) {
    m_events.emplace(now().at + wait, std::move(what));
}

void TransportWorld::settle() {
    bool goesOn = true;
    while (goesOn) {
        goesOn = false;
        for (const auto& node : m_nodes) goesOn = drain(*node) || goesOn;
    }
}

bool TransportWorld::drain(TransportNode& node) {
    link::CarrierOutput output;
    const std::size_t before = node.events.size();
    node.transport.take(output, node.events);
    const bool isEmpty = output.datagrams.empty() && output.connects.empty() && output.writes.empty() &&
                         output.closes.empty() && node.events.size() == before;
    carryOut(node, output);
    for (std::size_t i = before; node.onEvent && i < node.events.size(); ++i) {
        const session::Event event = node.events[i];
        node.onEvent(event);
    }
    return !isEmpty;
}

void TransportWorld::carryOut(TransportNode& node, link::CarrierOutput& output) {
    for (const auto& datagram : output.datagrams.entries())
        sendDatagram(node, datagram.remote, output.datagrams.bytesOf(datagram));
    for (const auto& connect : output.connects) connectTcp(node, connect);
    for (auto& write : output.writes) writeTcp(node, write);
    for (const auto& close : output.closes) closeTcp(node, close);
}

void TransportWorld::sendDatagram(TransportNode& from, const Endpoint& to, ByteView datagram) {
    if (from.address == Endpoint{}) return;
    from.bytesSent += datagram.size() + kUdpHeaders;
    ++from.datagramsSent;
    const bool passes = !filter || filter(from.address, to, datagram);
    if (!passes || isUdpBlocked || chance() < loss) return;
    const int copies = chance() < duplication ? 2 : 1;
    for (int i = 0; i < copies; ++i) inject(from.address, to, datagram);
}

void TransportWorld::inject(const Endpoint& from, const Endpoint& to, ByteView datagram) {
    after(delay + random.within(jitter), [this, from, to, bytes = toBytes(datagram)] {
        if (TransportNode* node = find(to)) node->transport.receiveDatagram(now(), from, bytes);
    });
}

void TransportWorld::connectTcp(TransportNode& node, const link::TcpConnect& connect) {
    TransportNode* other = find(connect.remote);
    if (other == nullptr || refusesTcp == connect.remote) {
        after(2 * delay, [this, &node, connect] {
            node.transport.receive(now(), link::TcpClosed{connect.connection, Fault::Refused});
        });
        return;
    }
    auto pair = std::make_shared<TcpPair>();
    m_lastAccepted += 2;
    pair->ends = {TcpEnd{&node, connect.connection}, TcpEnd{other, m_lastAccepted}};
    for (const TcpEnd& end : pair->ends) m_tcp.emplace(Place{end.node, end.number}, pair);
    after(2 * delay, [this, pair] {
        const auto& [opener, acceptor] = pair->ends;
        pair->isUp = true;
        acceptor.node->transport.receive(
            now(), link::TcpAccepted{acceptor.number, opener.node->address, acceptor.node->address.port});
        opener.node->transport.receive(now(), link::TcpConnected{opener.number, opener.node->address});
    });
}

void TransportWorld::writeTcp(TransportNode& node, link::TcpWrite& write) {
    const auto found = m_tcp.find({&node, write.connection});
    if (found == m_tcp.end()) return;
    const auto pair = found->second;
    node.bytesSent += write.bytes.size() + kTcpHeaders * (1 + write.bytes.size() / 1400);
    const std::size_t side = pair->ends[0].node == &node && pair->ends[0].number == write.connection ? 0 : 1;
    TcpEnd& from = pair->ends[side];
    const double rate = tcpBytesPerSecond > 0 ? tcpBytesPerSecond : 1e9;
    const auto takes = std::chrono::duration<double>(static_cast<double>(write.bytes.size()) / rate);
    from.freeAt = std::max(from.freeAt, now().at) + std::chrono::duration_cast<Duration>(takes);
    from.unsent += write.bytes.size();
    const std::size_t size = write.bytes.size();
    after(from.freeAt - now().at, [this, pair, side, size] {
        TcpEnd& end = pair->ends[side];
        end.unsent -= size;
        if (pair->isUp) end.node->transport.tcpBacklog(now(), end.number, end.unsent);
    });
    after(from.freeAt - now().at + delay, [this, pair, side, bytes = std::move(write.bytes)] {
        const TcpEnd& to = pair->ends[1 - side];
        if (to.node == nullptr)
            append(pair->raw, bytes);
        else if (pair->isUp)
            to.node->transport.receiveTcp(now(), to.number, bytes);
    });
}

void TransportWorld::closeTcp(TransportNode& node, const link::TcpClose& close) {
    const auto found = m_tcp.find({&node, close.connection});
    if (found == m_tcp.end()) return;
    const auto pair = found->second;
    const bool isFirst = pair->ends[0].node == &node;
    const TcpEnd& other = pair->ends[isFirst ? 1 : 0];
    for (const TcpEnd& end : pair->ends) m_tcp.erase({end.node, end.number});
    tell(other, {other.number, Fault::ConnectionLost}, delay);
    // What was written before still arrives.
    after(delay, [pair] { pair->isUp = false; });
}

void TransportWorld::tell(const TcpEnd& end, const link::TcpClosed& closed, Duration wait) {
    if (end.node == nullptr) return;
    after(wait, [this, node = end.node, closed] { node->transport.receive(now(), closed); });
}

void TransportWorld::breakTcp(TransportNode& node) {
    std::vector<std::shared_ptr<TcpPair>> broken;
    for (const auto& [place, pair] : m_tcp)
        if (place.first == &node) broken.push_back(pair);
    for (const auto& pair : broken) {
        pair->isUp = false;
        for (const TcpEnd& end : pair->ends) {
            m_tcp.erase({end.node, end.number});
            tell(end, {end.number, Fault::ConnectionLost}, {});
        }
    }
}

link::TcpNumber TransportWorld::acceptRaw(TransportNode& node) {
    m_lastAccepted += 2;
    auto pair = std::make_shared<TcpPair>();
    pair->ends = {TcpEnd{&node, m_lastAccepted}, TcpEnd{}};
    pair->isUp = true;
    m_tcp.emplace(Place{&node, m_lastAccepted}, pair);
    node.transport.receive(
        now(), link::TcpAccepted{m_lastAccepted, Endpoint::parse("203.0.113.99:4000").value(), node.address.port});
    return m_lastAccepted;
}

const Bytes& TransportWorld::rawOutput(TransportNode& node, link::TcpNumber connection) const {
    static const Bytes kNone;
    const auto found = m_tcp.find({&node, connection});
    return found == m_tcp.end() ? kNone : found->second->raw;
}

bool TransportWorld::step(Instant until) {
    settle();
    Instant next = m_events.empty() ? kNever : m_events.begin()->first;
    for (const auto& node : m_nodes) next = std::min(next, node->transport.nextWake());
    if (next > until) return false;
    m_elapsed = std::max(m_elapsed, next - Instant{});
    while (!m_events.empty() && m_events.begin()->first <= now().at) {
        const auto event = std::move(m_events.begin()->second);
        m_events.erase(m_events.begin());
        event();
        settle();
    }
    for (const auto& node : m_nodes) {
        if (node->transport.nextWake() > now().at) continue;
        node->transport.wake(now());
        ++node->wakes;
    }
    settle();
    return true;
}

void TransportWorld::run(Duration span) {
    const Instant until = now().at + span;
    while (step(until)) {
    }
    m_elapsed = until - Instant{};
}

bool TransportWorld::runUntil(const std::function<bool()>& condition, Duration most) {
    const Instant until = now().at + most;
    settle();
    while (!condition())
        if (!step(until)) {
            m_elapsed = until - Instant{};
            return condition();
        }
    return true;
}

}  // namespace kith::test
