// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>

#include "app/engine/contactlist.h"
#include "app/engine/convert.h"
#include "app/engine/shared.h"

namespace kith::engine {

/// Messages and the history of calls, as a person reads them.
class Conversations {
public:
    static constexpr int kMaxPage = 1000;

    Conversations(Shared& shared, ContactList& list) : m_shared(shared), m_list(list) {}

    void execute(Now now, RequestNumber number, const SendText& request);
    void execute(Now now, RequestNumber number, const MarkRead& request);
    void execute(Now now, RequestNumber number, const LoadConversation& request);
    void end();

    void heed(Now now, const chat::MessageAdded& added);
    void heed(Now now, const chat::MessageChanged& change);
    void heed(Now now, const chat::StoringFailed& failed);
    void recorded(const call::Record& record);
    void recorded(const contacts::TrustEvent& event) { m_shared.tell(TrustChanged{trustFrom(event)}); }
    void read(const client::HistoryRead& page);

private:
    struct Loading {
        RequestNumber number;
        UserName user;
    };

    Shared& m_shared;
    ContactList& m_list;
    std::map<MessageId, RequestNumber> m_sending;  ///< until on disk
    std::map<StoreTicket, Loading> m_loading;
    StoreTicket m_lastTicket = 0;
};

}  // namespace kith::engine
