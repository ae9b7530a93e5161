// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/tcpstream.h"

#include <algorithm>

#include "protocol/base/bytereader.h"

namespace kith::wire {

namespace {

ByteArray<10> knownBytes(TcpEnd end) {
    return {std::byte{0}, std::byte{1}, std::byte{0}, std::byte{0}, std::byte{0},
            std::byte{1}, std::byte{0}, std::byte{0}, std::byte{0}, static_cast<std::byte>(end)};
}

struct Announced {
    std::size_t lengthBytes;
    std::size_t frameBytes;
};

/// Nothing: the length itself is not whole yet.
Result<std::optional<Announced>> readLength(ByteView stream) {
    ByteReader reader(stream);
    const auto length = reader.varint();
    if (!length) {
        if (length.error().fault == Fault::Truncated) return std::nullopt;
        return tl::make_unexpected(length.error());
    }
    if (*length < kFrameHeaderSize) return fail(Fault::Malformed, "length of a frame");
    if (*length > kMaxStreamFrame) return fail(Fault::TooLarge, "length of a frame");
    return Announced{stream.size() - reader.remaining(), static_cast<std::size_t>(*length)};
}

}  // namespace

TcpStart startTcp(Obfuscation& obfuscation, TcpEnd end, std::uint32_t seed) {
    TcpStart out{{}, obfuscation.keystream(seed)};
    for (std::size_t i = 0; i < 4; ++i) out.packet[i] = static_cast<std::byte>(seed >> (24 - 8 * i));
    const auto known = knownBytes(end);
    std::copy(known.begin(), known.end(), out.packet.begin() + 4);
    out.keystream->apply(ByteSpan(out.packet).subspan(4));
    return out;
}

Result<std::unique_ptr<Keystream>> readTcpStart(Obfuscation& obfuscation, TcpEnd other,
                                                std::span<const std::byte, kTcpInitSize> packet) {
    ByteReader reader(packet);
    auto keystream = obfuscation.keystream(*reader.u32());
    auto known = *reader.array<10>();
    keystream->apply(known);
    if (known != knownBytes(other)) return fail(Fault::Malformed, "TCP init packet");
    return keystream;
}

void writeStreamFrame(ByteWriter& out, ByteView frame) {
    out.varint(frame.size()).bytes(frame);
}

Result<std::optional<ByteView>> StreamFramer::next() {
    if (m_partialIsDone) {
        // Freed, not only cleared: most connections of a busy node are idle.
        m_partial = Bytes();
        m_partialIsDone = false;
    }
    return m_partial.empty() ? nextWhole() : completePartial();
}

Result<std::optional<ByteView>> StreamFramer::nextWhole() {
    const auto announced = readLength(m_fed);
    if (!announced) return tl::make_unexpected(announced.error());
    if (!*announced || m_fed.size() < (*announced)->lengthBytes + (*announced)->frameBytes) {
        m_partial = toBytes(m_fed);
        m_fed = {};
        return std::nullopt;
    }
    const ByteView frame = m_fed.subspan((*announced)->lengthBytes, (*announced)->frameBytes);
    m_fed = m_fed.subspan((*announced)->lengthBytes + (*announced)->frameBytes);
    return frame;
}

Result<std::optional<ByteView>> StreamFramer::completePartial() {
    while (true) {
        const auto announced = readLength(m_partial);
        if (!announced) return tl::make_unexpected(announced.error());
        // The length first, byte by byte; then what the frame lacks, in one piece.
        const std::size_t wanted =
            *announced ? (*announced)->lengthBytes + (*announced)->frameBytes : m_partial.size() + 1;
        const std::size_t taken = std::min(wanted - m_partial.size(), m_fed.size());
        append(m_partial, m_fed.first(taken));
        m_fed = m_fed.subspan(taken);
        if (m_partial.size() < wanted) return std::nullopt;
        if (!*announced) continue;
        m_partialIsDone = true;
        return ByteView(m_partial).subspan((*announced)->lengthBytes);
    }
}

}  // namespace kith::wire
