// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"
#include "protocol/wire/command.h"

/// What two people's devices say to each other on the stream Chat, numbers 120 to 139.
namespace kith::chat {

inline constexpr std::size_t kMaxText = 16 * 1024;  ///< bytes of UTF-8
inline constexpr std::size_t kMaxIds = 256;         ///< in one command

/// A message. Sent again until its receipt has come; the receiver knows it by its id.
struct Text {
    static constexpr wire::CommandNumber kNumber = 120;
    static constexpr std::string_view kName = "Text";

    MessageId id;
    std::uint64_t order = 0;  ///< strictly increasing over what this device wrote
    UnixMillis written{};
    std::string text;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Text::id>(0, "id"), wire::field<&Text::order>(1, "order"),
                          wire::field<&Text::written>(2, "written"),
                          wire::field<&Text::text>(3, "text", wire::Max{kMaxText})};
    }
    friend bool operator==(const Text&, const Text&) = default;
};

/// These are on disk here.
struct Receipt {
    static constexpr wire::CommandNumber kNumber = 122;
    static constexpr std::string_view kName = "Receipt";

    std::vector<MessageId> ids;

    static constexpr auto fields() { return std::tuple{wire::field<&Receipt::ids>(0, "ids", wire::Max{kMaxIds})}; }
    friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// These were seen. Sent again until ReadKept has come.
struct Read {
    static constexpr wire::CommandNumber kNumber = 124;
    static constexpr std::string_view kName = "Read";

    std::vector<MessageId> ids;

    static constexpr auto fields() { return std::tuple{wire::field<&Read::ids>(0, "ids", wire::Max{kMaxIds})}; }
    friend bool operator==(const Read&, const Read&) = default;
};

struct ReadKept {
    static constexpr wire::CommandNumber kNumber = 126;
    static constexpr std::string_view kName = "ReadKept";

    std::vector<MessageId> ids;

    static constexpr auto fields() { return std::tuple{wire::field<&ReadKept::ids>(0, "ids", wire::Max{kMaxIds})}; }
    friend bool operator==(const ReadKept&, const ReadKept&) = default;
};

/// What goes over the stream Chat.
using Messages = wire::MessageList<Text, Receipt, Read, ReadKept>;

}  // namespace kith::chat
