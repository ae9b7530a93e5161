// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

#include "protocol/crypto/modernsuite.h"
#include "protocol/crypto/systemrandom.h"
#include "protocol/login/messages.h"
#include "protocol/login/networkdocument.h"
#include "protocol/net/networkthread.h"
#include "protocol/session/transport.h"
#include "protocol/wire/command.h"
#include "protocol/wire/obfuscation.h"
#include "tests/support/nulllog.h"

namespace kith::test {

/// Asks a login server over real sockets for the network document: the smallest thing that a client does.
class DocumentClient {
public:
    enum class Carrier { Udp, Tcp };

    DocumentClient(const Endpoint& server, const crypto::Trust& trust, Carrier carrier) {
        const auto started = m_network.start({}, [&]() -> std::unique_ptr<link::CarrierUser> {
            return std::make_unique<Machine>(*this, server, trust, carrier);
        });
        if (!started) finish(tl::make_unexpected(started.error()));
    }

    /// The signed document, or why there is none.
    Result<Bytes> wait(std::chrono::seconds most = std::chrono::seconds(20)) {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, most, [this] { return m_outcome.has_value(); });
        return m_outcome.value_or(fail(Fault::TimedOut));
    }

private:
    class Machine final : public link::CarrierUser {
    public:
        Machine(DocumentClient& owner, const Endpoint& server, const crypto::Trust& trust, Carrier carrier)
            : m_owner(owner),
              m_server(server),
              m_carrier(carrier),
              m_transport(session::Transport::Options{trust, {}}, {m_suite, m_obfuscation, m_random, m_log}) {}

        void receiveDatagram(Now now, const Endpoint& from, ByteView bytes) override {
            m_transport.receiveDatagram(now, from, bytes);
        }
        void receive(Now now, const link::TcpConnected& event) override { m_transport.receive(now, event); }
        void receive(Now now, const link::TcpAccepted& event) override { m_transport.receive(now, event); }
        void receive(Now now, const link::TcpClosed& event) override { m_transport.receive(now, event); }
        void receiveTcp(Now now, link::TcpNumber number, ByteView bytes) override {
            m_transport.receiveTcp(now, number, bytes);
        }
        void tcpBacklog(Now now, link::TcpNumber number, std::size_t bytes) override {
            m_transport.tcpBacklog(now, number, bytes);
        }
        void wake(Now now) override {
            if (!m_begun) begin(now);
            m_transport.wake(now);
        }
        [[nodiscard]] Instant nextWake() const override { return m_begun ? m_transport.nextWake() : Instant{}; }
        void take(Now now, link::CarrierOutput& out) override {
            std::vector<session::Event> events;
            m_transport.take(out, events);
            while (!events.empty()) {
                for (const auto& event : std::exchange(events, {})) happened(now, event);
                m_transport.take(out, events);
            }
        }

    private:
        void begin(Now now) {
            m_begun = true;
            if (m_carrier == Carrier::Udp)
                m_transport.connect(now, session::Role::Login, session::UdpPath{m_server});
            else
                m_transport.openTcp(now, m_server);
        }
        void happened(Now now, const session::Event& event) {
            if (const auto* tcp = std::get_if<session::TcpReady>(&event))
                m_transport.connect(now, session::Role::Login, session::TcpPath{tcp->connection});
            if (const auto* tcp = std::get_if<session::TcpFailed>(&event)) m_owner.finish(fail(tcp->reason));
            if (const auto* link = std::get_if<session::LinkClosed>(&event)) m_owner.finish(fail(link->reason));
            if (const auto* link = std::get_if<session::LinkOpened>(&event))
                m_transport.send(now, link->link, session::Stream::Login,
                                 wire::encodeCommand(login::FetchDocument{login::DocumentPart::Root}, 1));
            if (const auto* command = std::get_if<session::CommandReceived>(&event))
                if (const auto view = wire::parseCommand(command->command))
                    if (auto answer = wire::decode<login::Document>(*view)) m_owner.finish(std::move(answer->document));
        }

        DocumentClient& m_owner;
        Endpoint m_server;
        Carrier m_carrier;
        bool m_begun = false;
        crypto::ModernSuite m_suite;
        crypto::SystemRandom m_random;
        wire::SeedObfuscation m_obfuscation;
        NullLog m_log;
        session::Transport m_transport;
    };

    void finish(Result<Bytes> outcome) {
        const std::lock_guard lock(m_mutex);
        if (!m_outcome) m_outcome = std::move(outcome);
        m_changed.notify_all();
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::optional<Result<Bytes>> m_outcome;
    net::NetworkThread m_network;
};

}  // namespace kith::test
