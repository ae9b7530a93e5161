// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/echo/manners.h"

namespace kith::echo {

using engine::Request;

std::vector<Request> Manners::meet(const engine::Contact& contact) const {
    if (contact.relation != engine::Relation::RequestReceived) return {};
    return {engine::AcceptRequest{contact.user}};
}

std::vector<Request> Manners::heed(const engine::Event& event) {
    if (const auto* reset = std::get_if<engine::ContactsReset>(&event)) {
        // Who asked while the program was away.
        std::vector<Request> out;
        for (const engine::Contact& contact : reset->contacts)
            for (Request& request : meet(contact)) out.push_back(std::move(request));
        return out;
    }
    if (const auto* changed = std::get_if<engine::ContactChanged>(&event)) return meet(changed->contact);
    if (const auto* call = std::get_if<engine::CallChanged>(&event)) {
        if (call->call.phase == engine::CallPhase::Incoming) return {engine::AnswerCall{call->call.id}};
    } else if (const auto* added = std::get_if<engine::MessageAdded>(&event)) {
        const engine::TextMessage& message = added->message;
        const UserName& user = message.conversation;
        if (message.ours) {
            if (m_sent.emplace(message.id, user).second) ++m_unreceived[user];
        } else if (m_unreceived[user] < kMostUnreceived) {
            return {engine::MarkRead{user}, engine::SendText{user, message.text}};
        }
    } else if (const auto* status = std::get_if<engine::MessageChanged>(&event)) {
        const bool arrived =
            status->status == engine::MessageStatus::Delivered || status->status == engine::MessageStatus::Read;
        if (arrived && m_sent.erase(status->id) > 0 && --m_unreceived[status->conversation] == 0)
            m_unreceived.erase(status->conversation);
    }
    return {};
}

}  // namespace kith::echo
