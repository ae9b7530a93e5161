// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>

#include "media/rtp/packet.h"
#include "media/rtp/rtcp.h"
#include "tests/fuzz/require.h"

using namespace kith;
using fuzz::require;

namespace {

/// What was read can be written and is then read as the same.
void roundTrip(const rtp::Packet& packet) {
    ByteArray<4096> out;
    const auto size = rtp::write(packet, out);
    if (!size) return;  // longer than a packet of ours
    const auto again = rtp::parse(ByteView(out).first(*size));
    require(again.has_value() && again->sequence == packet.sequence && again->timestamp == packet.timestamp &&
            again->ssrc == packet.ssrc && again->marker == packet.marker && again->payloadType == packet.payloadType &&
            again->level == packet.level && toBytes(again->payload) == toBytes(packet.payload));
}

void roundTrip(const rtp::Report& report) {
    ByteArray<4096> out;
    const auto size = rtp::writeReport(report, "name", out);
    require(size.has_value());
    auto reader = rtp::CompoundReader::open(ByteView(out).first(*size));
    require(reader.has_value());
    const auto again = reader->next();
    require(again.has_value());
    const auto& read = std::get<rtp::Report>(*again);
    require(read.ssrc == report.ssrc && read.sender == report.sender && read.blockCount == report.blockCount);
    for (std::size_t i = 0; i < read.blockCount; ++i) require(read.blocks[i] == report.blocks[i]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
    if (const auto packet = rtp::parse(bytes)) roundTrip(*packet);
    auto reader = rtp::CompoundReader::open(bytes);
    while (reader && !reader->atEnd()) {
        const auto part = reader->next();
        if (!part) continue;
        if (const auto* report = std::get_if<rtp::Report>(&*part)) roundTrip(*report);
    }
    return 0;
}
