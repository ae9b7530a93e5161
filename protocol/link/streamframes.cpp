// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/streamframes.h"

#include <algorithm>

#include "protocol/base/bytewriter.h"

namespace kith::link {

namespace {

enum class Type : std::uint8_t {
    Padding,
    Ping,
    Ack,
    Stream,
    LinkCredit,
    StreamCredit,
    PathChallenge,
    PathResponse,
    NewId,
    RetiredId,
    Close,
    ResetToken
};

ByteWriter begin(Bytes& out, Type type) {
    ByteWriter writer(out);
    writer.u8(static_cast<std::uint8_t>(type));
    return writer;
}

/// Reasons have numbers of their own on the wire: the list of faults may be put in another order, these may not.
constexpr std::array<std::pair<Fault, std::uint64_t>, 13> kReasons{{{Fault::Refused, 1},
                                                                    {Fault::Busy, 2},
                                                                    {Fault::TimedOut, 3},
                                                                    {Fault::Malformed, 4},
                                                                    {Fault::ConnectionLost, 5},
                                                                    {Fault::CertificateInvalid, 6},
                                                                    {Fault::CertificateDates, 7},
                                                                    {Fault::CredentialExpired, 8},
                                                                    {Fault::AccountDisabled, 9},
                                                                    {Fault::NotAContact, 10},
                                                                    {Fault::NotSignedIn, 11},
                                                                    {Fault::Replayed, 12},
                                                                    {Fault::UnknownVersion, 13}}};

std::uint64_t numberOf(Fault reason) {
    const auto at = std::find_if(kReasons.begin(), kReasons.end(), [&](const auto& r) { return r.first == reason; });
    return at == kReasons.end() ? 0 : at->second;
}

/// A reason of a later version is still a goodbye.
Fault reasonOf(std::uint64_t number) {
    const auto at = std::find_if(kReasons.begin(), kReasons.end(), [&](const auto& r) { return r.second == number; });
    return at == kReasons.end() ? Fault::ConnectionLost : at->first;
}

Result<Frame> readAck(ByteReader& reader) {
    AckFrame ack;
    const auto largest = reader.varint();
    const auto delay = largest ? reader.varint() : largest;
    const auto further = delay ? reader.varint() : delay;
    auto below = further ? reader.varint() : further;
    if (!below) return tl::make_unexpected(below.error());
    if (*largest == UINT64_MAX || *below > *largest) return fail(Fault::Malformed, "first range of an ack");
    if (*further >= kMaxAckRanges) return fail(Fault::TooLarge, "ranges of an ack");

    ack.delayMicroseconds = *delay;
    ack.list[ack.count++] = {*largest - *below, *largest + 1};
    for (std::uint64_t i = 0; i < *further; ++i) {
        const std::uint64_t above = ack.list[ack.count - 1U].first;
        const auto missing = reader.varint();
        const auto size = missing ? reader.varint() : missing;
        if (!size) return tl::make_unexpected(size.error());
        // The range ends below the missing numbers and starts at 0 at the lowest.
        if (above < 2 || *missing > above - 2) return fail(Fault::Malformed, "gap of an ack");
        const std::uint64_t end = above - 1 - *missing;
        if (*size >= end) return fail(Fault::Malformed, "range of an ack");
        ack.list[ack.count++] = {end - 1 - *size, end};
    }
    return Frame(ack);
}

Result<StreamNumber> readStreamNumber(ByteReader& reader) {
    const auto stream = reader.u8();
    if (stream && *stream >= kStreamCount) return fail(Fault::Malformed, "stream number");
    return stream;
}

Result<Frame> readStream(ByteReader& reader) {
    const auto stream = readStreamNumber(reader);
    if (!stream) return tl::make_unexpected(stream.error());
    const auto offset = reader.varint();
    const auto length = offset ? reader.varint() : offset;
    if (!length) return tl::make_unexpected(length.error());
    if (*length == 0 || *length > reader.remaining()) return fail(Fault::Truncated, "bytes of a stream");
    if (*offset > UINT64_MAX - *length) return fail(Fault::Malformed, "offset of a stream");
    return Frame(StreamFrame{*stream, *offset, *reader.bytes(*length)});
}

Result<Frame> readStreamCredit(ByteReader& reader) {
    const auto stream = readStreamNumber(reader);
    if (!stream) return tl::make_unexpected(stream.error());
    return reader.varint().map([&](std::uint64_t limit) { return Frame(StreamCreditFrame{*stream, limit}); });
}

Result<Frame> readNewId(ByteReader& reader) {
    const auto sequence = reader.varint();
    if (!sequence) return tl::make_unexpected(sequence.error());
    return reader.array<8>().map([&](const auto& id) { return Frame(NewIdFrame{*sequence, LinkId{id}}); });
}

Result<Frame> readResetToken(ByteReader& reader) {
    const auto sequence = reader.varint();
    if (!sequence) return tl::make_unexpected(sequence.error());
    return reader.array<16>().map([&](const auto& token) { return Frame(ResetTokenFrame{*sequence, token}); });
}

template <class F>
Result<Frame> readData(ByteReader& reader) {
    return reader.array<8>().map([](const auto& data) { return Frame(F{data}); });
}

template <class F>
Result<Frame> readNumber(ByteReader& reader) {
    return reader.varint().map([](std::uint64_t number) { return Frame(F{number}); });
}

}  // namespace

Result<Frame> readFrame(ByteReader& reader) {
    const auto type = reader.u8();
    if (!type) return tl::make_unexpected(type.error());
    switch (static_cast<Type>(*type)) {
        case Type::Padding: return Frame(PaddingFrame{});
        case Type::Ping: return Frame(PingFrame{});
        case Type::Ack: return readAck(reader);
        case Type::Stream: return readStream(reader);
        case Type::LinkCredit: return readNumber<LinkCreditFrame>(reader);
        case Type::StreamCredit: return readStreamCredit(reader);
        case Type::PathChallenge: return readData<PathChallengeFrame>(reader);
        case Type::PathResponse: return readData<PathResponseFrame>(reader);
        case Type::NewId: return readNewId(reader);
        case Type::RetiredId: return readNumber<RetiredIdFrame>(reader);
        case Type::Close:
            return reader.varint().map([](std::uint64_t number) { return Frame(CloseFrame{reasonOf(number)}); });
        case Type::ResetToken: return readResetToken(reader);
    }
    return fail(Fault::Malformed, "type of a sealed frame");
}

bool asksForAck(const Frame& frame) {
    return std::holds_alternative<PingFrame>(frame) || std::holds_alternative<StreamFrame>(frame) ||
           std::holds_alternative<LinkCreditFrame>(frame) || std::holds_alternative<StreamCreditFrame>(frame) ||
           std::holds_alternative<NewIdFrame>(frame) || std::holds_alternative<RetiredIdFrame>(frame) ||
           std::holds_alternative<ResetTokenFrame>(frame);
}

void writeFrame(Bytes& out, const PingFrame&) {
    begin(out, Type::Ping);
}

void writeFrame(Bytes& out, const AckFrame& frame, std::size_t room) {
    const auto ranges = frame.ranges();
    const Range& first = ranges.front();
    std::size_t used = 2 + ByteWriter::varintSize(frame.largest()) + ByteWriter::varintSize(frame.delayMicroseconds) +
                       ByteWriter::varintSize(first.size() - 1);
    std::size_t further = 0;
    for (std::size_t i = 1; i < ranges.size(); ++i, ++further) {
        used += ByteWriter::varintSize(ranges[i - 1].first - ranges[i].end - 1) +
                ByteWriter::varintSize(ranges[i].size() - 1);
        if (used > room) break;
    }

    auto writer = begin(out, Type::Ack);
    writer.varint(frame.largest()).varint(frame.delayMicroseconds).varint(further).varint(first.size() - 1);
    for (std::size_t i = 1; i <= further; ++i)
        writer.varint(ranges[i - 1].first - ranges[i].end - 1).varint(ranges[i].size() - 1);
}

void writeFrame(Bytes& out, const StreamFrame& frame) {
    begin(out, Type::Stream).u8(frame.stream).varint(frame.offset).varint(frame.bytes.size()).bytes(frame.bytes);
}

void writeFrame(Bytes& out, const LinkCreditFrame& frame) {
    begin(out, Type::LinkCredit).varint(frame.limit);
}

void writeFrame(Bytes& out, const StreamCreditFrame& frame) {
    begin(out, Type::StreamCredit).u8(frame.stream).varint(frame.limit);
}

void writeFrame(Bytes& out, const PathChallengeFrame& frame) {
    begin(out, Type::PathChallenge).bytes(frame.data);
}

void writeFrame(Bytes& out, const PathResponseFrame& frame) {
    begin(out, Type::PathResponse).bytes(frame.data);
}

void writeFrame(Bytes& out, const NewIdFrame& frame) {
    begin(out, Type::NewId).varint(frame.sequence).bytes(frame.id.bytes);
}

void writeFrame(Bytes& out, const RetiredIdFrame& frame) {
    begin(out, Type::RetiredId).varint(frame.sequence);
}

void writeFrame(Bytes& out, const CloseFrame& frame) {
    begin(out, Type::Close).varint(numberOf(frame.reason));
}

void writeFrame(Bytes& out, const ResetTokenFrame& frame) {
    begin(out, Type::ResetToken).varint(frame.sequence).bytes(frame.token);
}

std::size_t streamBytesThatFit(std::size_t room, std::uint64_t offset) {
    const std::size_t fixed = 2 + ByteWriter::varintSize(offset);
    if (room < fixed + 2) return 0;
    const std::size_t left = room - fixed;
    return left - ByteWriter::varintSize(left);
}

}  // namespace kith::link
