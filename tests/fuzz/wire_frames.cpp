// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/nack.h"
#include "protocol/wire/payload.h"
#include "tests/fuzz/require.h"

// One frame in clear; and, as the key of the obfuscation is known, the command that a frame is made around.
namespace kith::fuzz {

namespace {

const IpAddress kSource = IpAddress::v4(192, 0, 2, 1);
const IpAddress kDestination = IpAddress::v4(198, 51, 100, 7);

void parse(ByteView bytes) {
    wire::SeedObfuscation obfuscation;
    const auto frame = wire::parseFrame(bytes);
    if (!frame) return;
    require(frame->body.size() + wire::kFrameHeaderSize == bytes.size());
    const IpAddress ours[] = {kDestination, {}};
    static_cast<void>(wire::readPayload(obfuscation, frame->id, frame->body, kSource, ours));
    static_cast<void>(wire::readResend(obfuscation, frame->id, frame->body, kSource));
    static_cast<void>(wire::parseForward(frame->body));
    if (const auto nack = wire::parseNack(frame->body)) {
        Bytes made;
        ByteWriter writer(made);
        wire::writeNack(writer, {frame->id, 0}, *nack);
        require(wire::parseNack(ByteView(made).subspan(wire::kFrameHeaderSize)) == *nack);
        require(made.size() == bytes.size() && made.size() == wire::nackSize(nack->seen));
    }
    if (const auto info = wire::parseNatInfo(frame->body)) {
        Bytes made;
        ByteWriter writer(made);
        wire::writeNatInfo(writer, {frame->id, 0}, *info);
        require(made.size() == bytes.size());
    }
}

void coverAndUncover(ByteView command) {
    wire::SeedObfuscation obfuscation;
    const wire::AddressPair addresses{kSource, kDestination};
    Bytes payload;
    wire::writePayload(payload, obfuscation, {1, 0xff}, addresses, 7, command);
    const auto payloadFrame = wire::parseFrame(payload);
    const auto read = wire::readPayload(obfuscation, 1, payloadFrame->body, kSource, std::span(&kDestination, 1));
    require(read && read->command == toBytes(command));
    Bytes resend;
    wire::writeResend(resend, obfuscation, {1, 0}, addresses, 9, command);
    const auto resendFrame = wire::parseFrame(resend);
    const auto again = wire::readResend(obfuscation, 1, resendFrame->body, kSource);
    require(again && again->command == toBytes(command) && again->value == 9);
}

}  // namespace

}  // namespace kith::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const kith::ByteView bytes = std::as_bytes(std::span(data, size));
    kith::fuzz::parse(bytes);
    kith::fuzz::coverAndUncover(bytes);
    return 0;
}
