// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>
#include <vector>

#include "protocol/link/link.h"
#include "protocol/link/packetdraft.h"
#include "protocol/link/receivestream.h"
#include "protocol/link/sendstream.h"
#include "protocol/link/streamframes.h"

namespace kith::link {

/// All streams of a link in both directions, their order of sending, and the credit for all of them together. A stream
/// costs nothing before its first byte.
class StreamSet {
public:
    explicit StreamSet(std::uint16_t urgent) : m_urgent(urgent) {}

    /// False: no such stream, or no room.
    bool append(StreamNumber stream, ByteView bytes, bool repeat);
    /// Bytes that are not acknowledged.
    [[nodiscard]] std::size_t backlog() const;
    [[nodiscard]] bool hasSomethingToSend() const;

    /// Puts as much as fits into the packet: credit first, then the urgent streams, then the others in turn.
    void write(Instant now, PacketDraft& draft);
    void repeatDue(Instant now);
    [[nodiscard]] Instant nextRepeat() const;

    void onAcked(const SentFrame& frame);
    void onLost(const SentFrame& frame);
    void receive(const LinkCreditFrame& frame);
    void receive(const StreamCreditFrame& frame);
    /// `out` gets what is in order now.
    ReceiveStream::Verdict receive(const StreamFrame& frame, Bytes& out);

private:
    /// One stream, both ways.
    struct Stream {
        explicit Stream(StreamNumber n) : number(n) {}
        StreamNumber number;
        bool tellCredit = false;
        SendStream out;
        ReceiveStream in;
    };

    [[nodiscard]] bool isUrgent(const Stream& stream) const { return m_urgent >> stream.number & 1; }
    [[nodiscard]] std::uint64_t freshLeft() const { return m_sendLimit - m_sentFresh; }
    [[nodiscard]] bool canSend(const Stream& stream) const;
    [[nodiscard]] bool wantsToGrantLink() const { return m_receiveLimit - m_delivered < kLinkCredit / 2; }
    Stream* find(StreamNumber number);
    Stream& findOrAdd(StreamNumber number);
    void writeCredit(PacketDraft& draft);
    /// False: the packet is full.
    bool writeFrom(Instant now, Stream& stream, PacketDraft& draft);

    std::vector<Stream> m_streams;  ///< in the order of their first use
    std::size_t m_turn = 0;         ///< whose turn it is among those that aren't urgent
    std::uint16_t m_urgent;
    bool m_tellLinkCredit = false;
    std::uint64_t m_sendLimit = kLinkCredit;
    std::uint64_t m_sentFresh = 0;
    std::uint64_t m_receiveLimit = kLinkCredit;
    std::uint64_t m_received = 0;   ///< sum of highest()
    std::uint64_t m_delivered = 0;  ///< sum of delivered()
};

}  // namespace kith::link
