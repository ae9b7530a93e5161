// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/handshake.h"
#include "protocol/wire/nack.h"
#include "protocol/wire/payload.h"
#include "tests/fuzz/transportfuzz.h"

// Datagrams that strangers and the network make up, behind the checksum of the obfuscation, for a supernode with a
// client. Besides not breaking, a stranger without token never gets more than it sent.
namespace kith::fuzz {

namespace {

Bytes payload(Scene& scene, const Endpoint& from, const Endpoint& to, ByteView command) {
    Bytes out;
    wire::writePayload(out, scene.obfuscation(), {static_cast<wire::FrameId>(scene.random().u32()), 0},
                       {from.address, to.address}, scene.random().u32(), command);
    return out;
}

Bytes frame(wire::FrameType type, ByteView body) {
    Bytes out;
    ByteWriter writer(out);
    wire::writeFrameHeader(writer, 1, type, 0);
    append(out, body);
    return out;
}

Bytes handshakePart(Input& input) {
    wire::HandshakePart part;
    part.role = input.number() % 4;
    part.ownLink.fill(static_cast<std::byte>(input.number() % 4));
    if (input.number() % 4 == 0) part.otherLink = part.ownLink;
    part.offset = input.number() % 2 == 0 ? 0 : input.number() * 16U;
    const ByteView tls = input.piece();
    part.tls = toBytes(tls.first(std::min(tls.size(), wire::kMaxHandshakePart)));
    for (std::uint8_t count = input.number() % 5; count > 0; --count) part.received.push_back(input.number());
    return wire::encodeCommand(part);
}

void toServer(Scene& scene, const Endpoint& from, ByteView datagram) {
    if (from != kStranger) {
        scene.server().receiveDatagram(scene.now, from, datagram);
        return;
    }
    // Until the transport has time to repeat itself, what comes back was caused by this.
    scene.takeForStranger();
    scene.server().receiveDatagram(scene.now, from, datagram);
    if (scene.takeForStranger() > datagram.size()) std::abort();
}

void act(Scene& scene, Input& input) {
    const std::uint8_t what = input.number();
    const Endpoint from = what % 2 == 0 ? kStranger : kClient;
    switch (what / 2 % 8) {
        case 0: toServer(scene, from, input.piece()); break;
        case 1: toServer(scene, from, payload(scene, from, kServer, input.piece())); break;
        case 2: toServer(scene, from, payload(scene, from, kServer, handshakePart(input))); break;
        case 3: toServer(scene, from, frame(static_cast<wire::FrameType>(input.number() % 16), input.piece())); break;
        case 4:
            scene.client().receiveDatagram(scene.now, kServer, payload(scene, kServer, kClient, input.piece()));
            break;
        case 5:
            scene.client().receiveDatagram(scene.now, kServer, frame(wire::FrameType::Forward, input.piece()));
            break;
        case 6: scene.pump(); break;
        default: scene.advance(std::chrono::milliseconds(input.number() * 16)); break;
    }
}

}  // namespace

}  // namespace kith::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kith::fuzz;
    Scene scene;
    Input input(data, size);
    if (input.number() % 2 == 0) scene.openLink();
    for (int steps = 0; !input.atEnd() && steps < 64; ++steps) act(scene, input);
    return 0;
}
