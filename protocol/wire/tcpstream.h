// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>

#include "protocol/wire/obfuscation.h"

/// A TCP connection, each way: an init packet of 14 bytes (seed in clear, ten known bytes under the keystream of that
/// seed), then frames with their length as a varint in front, under the same keystream, which goes on where the init
/// packet left it.
namespace kith::wire {

inline constexpr std::size_t kTcpInitSize = 14;
/// The largest frame on TCP; leaves room for paths on which larger ones were found to pass.
inline constexpr std::size_t kMaxStreamFrame = 2048;

/// Who opened the connection; the last known byte tells, so that an init packet sent back is not taken for an answer.
enum class TcpEnd : std::uint8_t { Opener = 1, Acceptor = 3 };

struct TcpStart {
    ByteArray<kTcpInitSize> packet;
    std::unique_ptr<Keystream> keystream;  ///< for all that this end sends after the packet
};
/// What this end sends first. The seed is random.
TcpStart startTcp(Obfuscation& obfuscation, TcpEnd end, std::uint32_t seed);
/// The keystream of what `other` sends behind its init packet. Malformed: it speaks something else.
Result<std::unique_ptr<Keystream>> readTcpStart(Obfuscation& obfuscation, TcpEnd other,
                                                std::span<const std::byte, kTcpInitSize> packet);

/// Length and frame, plain: the keystream comes after.
void writeStreamFrame(ByteWriter& out, ByteView frame);

/// Cuts a stream into frames. Keeps at most one frame that is not whole yet.
class StreamFramer {
public:
    /// `bytes` has to live until next() gave nothing, which has to happen before more is fed.
    void feed(ByteView bytes) { m_fed = bytes; }
    /// The next whole frame, valid until the next call; nothing: feed more. Malformed or TooLarge: the stream can't be
    /// understood any more, close the connection.
    Result<std::optional<ByteView>> next();

    [[nodiscard]] std::size_t buffered() const { return m_partial.size(); }

private:
    Result<std::optional<ByteView>> nextWhole();
    Result<std::optional<ByteView>> completePartial();

    ByteView m_fed;
    Bytes m_partial;  ///< the beginning of a frame, with its length
    bool m_partialIsDone = false;
};

}  // namespace kith::wire
