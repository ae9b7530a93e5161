// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/rtp/rtcp.h"

#include "media/rtp/spanwriter.h"
#include "protocol/base/bytereader.h"

namespace kith::rtp {

namespace {

enum Type : std::uint8_t { kSenderReport = 200, kReceiverReport = 201, kSourceDescription = 202, kGoodbye = 203 };
constexpr std::uint8_t kCanonicalName = 1;
constexpr std::size_t kPartHeader = 4;
constexpr std::size_t kSenderInfoSize = 20;
constexpr std::size_t kBlockSize = 24;

struct Part {
    bool padded;
    std::uint8_t count;
    std::uint8_t type;
    std::size_t size;  ///< header included
};

Result<Part> partAt(ByteView bytes) {
    if (bytes.size() < kPartHeader) return fail(Fault::Truncated, "RTCP header");
    const auto first = std::to_integer<std::uint8_t>(bytes[0]);
    if (first >> 6 != 2) return fail(Fault::UnknownVersion, "RTCP version");
    const std::size_t words = std::to_integer<std::size_t>(bytes[2]) << 8 | std::to_integer<std::size_t>(bytes[3]);
    const Part part{(first & 0x20) != 0, static_cast<std::uint8_t>(first & 0x1F),
                    std::to_integer<std::uint8_t>(bytes[1]), (words + 1) * 4};
    if (part.size > bytes.size()) return fail(Fault::Truncated, "RTCP length");
    return part;
}

/// The caller has checked that the block is there.
ReportBlock readBlock(ByteReader& reader) {
    ReportBlock block;
    block.ssrc = *reader.u32();
    const std::uint32_t lost = *reader.u32();
    block.fractionLost = static_cast<std::uint8_t>(lost >> 24);
    block.cumulativeLost = static_cast<std::int32_t>(lost << 8) >> 8;
    block.highestSequence = *reader.u32();
    block.jitter = *reader.u32();
    block.lastReport = *reader.u32();
    block.delaySinceLastReport = *reader.u32();
    return block;
}

Result<ControlPacket> readReport(const Part& part, ByteReader reader) {
    const bool fromSender = part.type == kSenderReport;
    const std::size_t needed = 4 + (fromSender ? kSenderInfoSize : 0) + part.count * kBlockSize;
    if (reader.remaining() < needed) return fail(Fault::Truncated, "RTCP report");
    Report report;
    report.ssrc = *reader.u32();
    if (fromSender) {
        SenderInfo& info = report.sender.emplace();
        info.ntp = *reader.u64();
        info.timestamp = *reader.u32();
        info.packets = *reader.u32();
        info.octets = *reader.u32();
    }
    for (; report.blockCount < part.count; ++report.blockCount) report.blocks[report.blockCount] = readBlock(reader);
    return report;
}

/// The first chunk only: each of our ends describes one source.
Result<ControlPacket> readDescription(const Part& part, ByteReader reader) {
    if (part.count == 0) return OtherControl{part.type};
    const auto ssrc = reader.u32();
    if (!ssrc) return fail(Fault::Truncated, "RTCP description");
    for (;;) {
        const auto item = reader.u8();
        if (!item) return fail(Fault::Truncated, "RTCP description");
        if (*item == 0) return SourceName{*ssrc, {}};
        const auto length = reader.u8();
        const auto text = length ? reader.bytes(*length) : fail(Fault::Truncated);
        if (!text) return fail(Fault::Truncated, "RTCP description");
        if (*item == kCanonicalName) return SourceName{*ssrc, asText(*text)};
    }
}

Result<ControlPacket> readGoodbye(const Part& part, ByteReader reader) {
    if (part.count == 0) return OtherControl{part.type};
    const auto ssrc = reader.u32();
    if (!ssrc) return fail(Fault::Truncated, "RTCP goodbye");
    return Goodbye{*ssrc};
}

void writePartHeader(SpanWriter& writer, std::size_t count, std::uint8_t type, std::size_t size) {
    writer.number(static_cast<std::uint8_t>(0x80 | count)).number(type);
    writer.number(static_cast<std::uint16_t>(size / 4 - 1));
}

void writeBlock(SpanWriter& writer, const ReportBlock& block) {
    writer.number(block.ssrc);
    writer.number(static_cast<std::uint32_t>(block.fractionLost) << 24 |
                  (static_cast<std::uint32_t>(block.cumulativeLost) & 0xFFFFFF));
    writer.number(block.highestSequence).number(block.jitter);
    writer.number(block.lastReport).number(block.delaySinceLastReport);
}

/// Item, zero byte, and zeros up to a multiple of four.
std::size_t descriptionSize(std::string_view name) {
    return (kPartHeader + 4 + 2 + name.size() + 1 + 3) / 4 * 4;
}

void writeDescription(SpanWriter& writer, std::uint32_t ssrc, std::string_view name) {
    const std::size_t size = descriptionSize(name);
    const std::size_t end = writer.size() + size;
    writePartHeader(writer, 1, kSourceDescription, size);
    writer.number(ssrc).number(kCanonicalName).number(static_cast<std::uint8_t>(name.size())).bytes(asBytes(name));
    while (writer.size() < end) writer.number(std::uint8_t{0});
}

}  // namespace

Result<CompoundReader> CompoundReader::open(ByteView bytes) {
    if (bytes.empty()) return fail(Fault::Truncated, "RTCP packet");
    for (ByteView rest = bytes; !rest.empty();) {
        const auto part = partAt(rest);
        if (!part) return tl::make_unexpected(part.error());
        rest = rest.subspan(part->size);
        if (part->padded && !rest.empty()) return fail(Fault::Malformed, "RTCP padding");
    }
    return CompoundReader(bytes);
}

Result<ControlPacket> CompoundReader::next() {
    const auto part = partAt(m_rest);
    if (!part) {
        m_rest = {};
        return tl::make_unexpected(part.error());
    }
    const ByteReader body(m_rest.subspan(kPartHeader, part->size - kPartHeader));
    m_rest = m_rest.subspan(part->size);
    switch (part->type) {
        case kSenderReport:
        case kReceiverReport: return readReport(*part, body);
        case kSourceDescription: return readDescription(*part, body);
        case kGoodbye: return readGoodbye(*part, body);
        default: return OtherControl{part->type};
    }
}

Result<std::size_t> writeReport(const Report& report, std::string_view name, ByteSpan out) {
    if (report.blockCount > Report::kMaxBlocks || name.size() > 255) return fail(Fault::InvalidArgument, "RTCP report");
    const std::size_t size = kPartHeader + 4 + (report.sender ? kSenderInfoSize : 0) + report.blockCount * kBlockSize;
    if (size + (name.empty() ? 0 : descriptionSize(name)) > out.size()) return fail(Fault::TooLarge, "RTCP report");

    SpanWriter writer(out);
    writePartHeader(writer, report.blockCount, report.sender ? kSenderReport : kReceiverReport, size);
    writer.number(report.ssrc);
    if (const auto& info = report.sender)
        writer.number(info->ntp).number(info->timestamp).number(info->packets).number(info->octets);
    for (std::size_t i = 0; i < report.blockCount; ++i) writeBlock(writer, report.blocks[i]);
    if (!name.empty()) writeDescription(writer, report.ssrc, name);
    return writer.size();
}

}  // namespace kith::rtp
