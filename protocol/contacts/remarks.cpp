// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/contacts/remarks.h"

#include <algorithm>

namespace kith::contacts {

namespace {

// The value takes part: two copies with the same version but different values still merge the same on both devices.
template <class T>
void mergeField(Remarks& into, const Remarks& from, T Remarks::*value, std::uint64_t Remarks::*version) {
    if (std::tie(into.*version, into.*value) >= std::tie(from.*version, from.*value)) return;
    into.*value = from.*value;
    into.*version = from.*version;
}

bool fits(std::string_view text, std::size_t most) {
    return isUtf8(text) && characters(text) <= most;
}

}  // namespace

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

Remarks merged(const Remarks& a, const Remarks& b) {
    Remarks out = a;
    mergeField(out, b, &Remarks::alias, &Remarks::aliasVersion);
    mergeField(out, b, &Remarks::note, &Remarks::noteVersion);
    mergeField(out, b, &Remarks::favourite, &Remarks::favouriteVersion);
    mergeField(out, b, &Remarks::groups, &Remarks::groupsVersion);
    mergeField(out, b, &Remarks::blocked, &Remarks::blockedVersion);
    mergeField(out, b, &Remarks::verified, &Remarks::verifiedVersion);
    mergeField(out, b, &Remarks::offered, &Remarks::offeredVersion);
    mergeField(out, b, &Remarks::devices, &Remarks::devicesVersion);
    out.keyVersion = std::max(a.keyVersion, b.keyVersion);
    return out;
}

bool isAlias(std::string_view text) {
    return fits(text, kMaxAlias);
}
bool isNote(std::string_view text) {
    return fits(text, kMaxNote);
}

bool isGroupList(const std::vector<std::string>& sorted) {
    return sorted.size() <= kMaxGroups && std::ranges::adjacent_find(sorted) == sorted.end() &&
           std::ranges::all_of(sorted,
                               [](const std::string& name) { return !name.empty() && fits(name, kMaxGroupName); });
}

}  // namespace kith::contacts
