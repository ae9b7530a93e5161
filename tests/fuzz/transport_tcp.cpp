// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/handshake.h"
#include "protocol/wire/tcpstream.h"
#include "tests/fuzz/transportfuzz.h"

// Bytes on a TCP connection to a supernode, behind the init packet and the keystream, cut at any place.
namespace kith::fuzz {

namespace {

constexpr link::TcpNumber kConnection = 1;

/// What a fair opener sends first.
Bytes opening(Scene& scene) {
    const auto start = wire::startTcp(scene.obfuscation(), wire::TcpEnd::Opener, 1);
    return toBytes(start.packet);
}

Bytes framed(ByteView frame) {
    Bytes out;
    ByteWriter writer(out);
    wire::writeStreamFrame(writer, frame);
    return out;
}

Bytes handshake(Input& input) {
    Bytes frame;
    ByteWriter writer(frame);
    wire::writeFrameHeader(writer, 1, wire::FrameType::Payload, 0);
    wire::HandshakePart part;
    part.role = input.number() % 3;
    part.ownLink.fill(static_cast<std::byte>(input.number() % 4));
    part.offset = input.number() % 2 == 0 ? 0 : input.number() * 16U;
    const ByteView tls = input.piece();
    part.tls = toBytes(tls.first(std::min(tls.size(), wire::kMaxHandshakePart)));
    append(frame, wire::encodeCommand(part));
    return framed(frame);
}

void act(Scene& scene, Input& input) {
    switch (input.number() % 6) {
        case 0: scene.server().receiveTcp(scene.now, kConnection, input.piece()); break;
        case 1: scene.server().receiveTcp(scene.now, kConnection, framed(input.piece())); break;
        case 2: scene.server().receiveTcp(scene.now, kConnection, handshake(input)); break;
        case 3: scene.server().tcpBacklog(scene.now, kConnection, input.number() * 256U); break;
        case 4: scene.advance(std::chrono::milliseconds(input.number() * 16)); break;
        default: scene.takeForStranger(); break;
    }
}

}  // namespace

}  // namespace kith::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kith::fuzz;
    Scene scene;
    scene.server().receive(scene.now, kith::link::TcpAccepted{kConnection, kStranger, kServer.port});
    Input input(data, size);
    if (input.number() % 8 != 0) scene.server().receiveTcp(scene.now, kConnection, opening(scene));
    for (int steps = 0; !input.atEnd() && steps < 64; ++steps) act(scene, input);
    return 0;
}
