// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/linkpair.h"

#include <algorithm>

namespace kith::test {

using link::Link;

namespace {

bool chance(SeededRandom& random, double probability) {
    return probability > 0 && static_cast<double>(random.u32()) < probability * 4294967296.0;
}

}  // namespace

std::vector<Instant> Wire::carry(Instant now, std::size_t bytes, SeededRandom& random) {
    ++carried;
    if (!isOrdered && (isCut || chance(random, loss))) {
        ++dropped;
        return {};
    }
    Instant departs = std::max(now, m_freeAt);
    if (bytesPerSecond > 0) {
        const auto waiting = static_cast<double>((departs - now).count()) * 1e-9 * bytesPerSecond;
        if (!isOrdered && waiting > static_cast<double>(queueBytes)) {
            ++dropped;
            return {};
        }
        departs += Duration(static_cast<Duration::rep>(static_cast<double>(bytes) * 1e9 / bytesPerSecond));
        m_freeAt = departs;
    }
    std::vector<Instant> arrivals;
    for (int copies = chance(random, duplication) ? 2 : 1; copies > 0; --copies) {
        Instant at = departs + delay + (jitter > Duration::zero() ? random.within(jitter) : Duration::zero());
        if (isOrdered) at = m_lastArrival = std::max(at, m_lastArrival);
        arrivals.push_back(at);
    }
    if (isOrdered && isCut) return {};
    return arrivals;
}

Way Way::with(const Wire& both, link::PathOptions options) {
    return {options, std::make_shared<Wire>(both), std::make_shared<Wire>(both), {}};
}

/// Collects packets, and hands each to the pair when it is whole.
class LinkPair::Sink : public link::PacketSink {
public:
    explicit Sink(std::vector<std::pair<link::PathNumber, Bytes>>& packets) : m_packets(packets) {}

    Bytes& begin(link::PathNumber path) override {
        // What is there already is not the link's business: it has to append.
        m_packets.emplace_back(path, toBytes("abc"));
        return m_packets.back().second;
    }
    void end() override {
        m_packets.back().second.erase(m_packets.back().second.begin(), m_packets.back().second.begin() + 3);
    }

private:
    std::vector<std::pair<link::PathNumber, Bytes>>& m_packets;
};

LinkPair::LinkPair(const Way& first, std::uint64_t seed, std::uint16_t urgent) : m_random(seed), m_ways{first} {
    const auto c = link::LinkId::random(m_random);
    const auto s = link::LinkId::random(m_random);
    makeEnd(Client, first, c, s, urgent);
    makeEnd(Server, first, s, c, urgent);
    flush();
}

crypto::LinkSecrets LinkPair::secrets() {
    crypto::LinkSecrets secrets;
    secrets.secret.fill(std::byte{1});
    secrets.clientHeaderKey.fill(std::byte{2});
    secrets.serverHeaderKey.fill(std::byte{3});
    return secrets;
}

void LinkPair::makeEnd(Side side, const Way& way, const link::LinkId& ours, const link::LinkId& theirs,
                       std::uint16_t urgent) {
    link::LinkOptions options;
    options.side = side == Client ? crypto::Side::Client : crypto::Side::Server;
    options.ours = ours;
    options.theirs = theirs;
    options.firstPath = way.optionsAt(side == Server);
    options.urgentStreams = urgent;
    crypto::LinkSecrets secrets = LinkPair::secrets();
    m_ends[side].link = std::make_unique<Link>(now(), options, secrets,
                                               Link::Environment{crypto::AeadCipher::ofThisThread(), m_random});
    m_ends[side].wayOf[link::kFirstPath] = 0;
}

std::size_t LinkPair::addWay(const Way& way) {
    m_ways.push_back(way);
    return m_ways.size() - 1;
}

std::optional<link::PathNumber> LinkPair::openPath(Side side, std::size_t way) {
    const auto path = m_ends[side].link->addPath(now(), m_ways[way].optionsAt(side == Server));
    if (path) m_ends[side].wayOf[*path] = way;
    flush();
    return path;
}

void LinkPair::rebind(Side receiver, std::size_t from, std::size_t to) {
    m_rebound[{receiver, from}] = to;
}

bool LinkPair::send(Side side, link::StreamNumber stream, ByteView bytes, Link::Repeat repeat) {
    const bool taken = m_ends[side].link->send(now(), stream, bytes, repeat);
    flush();
    return taken;
}

void LinkPair::flush() {
    take(Client);
    take(Server);
}

void LinkPair::take(Side side) {
    End& end = m_ends[side];
    std::vector<std::pair<link::PathNumber, Bytes>> packets;
    std::vector<link::LinkEvent> events;
    Sink sink(packets);
    end.link->take(now(), sink, events);
    for (auto& event : events) {
        if (auto* stream = std::get_if<link::StreamReceived>(&event))
            append(end.received[stream->stream], stream->bytes);
        else
            end.events.push_back(std::move(event));
    }
    for (auto& [path, packet] : packets) transmit(side, path, std::move(packet));
}

void LinkPair::transmit(Side from, link::PathNumber path, Bytes packet) {
    End& end = m_ends[from];
    end.packetSizes.push_back(packet.size());
    if (m_captured) {
        m_captured->push_back(std::move(packet));
        return;
    }
    const std::size_t way = end.wayOf.at(path);
    end.idsSentOn[way].insert(*link::linkIdOf(packet));
    Wire& wire = from == Client ? *m_ways[way].toServer : *m_ways[way].toClient;
    for (const Instant at : wire.carry(m_now, packet.size() + 31, m_random))
        m_flying.emplace(at, Delivery{from == Client ? Server : Client, way, packet});
}

void LinkPair::deliver(const Delivery& delivery) {
    End& end = m_ends[delivery.to];
    if ((delivery.to == Server ? m_ways[delivery.way].toServer : m_ways[delivery.way].toClient)->isCut) return;
    const auto rebound = m_rebound.find({delivery.to, delivery.way});
    const std::size_t way = rebound == m_rebound.end() ? delivery.way : rebound->second;
    const auto known = std::find_if(end.wayOf.begin(), end.wayOf.end(), [&](const auto& p) { return p.second == way; });
    if (known != end.wayOf.end() &&
        end.link->receive(now(), known->first, delivery.packet).verdict == Link::Verdict::Accepted)
        return;
    const auto arrival =
        end.link->receiveElsewhere(now(), m_ways[way].optionsAt(delivery.to == Server), delivery.packet);
    if (arrival.verdict == Link::Verdict::NewPath) end.wayOf[arrival.path] = way;
}

Instant LinkPair::nextEvent() const {
    Instant next = m_flying.empty() ? kNever : m_flying.begin()->first;
    for (const End& end : m_ends) next = std::min(next, end.link->nextWake());
    return next;
}

bool LinkPair::step() {
    const Instant next = nextEvent();
    if (next == kNever) return false;
    m_now = std::max(m_now, next);
    while (!m_flying.empty() && m_flying.begin()->first <= m_now) {
        const Delivery delivery = std::move(m_flying.begin()->second);
        m_flying.erase(m_flying.begin());
        deliver(delivery);
        take(delivery.to);
    }
    for (End& end : m_ends)
        if (end.link->nextWake() <= m_now) end.link->wake(now());
    flush();
    return true;
}

void LinkPair::run(Duration span) {
    const Instant until = m_now + span;
    while (nextEvent() <= until) step();
    m_now = until;
}

bool LinkPair::drive(Duration atMost) {
    const Instant until = m_now + atMost;
    flush();
    while (client().backlog() > 0 || server().backlog() > 0 || !m_flying.empty()) {
        if (nextEvent() > until) return false;
        step();
    }
    return true;
}

std::vector<Bytes> LinkPair::capture(Side from) {
    std::vector<Bytes> packets;
    m_captured = &packets;
    take(from);
    m_captured = nullptr;
    return packets;
}

Bytes pattern(std::size_t size, std::uint64_t seed) {
    SeededRandom random(seed);
    Bytes bytes(size);
    random.fill(bytes);
    return bytes;
}

}  // namespace kith::test
