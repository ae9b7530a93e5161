// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "protocol/base/bytes.h"
#include "protocol/base/instant.h"
#include "protocol/base/result.h"

/// RTCP (RFC 3550 section 6): what two ends of a call tell each other about how it goes.
namespace kith::rtp {

/// How often each end tells; the few people of a call need no longer one (section 6.2).
inline constexpr Duration kReportInterval = std::chrono::seconds(1);

/// How one source is received, section 6.4.1.
struct ReportBlock {
    std::uint32_t ssrc = 0;
    std::uint8_t fractionLost = 0;      ///< of 256, since the report before
    std::int32_t cumulativeLost = 0;    ///< 24 bits with sign: duplicates make it negative
    std::uint32_t highestSequence = 0;  ///< extended by the count of wraps
    std::uint32_t jitter = 0;           ///< in units of the timestamp
    std::uint32_t lastReport = 0;       ///< middle 32 bits of the NTP time of their last sender report; 0: none yet
    std::uint32_t delaySinceLastReport = 0;  ///< in 1/65536 s
    friend bool operator==(const ReportBlock&, const ReportBlock&) = default;
};

struct SenderInfo {
    std::uint64_t ntp = 0;  ///< 32.32 fixed point; any clock will do as long as it is always the same
    std::uint32_t timestamp = 0;
    std::uint32_t packets = 0;
    std::uint32_t octets = 0;
    friend bool operator==(const SenderInfo&, const SenderInfo&) = default;
};

/// Sender report if `sender` is there, else receiver report.
struct Report {
    static constexpr std::size_t kMaxBlocks = 31;
    std::uint32_t ssrc = 0;
    std::optional<SenderInfo> sender{};
    std::array<ReportBlock, kMaxBlocks> blocks{};
    std::size_t blockCount = 0;
};

/// The canonical name of one source; other items are skipped.
struct SourceName {
    std::uint32_t ssrc = 0;
    std::string_view name{};
};

struct Goodbye {
    std::uint32_t ssrc = 0;
};

/// Anything else that is well-formed: application, feedback, extended reports.
struct OtherControl {
    std::uint8_t type = 0;
};

using ControlPacket = std::variant<Report, SourceName, Goodbye, OtherControl>;

/// Goes through a compound packet, or a reduced one of a single part (RFC 5506). Views live as long as the bytes.
class CompoundReader {
public:
    /// The whole is checked first: versions and lengths must add up, only the last part may be padded.
    static Result<CompoundReader> open(ByteView bytes);

    [[nodiscard]] bool atEnd() const { return m_rest.empty(); }
    /// The next part; after an error the reader stands behind that part and can go on.
    Result<ControlPacket> next();

private:
    explicit CompoundReader(ByteView bytes) : m_rest(bytes) {}

    ByteView m_rest;
};

/// Writes a report, followed by the source's name unless it is empty (then the packet is of the reduced form). Returns
/// the size; TooLarge if it doesn't fit.
Result<std::size_t> writeReport(const Report& report, std::string_view name, ByteSpan out);

}  // namespace kith::rtp
