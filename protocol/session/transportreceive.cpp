// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/transportstate.h"

// What comes in: from frame to the machine that it is for.
namespace kith::session {

namespace {

bool isRelayed(const Path& path) {
    return std::holds_alternative<ChannelPath>(path);
}

}  // namespace

void Transport::State::receiveStream(Now now, link::TcpNumber connection, ByteView bytes) {
    const auto fed = tcp.receive(now, connection, bytes);
    if (!fed) return;
    fed->carrier->feed(fed->plain);
    for (;;) {
        const auto frame = fed->carrier->nextFrame();
        if (!frame) {
            tcp.fail(connection, frame.error().fault);
            return;
        }
        if (!*frame) return;
        receiveFrame(now, TcpPath{connection}, **frame);
    }
}

void Transport::State::receiveFrame(Now now, const Path& path, ByteView bytes) {
    const auto frame = wire::parseFrame(bytes);
    if (!frame) {
        ++malformed;
        return;
    }
    switch (frame->type) {
        case wire::FrameType::Link: receivePacket(now, path, frame->body); return;
        case wire::FrameType::Media:
            if (!links.receiveMedia(path, frame->body, m_events)) ++framesHomeless;
            return;
        case wire::FrameType::Forward: receiveForward(now, path, frame->body); return;
        case wire::FrameType::Payload:
        case wire::FrameType::Resend: receivePayload(now, path, *frame); return;
        case wire::FrameType::Nack: receiveNack(now, path, *frame); return;
        default: return;
    }
}

void Transport::State::receivePacket(Now now, const Path& path, ByteView packet) {
    const auto receipt = links.receivePacket(now, path, packet);
    if (receipt.confirmed) handshakes.confirm(now, *receipt.confirmed);
    if (receipt.isKnown || links.receiveReset(now, path, packet)) return;
    ++packetsUnknown;
    reset(now, path, packet);
}

void Transport::State::reset(Now now, const Path& path, ByteView packet) {
    const auto id = link::linkIdOf(packet);
    // The token of a link that is about to open would end it later, in anybody's hands.
    if (!resets || !id || isRelayed(path) || handshakes.isRunning(*id)) return;
    if (const auto* udp = std::get_if<UdpPath>(&path); udp && !resets->limit.allow(now.at, udp->remote.address)) return;
    const auto answer = resets->key.answer(packet, environment.random);
    if (!answer) return;
    ++resetsSent;
    frames.send(now, path, wire::FrameType::Link, TcpCarrier::Importance::Timely, *answer);
}

void Transport::State::receiveForward(Now now, const Path& path, ByteView body) {
    if (isRelayed(path)) return;
    const auto via = links.nodeLinkOn(path);
    const auto forward = wire::parseForward(body);
    if (!via || !forward) {
        ++framesHomeless;
        return;
    }
    const ChannelPath channel{*via, forward->channel};
    if (links.isChannelOfOurs(channel) || handshakes.isConcernedWith(now, channel))
        receiveFrame(now, channel, forward->innerFrame);
    else
        m_events.emplace_back(ForwardReceived{*via, forward->channel, toBytes(forward->innerFrame)});
}

void Transport::State::receivePayload(Now now, const Path& path, const wire::FrameView& frame) {
    if (const auto command = uncover(now, path, frame)) receiveCommand(now, path, *command);
}

std::optional<Bytes> Transport::State::uncover(Now now, const Path& path, const wire::FrameView& frame) {
    if (const auto* udp = std::get_if<UdpPath>(&path)) {
        const bool answers = !options.serves.empty() || isKnown(now, *udp);
        const auto stranger = answers ? PayloadExchange::Stranger::Answer : PayloadExchange::Stranger::Ignore;
        return payloads.receive(now, udp->remote, frame, stranger, output.datagrams);
    }
    if (frame.type != wire::FrameType::Payload) return std::nullopt;
    // The keystream of the connection is all the cover there is.
    if (!isRelayed(path)) return toBytes(frame.body);
    const IpAddress none;
    auto payload = wire::readPayload(environment.obfuscation, frame.id, frame.body, none, std::span(&none, 1));
    if (!payload) return std::nullopt;
    return std::move(payload->command);
}

bool Transport::State::isKnown(Now now, const UdpPath& path) const {
    return probes.isProbing(path.remote) || links.isUsed(path) || handshakes.isConcernedWith(now, path);
}

void Transport::State::receiveNack(Now now, const Path& path, const wire::FrameView& frame) {
    const auto* udp = std::get_if<UdpPath>(&path);
    if (udp == nullptr) return;
    const auto ours = payloads.receiveNack(now, udp->remote, frame, output.datagrams);
    if (!ours) return;
    probes.resent(now, udp->remote);
    m_events.emplace_back(AddressLearned{*ours, udp->remote});
}

void Transport::State::receiveCommand(Now now, const Path& path, ByteView bytes) {
    const auto command = wire::parseCommand(bytes);
    if (!command) {
        ++malformed;
        return;
    }
    switch (command->number) {
        case wire::Probe::kNumber: receiveProbe(now, path, *command, bytes.size()); return;
        case wire::ProbeAccept::kNumber:
        case wire::ProbeRefuse::kNumber: receiveProbeAnswer(now, path, *command); return;
        case wire::HandshakePart::kNumber: receiveHandshake(now, path, *command); return;
        default: return;
    }
}

void Transport::State::receiveProbe(Now now, const Path& path, const wire::CommandView& command, std::size_t size) {
    const auto* udp = std::get_if<UdpPath>(&path);
    if (udp == nullptr || options.serves.empty() || !command.requestId) return;
    const auto probe = wire::decode<wire::Probe>(command);
    if (!probe) return;
    Bytes answer;
    if (probe->version != wire::kProtocolVersion)
        answer = wire::encodeCommand(wire::ProbeRefuse{}, command.requestId);
    else if (links.openCount() >= options.maxLinks)
        answer = wire::encodeCommand(wire::ProbeRefuse{alternatives}, command.requestId);
    else
        answer = wire::encodeCommand(wire::ProbeAccept{toBytes(tokens.make(now, udp->remote))}, command.requestId);
    if (answer.size() <= size) sendCommand(now, path, answer);
}

void Transport::State::receiveProbeAnswer(Now now, const Path& path, const wire::CommandView& command) {
    const auto* udp = std::get_if<UdpPath>(&path);
    if (udp == nullptr) return;
    auto outcome = probes.receive(now, udp->remote, command);
    if (!outcome) return;
    const bool isAccepted = std::holds_alternative<ProbeAccepted>(*outcome);
    const ProbeNumber number = std::visit([](const auto& o) { return o.probe; }, *outcome);
    if (!tokenWaits.isFor(number)) std::visit([&](auto& o) { m_events.emplace_back(std::move(o)); }, *outcome);
    for (auto& wait : tokenWaits.takeOf(udp->remote)) {
        probes.cancel(wait.probe);
        if (isAccepted)
            connectOverUdp(now, std::move(wait.connect), wait.remote);
        else
            failLink(wait.connect.number, Fault::Refused);
    }
}

void Transport::State::receiveHandshake(Now now, const Path& path, const wire::CommandView& command) {
    auto part = wire::decode<wire::HandshakePart>(command);
    if (!part) {
        ++malformed;
        return;
    }
    Handshakes::Newcomer newcomer{false, links.openCount() < options.maxLinks, std::nullopt};
    if (const auto* udp = std::get_if<UdpPath>(&path)) {
        newcomer.isAddressProven = part->token && tokens.isValid(now, udp->remote, *part->token);
        newcomer.address = udp->remote.address;
    } else if (const auto* connection = std::get_if<TcpPath>(&path)) {
        // On a connection that we opened, we are the ones who open links.
        newcomer.isAddressProven = connection->connection % 2 == 1;
        if (const auto remote = tcp.remoteOf(connection->connection)) newcomer.address = remote->address;
    }
    handshakes.receive(now, path, std::move(*part), newcomer);
    // At once: on a stream, the first packets of the link that this may have opened stand right behind.
    settleHandshakes(now);
}

}  // namespace kith::session
