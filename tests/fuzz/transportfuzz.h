// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdlib>

#include "protocol/base/bytereader.h"
#include "protocol/session/transport.h"
#include "tests/support/authority.h"
#include "tests/support/nulllog.h"
#include "tests/support/nullobfuscation.h"
#include "tests/support/nullsuite.h"

/// What the transport's fuzz targets share: a supernode and a client with an open link, without TLS and without RC4, so
/// that what is made up gets behind the checksums.
namespace kith::fuzz {

inline const Endpoint kServer{IpAddress::v4(198, 51, 100, 1), 33033};
inline const Endpoint kClient{IpAddress::v4(203, 0, 113, 7), 5000};
inline const Endpoint kStranger{IpAddress::v4(192, 0, 2, 9), 6000};

/// Keys and certificates take long to make; they are made once.
struct Certificates {
    test::Authority authority;
    std::shared_ptr<crypto::Credentials> supernode = authority.supernode();
    std::shared_ptr<crypto::Credentials> loginServer = authority.loginServer();
    std::shared_ptr<crypto::Credentials> access = authority.access();
    std::shared_ptr<crypto::Credentials> person = authority.person(UserName::parse("somebody").value());
    /// Knows what stands above these certificates after the first time.
    test::NullSuite suite{authority.random};

    static Certificates& get() {
        static Certificates certificates;
        return certificates;
    }
};

class Scene {
public:
    Scene()
        : m_server(options({session::Role::Node, session::Role::Login}), environment()),
          m_client(options({}), environment()) {
        const Certificates& own = Certificates::get();
        m_server.setCredentials(session::Role::Node, own.supernode);
        m_server.setCredentials(session::Role::Login, own.loginServer);
        m_client.setCredentials(session::Role::Node, own.access);
        m_client.setCredentials(session::Role::Peer, own.person);
    }

    /// A link over UDP; the other end's numbers are 1, as ours is.
    void openLink() {
        m_client.connect(now, session::Role::Node, session::UdpPath{kServer});
        for (int i = 0; i < 40 && m_client.linkCount() + m_server.linkCount() < 2; ++i) pump();
        pump();
    }
    /// Carries datagrams to and fro for 20 ms.
    void pump() {
        link::CarrierOutput fromClient;
        link::CarrierOutput fromServer;
        std::vector<session::Event> events;
        m_client.take(fromClient, events);
        m_server.take(fromServer, events);
        advance(std::chrono::milliseconds(20));
        for (const auto& datagram : fromClient.datagrams.entries())
            if (datagram.remote == kServer)
                m_server.receiveDatagram(now, kClient, fromClient.datagrams.bytesOf(datagram));
        for (const auto& datagram : fromServer.datagrams.entries())
            if (datagram.remote == kClient)
                m_client.receiveDatagram(now, kServer, fromServer.datagrams.bytesOf(datagram));
    }
    void advance(Duration span) {
        now.at += span;
        now.wall += std::chrono::floor<std::chrono::milliseconds>(span);
        m_server.wake(now);
        m_client.wake(now);
    }
    /// What leaves towards a stranger; for the promise that it is no more than came.
    std::size_t takeForStranger() {
        link::CarrierOutput out;
        std::vector<session::Event> events;
        m_server.take(out, events);
        std::size_t bytes = 0;
        for (const auto& datagram : out.datagrams.entries())
            if (datagram.remote == kStranger) bytes += datagram.size;
        return bytes;
    }

    session::Transport& server() { return m_server; }
    session::Transport& client() { return m_client; }
    wire::Obfuscation& obfuscation() { return m_obfuscation; }
    RandomSource& random() { return m_random; }

    Now now{Instant{} + std::chrono::hours(1), UnixMillis{test::Authority::kNow}};

private:
    static session::Transport::Options options(std::vector<session::Role> serves) {
        session::Transport::Options out;
        out.trust = Certificates::get().authority.trust();
        out.serves = std::move(serves);
        out.maxLinks = 8;
        out.maxHalfOpen = 8;
        return out;
    }
    session::Transport::Environment environment() {
        return {Certificates::get().suite, m_obfuscation, m_random, m_log};
    }

    test::SeededRandom m_random;
    test::NullObfuscation m_obfuscation;
    test::NullLog m_log;
    session::Transport m_server;
    session::Transport m_client;
};

/// Takes the fuzzer's bytes apart.
class Input {
public:
    Input(const std::uint8_t* data, std::size_t size) : m_reader(std::as_bytes(std::span(data, size))) {}

    [[nodiscard]] bool atEnd() const { return m_reader.atEnd(); }
    std::uint8_t number() { return m_reader.u8().value_or(0); }
    /// A piece with its length in front; what is missing is left out.
    ByteView piece() {
        const std::size_t size = m_reader.u16().value_or(0) % 1500;
        return *m_reader.bytes(std::min(size, m_reader.remaining()));
    }

private:
    ByteReader m_reader;
};

}  // namespace kith::fuzz
