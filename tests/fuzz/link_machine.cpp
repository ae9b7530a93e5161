// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>

#include "protocol/link/link.h"
#include "protocol/link/packetprotection.h"
#include "tests/fuzz/require.h"
#include "tests/support/seededrandom.h"

// The link behind the seal. The input is a list of steps: bodies that a peer with the keys seals and sends on some
// path, our own calls, time that goes by. What must hold after each step stands in check().
namespace kith::fuzz {

namespace {

using namespace kith::link;

crypto::LinkSecrets secrets() {
    crypto::LinkSecrets all;
    all.secret.fill(std::byte{1});
    all.clientHeaderKey.fill(std::byte{2});
    all.serverHeaderKey.fill(std::byte{3});
    return all;
}

LinkOptions options() {
    LinkOptions all;
    all.side = crypto::Side::Server;
    all.ours.bytes.fill(std::byte{4});
    all.theirs.bytes.fill(std::byte{5});
    return all;
}

/// Counts, and checks what is written.
class Sink : public PacketSink {
public:
    Bytes& begin(PathNumber) override {
        m_packet.clear();
        return m_packet;
    }
    void end() override {
        require(m_packet.size() >= kMinPacket && m_packet.size() <= kMaxPacket);
        ++count;
    }

    std::size_t count = 0;

private:
    Bytes m_packet;
};

class Machine {
public:
    explicit Machine(ByteView steps) : m_steps(steps) {
        auto clientSecrets = secrets();
        m_peer = std::make_unique<PacketProtection>(m_now, crypto::Side::Client, clientSecrets);
        auto serverSecrets = secrets();
        m_link = std::make_unique<Link>(now(), options(), serverSecrets,
                                        Link::Environment{crypto::AeadCipher::ofThisThread(), m_random});
    }

    void run() {
        for (int i = 0; i < 200 && !m_steps.empty(); ++i) {
            step();
            check();
        }
    }

private:
    [[nodiscard]] Now now() const { return {m_now, {}}; }

    std::uint8_t byte() {
        if (m_steps.empty()) return 0;
        const auto value = std::to_integer<std::uint8_t>(m_steps.front());
        m_steps = m_steps.subspan(1);
        return value;
    }

    ByteView bytes(std::size_t most) {
        const std::size_t count = std::min(most, m_steps.size());
        const ByteView taken = m_steps.first(count);
        m_steps = m_steps.subspan(count);
        return taken;
    }

    PathOptions pathOptions() {
        const std::uint8_t bits = byte();
        return {static_cast<PathKind>(bits % 3), static_cast<std::uint8_t>(bits >> 2 & 3),
                static_cast<std::uint8_t>(bits >> 4 & 3), std::chrono::milliseconds(bits)};
    }

    Bytes seal() {
        const auto ids = m_link->ids();
        Bytes packet = ids.empty() ? Bytes(8) : toBytes(ids[byte() % ids.size()].bytes);
        packet.resize(kHeaderSize);
        append(packet, bytes(std::min<std::size_t>(byte() * 5U, kMaxPacket - kMinPacket)));
        packet.resize(packet.size() + crypto::AeadCipher::kTagSize);
        m_peer->seal(crypto::AeadCipher::ofThisThread(), m_number++, packet);
        return packet;
    }

    void step() {
        const std::uint8_t what = byte();
        const PathNumber path = what >> 4;
        switch (what & 15) {
            case 0: m_link->receiveElsewhere(now(), pathOptions(), seal()); break;
            case 1: m_now += std::chrono::milliseconds(byte()), m_link->wake(now()); break;
            case 2: m_now = std::max(m_now, std::min(m_link->nextWake(), m_now + std::chrono::hours(2))); break;
            case 3:
                m_link->send(now(), static_cast<StreamNumber>(path), Bytes(byte() * 300U), Link::Repeat(byte() & 1));
                break;
            case 4: m_link->addPath(now(), pathOptions()); break;
            case 5: m_link->dropPath(now(), path); break;
            case 6: m_link->pathLost(now(), path); break;
            case 7: m_link->doubtPath(now(), path); break;
            case 8: m_link->setBacklog(now(), path, byte() * 1000U); break;
            case 9: m_peer->advance(m_now, m_number); break;
            case 10: m_number += byte(); break;
            case 11:
                if (path == 15) m_link->close(now(), Fault::Busy);
                break;
            default: m_link->receive(now(), path, seal()); break;
        }
    }

    void check() {
        const bool wasClosed = m_isClosed;
        Sink sink;
        std::vector<LinkEvent> events;
        m_link->wake(now());
        m_link->take(now(), sink, events);
        // At rest: nothing is due again at the very same instant, for ever.
        for (int i = 0; m_link->nextWake() <= m_now; ++i) {
            require(i < 10);
            m_link->wake(now());
            m_link->take(now(), sink, events);
        }
        require(sink.count < 2000);
        require(m_link->backlog() <= kMaxBacklog && m_link->ids().size() <= kMaxIds);
        for (const LinkEvent& event : events) {
            require(!m_isClosed);
            if (const auto* stream = std::get_if<StreamReceived>(&event))
                require(stream->stream < kStreamCount && !stream->bytes.empty());
            m_isClosed = m_isClosed || std::holds_alternative<Closed>(event);
        }
        require(m_isClosed == m_link->isClosed() && (!wasClosed || events.empty()));
    }

    ByteView m_steps;
    test::SeededRandom m_random;
    Instant m_now{std::chrono::hours(1)};
    std::uint64_t m_number = 0;
    bool m_isClosed = false;
    std::unique_ptr<PacketProtection> m_peer;
    std::unique_ptr<Link> m_link;
};

}  // namespace

}  // namespace kith::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kith::fuzz::Machine(std::as_bytes(std::span(data, size))).run();
    return 0;
}
