// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <filesystem>
#include <optional>

#include "protocol/base/ids.h"
#include "protocol/base/result.h"

namespace kith::app {

/// What a client remembers beside its accounts' data: which account is signed in, and the UDP port it took at its first
/// start. A small text file in the data folder, `name=value` a line, replaced as a whole.
struct ProfileFile {
    struct Current {
        NetworkId network;
        UserName user;
        friend bool operator==(const Current&, const Current&) = default;
    };
    std::uint16_t port = 0;          ///< 0: none yet
    std::optional<Current> current;  ///< nothing: nobody is signed in

    /// A file that isn't there is an empty one. StorageBroken: it can't be understood.
    static Result<ProfileFile> read(const std::filesystem::path& folder);
    [[nodiscard]] Result<void> write(const std::filesystem::path& folder) const;

    friend bool operator==(const ProfileFile&, const ProfileFile&) = default;
};

}  // namespace kith::app
