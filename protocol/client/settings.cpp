// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/settings.h"

#include <algorithm>

namespace kith::client {

namespace {

/// Far behind every clock, and far from the end of the numbers.
constexpr UnixMillis kLatest{std::chrono::milliseconds{100'000'000'000'000}};

}  // namespace

Settings merged(const Settings& a, const Settings& b) {
    if (a.findableChosen == b.findableChosen) return {std::min(a.findable, b.findable), a.findableChosen};
    return a.findableChosen > b.findableChosen ? a : b;
}

Bytes encode(const Settings& settings) {
    return wire::encodeObjects(settings);
}

Settings decodeSettings(ByteView stored) {
    auto settings = wire::decodeObjects<Settings>(stored).value_or(Settings());
    if (settings.findableChosen > kLatest) settings.findableChosen = kLatest;
    return settings;
}

Settings settingsIn(const StoredState& state) {
    const auto item = state.items.find(Item::Settings);
    return item == state.items.end() ? Settings() : decodeSettings(item->second);
}

}  // namespace kith::client
