// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/personcard.h"

#include "protocol/peer/safetynumber.h"

namespace kith::engine {

contacts::Contacts* PersonCard::list(RequestNumber number) {
    auto* people = m_shared.people();
    if (!people) m_shared.done(number, {Reason::NotSignedIn});
    return people ? &people->contacts() : nullptr;
}

void PersonCard::doneUnlessTooLong(RequestNumber number, const Result<void>& outcome) {
    if (!outcome && outcome.error().fault == Fault::InvalidArgument) return m_shared.done(number, {Reason::TooLarge});
    m_shared.done(number, outcome);
}

void PersonCard::execute(Now now, RequestNumber number, const WithdrawRequest& request) {
    if (auto* contacts = list(number)) m_shared.done(number, contacts->withdraw(m_shared.corrected(now), request.user));
}

void PersonCard::execute(Now now, RequestNumber number, const BlockPerson& request) {
    if (auto* contacts = list(number)) m_shared.done(number, contacts->block(m_shared.corrected(now), request.user));
}

void PersonCard::execute(Now now, RequestNumber number, const UnblockPerson& request) {
    if (auto* contacts = list(number)) m_shared.done(number, contacts->unblock(m_shared.corrected(now), request.user));
}

void PersonCard::execute(Now now, RequestNumber number, const SetAlias& request) {
    if (auto* contacts = list(number))
        doneUnlessTooLong(number, contacts->setAlias(m_shared.corrected(now), request.user, request.alias));
}

void PersonCard::execute(Now now, RequestNumber number, const SetNote& request) {
    if (auto* contacts = list(number))
        doneUnlessTooLong(number, contacts->setNote(m_shared.corrected(now), request.user, request.note));
}

void PersonCard::execute(Now now, RequestNumber number, const SetFavourite& request) {
    if (auto* contacts = list(number))
        m_shared.done(number, contacts->setFavourite(m_shared.corrected(now), request.user, request.favourite));
}

void PersonCard::execute(Now now, RequestNumber number, const SetGroups& request) {
    if (auto* contacts = list(number))
        doneUnlessTooLong(number, contacts->setGroups(m_shared.corrected(now), request.user, request.groups));
}

void PersonCard::execute(Now, RequestNumber number, const GetSafetyNumber& request) {
    auto* contacts = list(number);
    if (!contacts) return;
    const auto record = contacts->find(request.user);
    if (!record || record->key.isNull() || contacts->relation(request.user) == contacts::Relation::Stranger)
        return m_shared.done(number, {Reason::NotFound});
    // Of the key that would count if the person accepted it: that is the one to compare.
    const auto key = contacts::isKeyInDoubt(*record) ? *record->remarks->offered : record->key;
    const auto& own = contacts->own();
    m_shared.tell(SafetyNumberMade{
        number, request.user,
        peer::safetyNumber(m_shared.client->profile().network(), {own.user, own.key}, {request.user, key}),
        contacts::isVerified(*record)});
    m_shared.done(number);
}

void PersonCard::execute(Now now, RequestNumber number, const SetVerified& request) {
    if (auto* contacts = list(number))
        m_shared.done(number, contacts->setVerified(m_shared.corrected(now), request.user, request.verified));
}

void PersonCard::execute(Now now, RequestNumber number, const AcceptKey& request) {
    if (auto* contacts = list(number))
        m_shared.done(number, contacts->acceptKey(m_shared.corrected(now), request.user));
}

}  // namespace kith::engine
