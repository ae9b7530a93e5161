// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/streamframes.h"
#include "tests/fuzz/require.h"

// The body of a sealed packet, as a peer with the keys may have made it.
namespace kith::fuzz {

namespace {

using namespace kith::link;

void write(Bytes& out, const PaddingFrame&) {
    out.push_back(std::byte{0});
}
void write(Bytes& out, const AckFrame& frame) {
    writeFrame(out, frame, 4096);
}
void write(Bytes& out, const auto& frame) {
    writeFrame(out, frame);
}

void checkAck(const AckFrame& ack) {
    require(ack.count > 0 && ack.count <= kMaxAckRanges);
    std::uint64_t above = UINT64_MAX;
    for (const Range& range : ack.ranges()) {
        require(range.first < range.end && range.end < above);
        above = range.first;
    }
}

/// What was read is written as it stood: there is one way to say a thing. Only reasons nobody knows become one.
void readAll(ByteView body) {
    ByteReader reader(body);
    while (!reader.atEnd()) {
        const std::size_t before = reader.remaining();
        const auto frame = readFrame(reader);
        if (!frame) return;
        const ByteView read = body.subspan(body.size() - before, before - reader.remaining());
        if (const auto* ack = std::get_if<AckFrame>(&*frame)) checkAck(*ack);
        Bytes again;
        std::visit([&](const auto& one) { write(again, one); }, *frame);
        if (!std::holds_alternative<CloseFrame>(*frame)) require(again == toBytes(read));
        if (const auto* stream = std::get_if<StreamFrame>(&*frame))
            require(stream->stream < kStreamCount && !stream->bytes.empty());
    }
}

}  // namespace

}  // namespace kith::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kith::fuzz::readAll(std::as_bytes(std::span(data, size)));
    return 0;
}
