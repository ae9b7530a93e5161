// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/command.h"

namespace kith::wire {

namespace {

constexpr std::uint64_t kReplyBit = 1;
constexpr std::uint64_t kRequestIdBit = 2;
constexpr std::uint64_t kReservedBit = 4;
constexpr unsigned kFlagBits = 3;

struct Header {
    std::size_t bodySize;
    std::uint64_t word;
};

Result<Header> readHeader(ByteReader& reader) {
    const auto size = reader.varint();
    if (!size) return tl::make_unexpected(size.error());
    if (*size > kMaxCommandBody) return fail(Fault::TooLarge, "command");
    const auto word = reader.varint();
    if (!word) return tl::make_unexpected(word.error());
    if (*word >> kFlagBits > kMaxCommandNumber) return fail(Fault::TooLarge, "number of a command");
    if ((*word & kReservedBit) != 0) return fail(Fault::Malformed, "reserved bit of a command");
    return Header{static_cast<std::size_t>(*size), *word};
}

}  // namespace

Result<CommandView> parseCommand(ByteView bytes) {
    ByteReader reader(bytes);
    const auto header = readHeader(reader);
    if (!header) return tl::make_unexpected(header.error());
    if (reader.remaining() < header->bodySize) return fail(Fault::Truncated, "command");
    if (reader.remaining() > header->bodySize) return fail(Fault::TrailingBytes, "command");
    CommandView out;
    out.number = static_cast<CommandNumber>(header->word >> kFlagBits);
    out.reply = (header->word & kReplyBit) != 0;
    if ((header->word & kRequestIdBit) != 0) {
        const auto requestId = reader.u16();
        if (!requestId) return tl::make_unexpected(requestId.error());
        out.requestId = *requestId;
    }
    out.objects = reader.rest();
    if (out.objects.empty()) return fail(Fault::Truncated, "command");
    return out;
}

Result<std::optional<std::size_t>> commandSize(ByteView stream) {
    ByteReader reader(stream);
    const auto header = readHeader(reader);
    if (!header) {
        if (header.error().fault == Fault::Truncated) return std::nullopt;
        return tl::make_unexpected(header.error());
    }
    if (reader.remaining() < header->bodySize) return std::nullopt;
    return stream.size() - reader.remaining() + header->bodySize;
}

namespace detail {

Bytes wrapCommand(CommandNumber number, bool reply, std::optional<RequestId> requestId, ByteView objects) {
    Bytes out;
    out.reserve(objects.size() + 8);
    ByteWriter writer(out);
    writer.varint(objects.size() + (requestId ? sizeof(RequestId) : 0));
    writer.varint(std::uint64_t{number} << kFlagBits | (requestId ? kRequestIdBit : 0) | (reply ? kReplyBit : 0));
    if (requestId) writer.u16(*requestId);
    writer.bytes(objects);
    return out;
}

Result<void> checkCommand(const CommandView& command, CommandNumber number, bool reply) {
    if (command.number != number) return fail(Fault::WrongType, "another command");
    if (command.reply != reply) return fail(Fault::Malformed, "reply flag");
    return {};
}

}  // namespace detail

}  // namespace kith::wire
