// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/contacts/storage.h"

/// What follows from the stances of two people, as plain functions.
namespace kith::contacts {

enum class Relation {
    Stranger,
    RequestSent,      ///< we asked; waiting
    RequestReceived,  ///< they asked; accept or decline
    Contact,
    Blocked,  ///< by us, whatever they and we said
};

/// By the stances alone. Of a Record, or of what keeps the same.
template <class Stances>
Relation stanceOf(const Stances& of) {
    const bool theyWant = of.theyWant && of.theirVersion > of.refusedVersion;
    if (of.weWant) return theyWant ? Relation::Contact : Relation::RequestSent;
    return theyWant ? Relation::RequestReceived : Relation::Stranger;
}

template <class Stances>
Relation relationOf(const Stances& of) {
    return of.remarks && of.remarks->blocked ? Relation::Blocked : stanceOf(of);
}

/// They showed another key than the one we know, and nobody has accepted it.
template <class Stances>
bool isKeyInDoubt(const Stances& of) {
    return of.remarks && of.remarks->offered && *of.remarks->offered != of.key;
}
/// Their safety number was compared, and it is still the same.
template <class Stances>
bool isVerified(const Stances& of) {
    return of.remarks && of.remarks->verified && *of.remarks->verified == of.key && !of.key.isNull();
}

/// Two copies of one record, from this device and from the vault; the same whichever way round.
Record merged(const Record& a, const Record& b);

/// Whether a text fits a request: at most 300 characters of UTF-8.
bool isRequestText(std::string_view text);
bool isDisplayName(std::string_view text);

}  // namespace kith::contacts
