// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <variant>

#include "protocol/base/bytereader.h"
#include "protocol/base/bytes.h"
#include "protocol/base/error.h"
#include "protocol/base/instant.h"
#include "protocol/base/result.h"
#include "protocol/link/link.h"
#include "protocol/link/ranges.h"

/// What stands in the body of a sealed packet, one after the other: a type byte and its fields. Numbers are varints
/// (ByteReader::varint) unless a size is given. Only ping, stream, the two credits, new id, retired id and reset token
/// ask for an acknowledgement.
///
///   0 padding          nothing, one byte each
///   1 ping             nothing
///   2 ack              largest, delay in microseconds, count of further ranges, numbers below the largest in the first
///                      range; then for each further range: numbers missing above it - 1, numbers in it - 1
///   3 stream           stream (1), offset, length, bytes
///   4 link credit      sum of all streams' bytes that may be sent
///   5 stream credit    stream (1), bytes of it that may be sent
///   6 path challenge   data (8)
///   7 path response    data (8)
///   8 new id           sequence, link id (8)
///   9 retired id       sequence
///   10 close           reason
///   11 reset token     sequence of a link id, token (16)
namespace kith::link {

/// No more is told in one ack.
inline constexpr std::size_t kMaxAckRanges = 32;

struct PaddingFrame {};
struct PingFrame {};
struct AckFrame {
    std::uint64_t delayMicroseconds = 0;
    std::uint8_t count = 0;
    std::array<Range, kMaxAckRanges> list;  ///< newest first

    [[nodiscard]] std::span<const Range> ranges() const { return {list.data(), count}; }
    [[nodiscard]] std::uint64_t largest() const { return list[0].end - 1; }
};
struct StreamFrame {
    StreamNumber stream;
    std::uint64_t offset;
    ByteView bytes;
};
struct LinkCreditFrame {
    std::uint64_t limit;
};
struct StreamCreditFrame {
    StreamNumber stream;
    std::uint64_t limit;
};
struct PathChallengeFrame {
    ByteArray<8> data;
};
struct PathResponseFrame {
    ByteArray<8> data;
};
struct NewIdFrame {
    std::uint64_t sequence;
    LinkId id;
};
struct RetiredIdFrame {
    std::uint64_t sequence;
};
struct CloseFrame {
    Fault reason;
};
struct ResetTokenFrame {
    std::uint64_t sequence;
    ResetToken token;
};

using Frame =
    std::variant<PaddingFrame, PingFrame, AckFrame, StreamFrame, LinkCreditFrame, StreamCreditFrame, PathChallengeFrame,
                 PathResponseFrame, NewIdFrame, RetiredIdFrame, CloseFrame, ResetTokenFrame>;

/// Stream frames look into the reader's input.
Result<Frame> readFrame(ByteReader& reader);
bool asksForAck(const Frame& frame);

/// The most that a frame but ack, stream and reset token takes.
inline constexpr std::size_t kMaxSmallFrame = 1 + 10 + 8;
inline constexpr std::size_t kMaxResetToken = 1 + 10 + 16;

void writeFrame(Bytes& out, const PingFrame& frame);
/// Leaves out the oldest ranges if `room` bytes don't hold them all; needs 32 bytes.
void writeFrame(Bytes& out, const AckFrame& frame, std::size_t room);
void writeFrame(Bytes& out, const StreamFrame& frame);
void writeFrame(Bytes& out, const LinkCreditFrame& frame);
void writeFrame(Bytes& out, const StreamCreditFrame& frame);
void writeFrame(Bytes& out, const PathChallengeFrame& frame);
void writeFrame(Bytes& out, const PathResponseFrame& frame);
void writeFrame(Bytes& out, const NewIdFrame& frame);
void writeFrame(Bytes& out, const RetiredIdFrame& frame);
void writeFrame(Bytes& out, const CloseFrame& frame);
void writeFrame(Bytes& out, const ResetTokenFrame& frame);

/// How many bytes of a stream fit into `room` at this offset, header included; 0: not even one.
std::size_t streamBytesThatFit(std::size_t room, std::uint64_t offset);

}  // namespace kith::link
