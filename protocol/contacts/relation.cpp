// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/contacts/relation.h"

#include <algorithm>
#include <tuple>

#include "protocol/base/characters.h"

namespace kith::contacts {

namespace {

// Every field takes part: two copies with the same version but different content still merge the same on both devices.
auto ourPart(const Record& r) {
    return std::tie(r.ourVersion, r.weWant, r.ourText);
}
auto theirPart(const Record& r) {
    return std::tie(r.theirVersion, r.theyWant, r.theirText, r.displayName);
}

std::uint64_t keyVersion(const Record& r) {
    return r.remarks ? r.remarks->keyVersion : 0;
}

}  // namespace

Record merged(const Record& a, const Record& b) {
    Record out = ourPart(a) < ourPart(b) ? b : a;
    const Record& theirs = theirPart(a) < theirPart(b) ? b : a;
    out.theirVersion = theirs.theirVersion;
    out.theyWant = theirs.theyWant;
    out.theirText = theirs.theirText;
    out.displayName = theirs.displayName;
    out.toldVersion = std::max(a.toldVersion, b.toldVersion);
    out.refusedVersion = std::max(a.refusedVersion, b.refusedVersion);
    out.key = std::pair(keyVersion(a), a.key) < std::pair(keyVersion(b), b.key) ? b.key : a.key;
    if (a.remarks || b.remarks) out.remarks = merged(a.remarks.value_or(Remarks()), b.remarks.value_or(Remarks()));
    return out;
}

bool isRequestText(std::string_view text) {
    return isUtf8(text) && characters(text) <= kMaxRequestText;
}
bool isDisplayName(std::string_view text) {
    return isUtf8(text) && characters(text) <= kMaxDisplayName;
}

}  // namespace kith::contacts
