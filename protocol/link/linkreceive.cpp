// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>

#include "protocol/link/linkstate.h"

// What comes in.
namespace kith::link {

struct Link::State::Opening {
    PacketProtection::Opened opened{};
    std::uint32_t oursSequence = 0;
    ByteArray<kMaxPacket> body;

    [[nodiscard]] ByteView view() const { return ByteView(body).first(opened.bodySize); }
};

namespace {

/// A body is looked through before anything is done with it, so that half a packet never counts.
bool isWellFormed(ByteView body) {
    ByteReader reader(body);
    if (reader.atEnd()) return false;
    while (!reader.atEnd())
        if (!readFrame(reader)) return false;
    return true;
}

}  // namespace

bool Link::State::open(Instant at, ByteView packet, Opening& opening) {
    const auto id = linkIdOf(packet);
    const auto sequence = id ? ours.sequenceOf(*id) : std::nullopt;
    const auto opened = sequence
                            ? protection.open(m_environment.cipher, at, m_received.expected(), packet, opening.body)
                            : std::nullopt;
    if (!opened || !m_received.isNew(opened->number)) {
        ++statistics.packetsDropped;
        return false;
    }
    opening.opened = *opened;
    opening.oursSequence = *sequence;
    return true;
}

Link::Arrival Link::State::receive(Instant at, PathNumber number, ByteView packet) {
    constexpr Arrival kDropped{Verdict::Dropped, 0};
    Path* path = findPath(number);
    Opening opening;
    if (!path || isFinished || !open(at, packet, opening)) return kDropped;
    accept(at, opening, *path);
    return {Verdict::Accepted, number};
}

Link::Arrival Link::State::receiveElsewhere(Instant at, const PathOptions& options, ByteView packet) {
    constexpr Arrival kDropped{Verdict::Dropped, 0};
    Opening opening;
    if (isClosed || !open(at, packet, opening) || isOfEndedPath(opening.oursSequence)) return kDropped;
    Path* path = addPath(at, options);
    if (!path) return kDropped;
    const PathNumber number = path->number();
    accept(at, opening, *path);
    return {Verdict::NewPath, number};
}

bool Link::State::receiveReset(Instant at, PathNumber number, ByteView packet) {
    const Path* path = findPath(number);
    // Only that of the id that we use there: an id which is out of use at the other end is unknown to it, too.
    if (isClosed || !path || !m_theirResets.isReset(path->theirs().sequence, packet)) return false;
    close(at, Fault::ConnectionLost, true);
    return true;
}

bool Link::State::isOfEndedPath(std::uint32_t oursSequence) const {
    // Without any path whoever knows the link is welcome.
    if (!ours.isUsed(oursSequence) || !preferredPath()) return false;
    return std::none_of(m_paths.begin(), m_paths.end(),
                        [&](const Path& path) { return path.isCalledBy(oursSequence); });
}

void Link::State::accept(Instant at, const Opening& opening, Path& path) {
    using Age = PacketProtection::Age;
    const std::uint64_t number = opening.opened.number;
    ++statistics.packetsReceived;
    statistics.bytesReceived += opening.opened.bodySize + kMinPacket;
    if (opening.opened.age == Age::Next) protection.advance(at, m_nextNumber);
    if (opening.opened.age != Age::Previous)
        protection.presentConfirmed(at, 3 * path.loss().roundTrip().probeTimeout());
    if (isClosed) {
        m_received.add(number);
        hearDuringGoodbye();
        return;
    }

    path.onReceived(at, opening.oursSequence);
    ours.markUsed(opening.oursSequence);
    topUpIds();
    const PathNumber pathNumber = path.number();
    const bool isInOrder = number == m_received.expected();
    if (!isWellFormed(opening.view())) {
        close(at, Fault::Malformed, false);
        return;
    }
    const Outcome outcome = process(at, opening.view(), number, pathNumber);
    if (outcome == Outcome::Broken) close(at, Fault::Malformed, false);
    if (outcome != Outcome::Good) return;
    m_received.add(number);
    if (m_unacked > 0 && !isInOrder) m_ackAt = at;
}

Link::State::Outcome Link::State::process(Instant at, ByteView body, std::uint64_t packet, PathNumber pathNumber) {
    ByteReader reader(body);
    bool asks = false;
    bool atOnce = false;
    Outcome outcome = Outcome::Good;
    while (!reader.atEnd() && outcome == Outcome::Good && !isClosed) {
        // A frame may end the path that it came on.
        Path* path = findPath(pathNumber);
        if (!path) break;
        const Frame frame = *readFrame(reader);
        asks = asks || asksForAck(frame);
        atOnce = atOnce || std::holds_alternative<PingFrame>(frame);
        outcome = on(at, frame, *path);
    }
    if (outcome == Outcome::Good && asks) planAck(at, packet, atOnce, pathNumber);
    return outcome;
}

Link::State::Outcome Link::State::on(Instant at, const Frame& frame, Path& path) {
    const auto good = [](bool isGood) { return isGood ? Outcome::Good : Outcome::Broken; };
    if (const auto* stream = std::get_if<StreamFrame>(&frame)) return onStream(*stream);
    if (const auto* ack = std::get_if<AckFrame>(&frame)) return good(onAck(at, *ack, path));
    if (const auto* id = std::get_if<NewIdFrame>(&frame)) return good(onNewId(*id));
    if (const auto* id = std::get_if<RetiredIdFrame>(&frame)) return good(onRetiredId(at, id->sequence));
    if (const auto* reset = std::get_if<ResetTokenFrame>(&frame)) onResetToken(*reset);
    if (const auto* credit = std::get_if<LinkCreditFrame>(&frame)) streams.receive(*credit);
    if (const auto* credit = std::get_if<StreamCreditFrame>(&frame)) streams.receive(*credit);
    if (const auto* challenge = std::get_if<PathChallengeFrame>(&frame)) path.response = challenge->data;
    if (const auto* response = std::get_if<PathResponseFrame>(&frame)) onResponse(at, response->data, path);
    if (const auto* goodbye = std::get_if<CloseFrame>(&frame)) close(at, goodbye->reason, true);
    return Outcome::Good;
}

Link::State::Outcome Link::State::onStream(const StreamFrame& frame) {
    Bytes bytes;
    const auto verdict = streams.receive(frame, bytes);
    if (!bytes.empty()) m_events.push_back(StreamReceived{frame.stream, std::move(bytes)});
    switch (verdict) {
        case ReceiveStream::Verdict::Taken: return Outcome::Good;
        case ReceiveStream::Verdict::TooManyPieces: return Outcome::TryAgain;
        case ReceiveStream::Verdict::BeyondCredit: break;
    }
    return Outcome::Broken;
}

bool Link::State::onAck(Instant at, const AckFrame& ack, Path& path) {
    if (ack.largest() >= m_nextNumber) return false;
    protection.acknowledged(ack.largest());
    // More than was agreed is not believed; RoundTrip sees to the details.
    const Duration delay = std::chrono::microseconds(std::min<std::uint64_t>(ack.delayMicroseconds, 1'000'000));
    for (Path& each : m_paths) {
        const auto onSamePath = each.number() == path.number() ? std::optional(delay) : std::nullopt;
        const auto result = each.loss().onAckReceived(at, ack.ranges(), onSamePath, *this);
        statistics.packetsLost += result.lost;
        if (result.acked > 0) onPathAnswered(each);
    }
    if (m_isBusy && streams.backlog() == 0) {
        m_isBusy = false;
        m_events.push_back(Drained{});
    }
    return true;
}

void Link::State::onPathAnswered(Path& path) {
    if (path.isSuspect()) path.challenge().stop();
    path.onAnswered();
    updatePreferred();
}

void Link::State::onResponse(Instant at, const ByteArray<8>& data, Path& path) {
    if (!path.challenge().answered(data)) return;
    if (const auto sample = path.challenge().roundTrip(at)) path.loss().roundTrip().addSample(*sample, {});
    if (!path.isValidated()) {
        path.setValidated();
        m_events.push_back(PathValidated{path.number()});
    }
    onPathAnswered(path);
    // The other end calls us by the same id on an older path: a NAT has probably moved it here.
    for (Path& older : m_paths)
        if (older.number() != path.number() && older.sharesOursWith(path)) doubtPath(at, older);
    reviewSuspects(at);
}

bool Link::State::onNewId(const NewIdFrame& frame) {
    if (frame.sequence > UINT32_MAX) return false;
    return m_theirs.add({static_cast<std::uint32_t>(frame.sequence), frame.id});
}

bool Link::State::onRetiredId(Instant at, std::uint64_t sequence) {
    if (!ours.wasIssued(sequence)) return false;
    const auto number = static_cast<std::uint32_t>(sequence);
    const auto id = ours.retire(number);
    if (!id) return true;
    m_events.push_back(IdRemoved{*id});
    topUpIds();
    const auto called =
        std::find_if(m_paths.begin(), m_paths.end(), [&](const Path& p) { return p.isCalledBy(number); });
    if (called != m_paths.end()) endPath(at, called->number(), Fault::Refused, Tell::Yes);
    return true;
}

void Link::State::onResetToken(const ResetTokenFrame& frame) {
    const auto isOf = [&](const Path& path) { return path.theirs().sequence == frame.sequence; };
    const auto sequence = static_cast<std::uint32_t>(frame.sequence);
    // Of others there is no use, and no end.
    if (std::ranges::any_of(m_paths, isOf) || m_theirs.isSpare(frame.sequence))
        m_theirResets.add(sequence, frame.token);
}

void Link::State::planAck(Instant at, std::uint64_t packet, bool atOnce, PathNumber path) {
    // What the delay in the ack is counted from: the newest packet that came on the way that the ack will take.
    if (path != m_ackPath || packet >= m_askedNumber) {
        m_askedNumber = packet;
        m_askedAt = at;
    }
    m_ackPath = path;
    if (m_unacked < UINT8_MAX) ++m_unacked;
    const bool isNow = atOnce || m_unacked >= 2;
    m_ackAt = std::min(m_ackAt, isNow ? at : at + kMaxAckDelay);
}

void Link::State::onAcked(const SentFrame& frame) {
    if (frame.kind == SentFrame::Kind::Ack) m_received.settle(frame.value);
    streams.onAcked(frame);
}

void Link::State::onLost(const SentFrame& frame) {
    const auto sequence = static_cast<std::uint32_t>(frame.value);
    switch (frame.kind) {
        case SentFrame::Kind::NewId: ours.tellAgain(sequence); return;
        case SentFrame::Kind::RetiredId: m_retiredToTell.push_back(sequence); return;
        default: streams.onLost(frame); return;
    }
}

void Link::State::hearDuringGoodbye() {
    if (!m_goodbye || ++m_goodbye->heard < m_goodbye->answerAt) return;
    // Twice as many packets have to come for each further goodbye.
    m_goodbye->answerAt = m_goodbye->heard * 2;
    m_goodbye->isDue = true;
}

}  // namespace kith::link
