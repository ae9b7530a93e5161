// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "app/engine/shared.h"

namespace kith::engine {

/// What we say of a person, and whether we trust in who they are. Part of Engine.
class PersonCard {
public:
    explicit PersonCard(Shared& shared) : m_shared(shared) {}

    void execute(Now now, RequestNumber number, const WithdrawRequest& request);
    void execute(Now now, RequestNumber number, const BlockPerson& request);
    void execute(Now now, RequestNumber number, const UnblockPerson& request);
    void execute(Now now, RequestNumber number, const SetAlias& request);
    void execute(Now now, RequestNumber number, const SetNote& request);
    void execute(Now now, RequestNumber number, const SetFavourite& request);
    void execute(Now now, RequestNumber number, const SetGroups& request);
    void execute(Now now, RequestNumber number, const GetSafetyNumber& request);
    void execute(Now now, RequestNumber number, const SetVerified& request);
    void execute(Now now, RequestNumber number, const AcceptKey& request);

private:
    /// Null, and the request done with, if nobody is signed in.
    contacts::Contacts* list(RequestNumber number);
    /// A text or a list that is over its limit.
    void doneUnlessTooLong(RequestNumber number, const Result<void>& outcome);

    Shared& m_shared;
};

}  // namespace kith::engine
