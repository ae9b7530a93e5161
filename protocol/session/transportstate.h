// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/link/resets.h"
#include "protocol/session/handshakes.h"
#include "protocol/session/openlinks.h"
#include "protocol/session/payloadexchange.h"
#include "protocol/session/probes.h"
#include "protocol/session/tokenwaits.h"
#include "protocol/session/transport.h"

namespace kith::session {

/// What a Transport is made of, and nothing more: which machine gets what, and what one says to the others. In two
/// files: transport.cpp (verbs, questions, what goes out), transportreceive.cpp (what comes in).
class Transport::State {
public:
    State(Transport::Options options, Environment environment);

    // transport.cpp
    LinkNumber connect(Now now, Role role, const Path& path, const std::optional<PeerSecret>& secret);
    void close(Now now, LinkNumber link, Fault reason);
    void addPath(Now now, LinkNumber link, const Path& path);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    /// Lets everything run to its end: to be called last by every door and verb that has the time.
    void settle(Now now);
    void take(link::CarrierOutput& out, std::vector<Event>& events);

    // transportreceive.cpp
    void receiveFrame(Now now, const Path& path, ByteView frame);
    void receiveStream(Now now, link::TcpNumber connection, ByteView bytes);

    Transport::Options options;
    Environment environment;
    CredentialSet credentials;
    std::vector<Endpoint> alternatives;
    link::CarrierOutput output;
    AddressTokens tokens;
    PayloadExchange payloads;
    Probes probes;
    TokenWaits tokenWaits;
    Handshakes handshakes;
    TcpCarriers tcp;
    FrameOut frames;
    struct Resets {
        link::ResetKey key;
        NackLimit limit;
    };
    std::unique_ptr<Resets> resets;  ///< null: none are sent
    OpenLinks links;
    Now lastNow;  ///< for what is told without a time
    std::uint64_t malformed = 0;
    std::uint64_t packetsUnknown = 0;
    std::uint64_t resetsSent = 0;
    std::uint64_t framesHomeless = 0;

private:
    void receivePacket(Now now, const Path& path, ByteView packet);
    /// Tells its sender that its link is no more.
    void reset(Now now, const Path& path, ByteView packet);
    void receivePayload(Now now, const Path& path, const wire::FrameView& frame);
    void receiveForward(Now now, const Path& path, ByteView body);
    void receiveCommand(Now now, const Path& path, ByteView bytes);
    void receiveProbe(Now now, const Path& path, const wire::CommandView& command, std::size_t size);
    void receiveProbeAnswer(Now now, const Path& path, const wire::CommandView& command);
    void receiveHandshake(Now now, const Path& path, const wire::CommandView& command);
    void receiveNack(Now now, const Path& path, const wire::FrameView& frame);
    [[nodiscard]] std::optional<Bytes> uncover(Now now, const Path& path, const wire::FrameView& frame);
    [[nodiscard]] bool isKnown(Now now, const UdpPath& path) const;

    void connectOverUdp(Now now, Handshakes::Connect connect, const Endpoint& remote);
    [[nodiscard]] bool isUsable(const Path& path);
    [[nodiscard]] Duration guessRoundTrip(const Path& path) const;
    bool settleHandshakes(Now now);
    bool settleTcp(Now now);
    bool settleLinks(Now now);
    void settleProbes(Now now);
    void apply(Now now, Handshakes::Opened& opened);
    void apply(Now now, Handshakes::Failed& failed);
    void apply(Now now, Handshakes::Revoked& revoked);
    void sendCommand(Now now, const Path& path, ByteView command);
    void failLink(LinkNumber link, Fault reason);

    LinkNumber m_lastLink = 0;
    std::vector<Event> m_events;
    Instant m_lastTake{};
};

}  // namespace kith::session
