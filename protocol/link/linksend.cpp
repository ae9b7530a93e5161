// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cassert>
#include <iterator>

#include "protocol/link/linkstate.h"

// What goes out.
namespace kith::link {

template <class Fill>
void Link::State::writePacket(Instant at, Path& path, PacketSink& packets, Fill fill) {
    constexpr std::size_t kTag = crypto::AeadCipher::kTagSize;
    Bytes& out = packets.begin(path.number());
    const std::size_t start = out.size();
    append(out, path.theirs().id.bytes);
    out.resize(start + kHeaderSize);
    PacketDraft draft(out, start + kMaxPacket - kTag);
    fill(draft);
    assert(out.size() > start + kHeaderSize);
    out.resize(out.size() + kTag);

    const ByteSpan packet = ByteSpan(out).subspan(start);
    const std::uint64_t number = m_nextNumber++;
    protection.seal(m_environment.cipher, number, packet);
    ++statistics.packetsSent;
    statistics.bytesSent += packet.size();
    if (draft.asksForAck()) {
        SentPacket sent;
        sent.number = number;
        sent.sentAt = at;
        sent.size = static_cast<std::uint16_t>(packet.size() + kCarrierOverhead);
        sent.frameCount = draft.count();
        sent.list = draft.list();
        path.onSent(at, sent);
    }
    packets.end();
}

bool Link::State::hasSomethingToSend() const {
    return ours.hasUntold() || !m_retiredToTell.empty() || streams.hasSomethingToSend();
}

const Path* Link::State::ackPath() const {
    const Path* path = findPath(m_ackPath);
    return path && path->isValidated() && !path->isSuspect() ? path : preferredPath();
}

void Link::State::fillAck(Instant at, const Path& path, PacketDraft& draft) {
    // Elsewhere it would tell the other end a wrong round trip.
    if (m_unacked == 0 || &path != ackPath()) return;
    AckFrame ack = m_received.ack();
    ack.delayMicroseconds = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(std::max(at - m_askedAt, Duration::zero())).count());
    writeFrame(draft.out(), ack, draft.room());
    draft.remember({SentFrame::Kind::Ack, 0, 0, ack.largest()});
    m_unacked = 0;
    m_ackAt = kNever;
}

void Link::State::fillIds(PacketDraft& draft) {
    while (!m_retiredToTell.empty() && draft.takes(kMaxSmallFrame)) {
        writeFrame(draft.out(), RetiredIdFrame{m_retiredToTell.back()});
        draft.remember({SentFrame::Kind::RetiredId, 0, 0, m_retiredToTell.back()});
        draft.askForAck();
        m_retiredToTell.pop_back();
    }
    while (ours.hasUntold() && draft.takes(kMaxSmallFrame + kMaxResetToken)) {
        const NumberedId id = *ours.takeUntold();
        // The handshake told the first one.
        if (id.sequence != 0) writeFrame(draft.out(), NewIdFrame{id.sequence, id.id});
        if (m_resets) writeFrame(draft.out(), ResetTokenFrame{id.sequence, m_resets->tokenOf(id.id)});
        draft.remember({SentFrame::Kind::NewId, 0, 0, id.sequence});
        draft.askForAck();
    }
    if (m_retiredToTell.empty()) m_retiredToTell.shrink_to_fit();
}

void Link::State::writeGoodbye(Instant at, PacketSink& packets) {
    if (!m_goodbye || !m_goodbye->isDue) return;
    m_goodbye->isDue = false;
    for (Path& path : m_paths) {
        if (!path.isValidated()) continue;
        writePacket(at, path, packets,
                    [&](PacketDraft& draft) { writeFrame(draft.out(), CloseFrame{m_goodbye->reason}); });
    }
}

void Link::State::writeChallenges(Instant at, PacketSink& packets) {
    for (Path& path : m_paths) {
        const bool asks = path.challenge().isDue(at);
        if (!asks && !path.response) continue;
        writePacket(at, path, packets, [&](PacketDraft& draft) {
            if (path.response) writeFrame(draft.out(), PathResponseFrame{*path.response});
            if (!asks) return;
            writeFrame(draft.out(), PathChallengeFrame{path.challenge().data()});
            // The answer needs an id of ours; those told before may be under way on a path that is dead.
            if (path.isValidated()) return;
            for (const NumberedId& id : ours.unused()) writeFrame(draft.out(), NewIdFrame{id.sequence, id.id});
        });
        path.response.reset();
        if (asks) path.challenge().onSent(at);
    }
}

void Link::State::writeKeepAlives(Instant at, PacketSink& packets) {
    for (Path& path : m_paths) {
        if (at < path.keepAliveAt(keepAlive(path))) continue;
        m_received.forgetGaps();
        writePacket(at, path, packets, [&](PacketDraft& draft) {
            fillAck(at, path, draft);
            writeFrame(draft.out(), PingFrame{});
            draft.askForAck();
        });
    }
}

void Link::State::writeProbes(Instant at, PacketSink& packets) {
    for (Path& path : m_paths) {
        for (; path.probes > 0; --path.probes) {
            if (!hasSomethingToSend()) path.loss().repeatOldest(*this);
            writePacket(at, path, packets, [&](PacketDraft& draft) {
                fillAck(at, path, draft);
                fillIds(draft);
                streams.write(at, draft);
                if (draft.asksForAck()) return;
                writeFrame(draft.out(), PingFrame{});
                draft.askForAck();
            });
        }
    }
}

void Link::State::writeData(Instant at, PacketSink& packets) {
    const Path* preferred = preferredPath();
    if (!preferred) return;
    Path& path = *findPath(preferred->number());
    while (hasSomethingToSend() && path.allows(at)) {
        writePacket(at, path, packets, [&](PacketDraft& draft) {
            fillAck(at, path, draft);
            fillIds(draft);
            streams.write(at, draft);
        });
    }
}

void Link::State::writeAck(Instant at, PacketSink& packets) {
    if (at < m_ackAt) return;
    const Path* path = ackPath();
    if (!path) return;
    writePacket(at, *findPath(path->number()), packets, [&](PacketDraft& draft) { fillAck(at, *path, draft); });
}

void Link::State::take(Instant at, PacketSink& packets, std::vector<LinkEvent>& events) {
    if (isClosed) {
        writeGoodbye(at, packets);
    } else {
        if (protection.isWorn(at)) protection.advance(at, m_nextNumber);
        writeChallenges(at, packets);
        writeProbes(at, packets);
        writeData(at, packets);
        writeKeepAlives(at, packets);
        writeAck(at, packets);
    }
    std::move(m_events.begin(), m_events.end(), std::back_inserter(events));
    m_events.clear();
    m_events.shrink_to_fit();
}

}  // namespace kith::link
