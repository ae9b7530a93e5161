// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/client/storage.h"
#include "protocol/directory/records.h"

namespace kith::client {

/// What a person has chosen and every device of theirs goes by: kept in the vault, and on disk until it is there.
struct Settings {
    directory::Findable findable = directory::Findable::ExactName;
    UnixMillis findableChosen{};  ///< 1970: never

    static constexpr auto fields() {
        return std::tuple{wire::field<&Settings::findable>(0, "findable"),
                          wire::field<&Settings::findableChosen>(1, "findableChosen")};
    }
    friend bool operator==(const Settings&, const Settings&) = default;
};

/// Each choice as it was made last; of two at the same instant the one that shows less. The same whichever way round.
Settings merged(const Settings& a, const Settings& b);

Bytes encode(const Settings& settings);
/// What can't be read was never chosen.
Settings decodeSettings(ByteView stored);
/// Those on disk.
Settings settingsIn(const StoredState& state);

}  // namespace kith::client
