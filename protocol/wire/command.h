// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>

#include "protocol/wire/message.h"

/// Commands: varint length of what follows the word, varint word, [request id], object list.
namespace kith::wire {

using CommandNumber = std::uint32_t;
using RequestId = std::uint16_t;

inline constexpr CommandNumber kMaxCommandNumber = 0xffff;
/// Of everything behind the word.
inline constexpr std::size_t kMaxCommandBody = kMaxListSize;
/// Of a whole command with its header.
inline constexpr std::size_t kMaxCommandSize = kMaxCommandBody + 6;

/// A command whose header was read; lives as long as the bytes.
struct CommandView {
    CommandNumber number = 0;
    bool reply = false;
    std::optional<RequestId> requestId;
    ByteView objects;  ///< starts with 0x41; not checked yet
};

/// Exactly one command.
Result<CommandView> parseCommand(ByteView bytes);

/// For commands behind each other in a stream: how long the one is that begins here, or nothing as long as that can't
/// be told or it is not there to its end.
Result<std::optional<std::size_t>> commandSize(ByteView stream);

/// Replies have odd numbers and carry the reply flag; a message that deviates has a constant kReply.
template <Message M>
constexpr bool isReply() {
    if constexpr (requires { M::kReply; })
        return M::kReply;
    else
        return M::kNumber % 2 == 1;
}

/// The messages of a family, in one list next to them: `using Messages = MessageList<Find, Found>;`. The tables of
/// SPEC.md are made from these lists.
template <Message... Ms>
struct MessageList {};

namespace detail {
Bytes wrapCommand(CommandNumber number, bool reply, std::optional<RequestId> requestId, ByteView objects);
Result<void> checkCommand(const CommandView& command, CommandNumber number, bool reply);
}  // namespace detail

/// Never fails; that the result is at most kMaxCommandSize long and within the limits of the fields is up to whoever
/// fills the message: the other end refuses what is beyond.
template <Message M>
Bytes encodeCommand(const M& message, std::optional<RequestId> requestId = {}) {
    return detail::wrapCommand(M::kNumber, isReply<M>(), requestId, encodeObjects(message));
}

/// WrongType if it is another command.
template <Message M>
Result<M> decode(const CommandView& command) {
    if (const auto same = detail::checkCommand(command, M::kNumber, isReply<M>()); !same)
        return tl::make_unexpected(same.error());
    return decodeObjects<M>(command.objects);
}

}  // namespace kith::wire
