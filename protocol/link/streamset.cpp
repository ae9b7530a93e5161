// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/streamset.h"

#include <algorithm>

namespace kith::link {

StreamSet::Stream* StreamSet::find(StreamNumber number) {
    const auto at =
        std::find_if(m_streams.begin(), m_streams.end(), [&](const Stream& stream) { return stream.number == number; });
    return at == m_streams.end() ? nullptr : &*at;
}

StreamSet::Stream& StreamSet::findOrAdd(StreamNumber number) {
    if (Stream* stream = find(number)) return *stream;
    m_streams.reserve(m_streams.size() + 1);
    return m_streams.emplace_back(number);
}

bool StreamSet::append(StreamNumber stream, ByteView bytes, bool repeat) {
    if (stream >= kStreamCount || bytes.size() > kMaxBacklog - std::min(backlog(), kMaxBacklog)) return false;
    if (!bytes.empty()) findOrAdd(stream).out.append(bytes, repeat);
    return true;
}

std::size_t StreamSet::backlog() const {
    std::size_t sum = 0;
    for (const Stream& stream : m_streams) sum += stream.out.kept();
    return sum;
}

bool StreamSet::canSend(const Stream& stream) const {
    return stream.out.hasLost() || (stream.out.hasFresh() && freshLeft() > 0);
}

bool StreamSet::hasSomethingToSend() const {
    return m_tellLinkCredit || std::any_of(m_streams.begin(), m_streams.end(),
                                           [&](const Stream& stream) { return stream.tellCredit || canSend(stream); });
}

void StreamSet::write(Instant now, PacketDraft& draft) {
    writeCredit(draft);
    for (Stream& stream : m_streams)
        if (isUrgent(stream) && !writeFrom(now, stream, draft)) return;
    for (std::size_t i = 0; i < m_streams.size(); ++i) {
        Stream& stream = m_streams[(m_turn + i) % m_streams.size()];
        if (isUrgent(stream) || !canSend(stream)) continue;
        if (!writeFrom(now, stream, draft)) {
            m_turn = (m_turn + i + 1) % m_streams.size();
            return;
        }
    }
}

void StreamSet::writeCredit(PacketDraft& draft) {
    if (m_tellLinkCredit && draft.takes(kMaxSmallFrame)) {
        m_tellLinkCredit = false;
        m_receiveLimit = m_delivered + kLinkCredit;
        writeFrame(draft.out(), LinkCreditFrame{m_receiveLimit});
        draft.remember({SentFrame::Kind::LinkCredit});
        draft.askForAck();
    }
    for (Stream& stream : m_streams) {
        if (!stream.tellCredit || !draft.takes(kMaxSmallFrame)) continue;
        stream.tellCredit = false;
        writeFrame(draft.out(), StreamCreditFrame{stream.number, stream.in.grant()});
        draft.remember({SentFrame::Kind::StreamCredit, stream.number});
        draft.askForAck();
    }
}

bool StreamSet::writeFrom(Instant now, Stream& stream, PacketDraft& draft) {
    while (canSend(stream)) {
        if (!draft.takes(1)) return false;
        const auto piece = stream.out.peek(draft.room(), freshLeft());
        if (!piece) return false;
        const auto length = piece->bytes.size();
        writeFrame(draft.out(), StreamFrame{stream.number, piece->offset, piece->bytes});
        draft.remember({SentFrame::Kind::Stream, stream.number, static_cast<std::uint16_t>(length), piece->offset});
        draft.askForAck();
        if (piece->isFresh) m_sentFresh += length;
        stream.out.onSent(now, piece->offset, length);
    }
    return true;
}

void StreamSet::repeatDue(Instant now) {
    for (Stream& stream : m_streams) stream.out.repeatDue(now);
}

Instant StreamSet::nextRepeat() const {
    Instant next = kNever;
    for (const Stream& stream : m_streams) next = std::min(next, stream.out.nextRepeat());
    return next;
}

void StreamSet::onAcked(const SentFrame& frame) {
    if (frame.kind != SentFrame::Kind::Stream) return;
    if (Stream* stream = find(frame.stream)) stream->out.onAcked({frame.value, frame.value + frame.length});
}

void StreamSet::onLost(const SentFrame& frame) {
    Stream* stream = find(frame.stream);
    switch (frame.kind) {
        case SentFrame::Kind::Stream:
            if (stream) stream->out.onLost({frame.value, frame.value + frame.length});
            return;
        case SentFrame::Kind::StreamCredit:
            if (stream) stream->tellCredit = true;
            return;
        case SentFrame::Kind::LinkCredit: m_tellLinkCredit = true; return;
        default: return;
    }
}

void StreamSet::receive(const LinkCreditFrame& frame) {
    m_sendLimit = std::max(m_sendLimit, frame.limit);
}

void StreamSet::receive(const StreamCreditFrame& frame) {
    if (Stream* stream = find(frame.stream)) stream->out.grant(frame.limit);
}

ReceiveStream::Verdict StreamSet::receive(const StreamFrame& frame, Bytes& out) {
    Stream& stream = findOrAdd(frame.stream);
    const std::uint64_t highest = stream.in.highest();
    const std::uint64_t delivered = stream.in.delivered();
    const std::uint64_t end = frame.offset + frame.bytes.size();
    if (end > highest && m_received + (end - highest) > m_receiveLimit) return ReceiveStream::Verdict::BeyondCredit;
    const auto verdict = stream.in.receive(frame.offset, frame.bytes, out);
    m_received += stream.in.highest() - highest;
    m_delivered += stream.in.delivered() - delivered;
    stream.tellCredit = stream.tellCredit || stream.in.wantsToGrant();
    m_tellLinkCredit = m_tellLinkCredit || wantsToGrantLink();
    return verdict;
}

}  // namespace kith::link
