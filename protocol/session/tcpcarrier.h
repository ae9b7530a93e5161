// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "protocol/base/instant.h"
#include "protocol/base/random.h"
#include "protocol/session/tcpbacklog.h"
#include "protocol/wire/tcpstream.h"

namespace kith::session {

/// One TCP connection as a way for frames: init packets, keystreams, framing, and the queue in front of it. What
/// answers somebody who connected stays silent until an init packet came.
class TcpCarrier {
public:
    /// Lasting: packets of a link and handshakes; whoever sends them looks at the backlog first, none is ever dropped.
    /// Timely: media and relayed frames; worthless when they come late.
    enum class Importance : bool { Lasting, Timely };

    static constexpr Duration kOldestTimely = std::chrono::milliseconds(60);
    static constexpr std::size_t kMostQueued = 64 * 1024;

    TcpCarrier(wire::Obfuscation& obfuscation, wire::TcpEnd end) : m_obfuscation(obfuscation), m_end(end) {}

    /// Our init packet, the opener's as soon as the connection is up.
    void start(Now now, RandomSource& random);
    /// Both init packets were exchanged: frames may be sent.
    [[nodiscard]] bool isReady() const { return m_sending && m_receiving; }

    /// Undoes the keystream; the result has to live until nextFrame() gave nothing. Malformed: the other end speaks
    /// something else.
    Result<Bytes> receive(Now now, ByteView bytes, RandomSource& random);
    void feed(ByteView plain) { m_framer.feed(plain); }
    /// Until it gives nothing; an error means that the connection is of no use any more.
    Result<std::optional<ByteView>> nextFrame() { return m_framer.next(); }

    void send(Now now, ByteView frame, Importance importance);
    /// What the socket has not taken yet.
    void reported(Now now, std::size_t backlog);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    /// What is to be written now.
    [[nodiscard]] Bytes takeWrites() { return std::exchange(m_writes, {}); }
    [[nodiscard]] bool hasWrites() const { return !m_writes.empty(); }

    [[nodiscard]] const TcpBacklog& backlog() const { return m_backlog; }
    [[nodiscard]] std::uint64_t dropped() const { return m_dropped; }

private:
    struct Queued {
        Instant at;
        Bytes frame;
    };

    void write(Now now, ByteView frame);
    void queue(Now now, ByteView frame);
    void flush(Now now);

    wire::Obfuscation& m_obfuscation;
    wire::TcpEnd m_end;
    std::uint8_t m_initSize = 0;
    ByteArray<wire::kTcpInitSize> m_init{};  ///< the other end's, as far as it came
    std::unique_ptr<wire::Keystream> m_sending;
    std::unique_ptr<wire::Keystream> m_receiving;
    wire::StreamFramer m_framer;
    TcpBacklog m_backlog;
    Bytes m_writes;
    std::vector<Queued> m_queue;  ///< oldest first
    std::size_t m_queued = 0;
    std::uint64_t m_dropped = 0;
};

}  // namespace kith::session
