// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/storage.h"

namespace kith::client {

namespace {

Room room(const SaveItem&) {
    return Room::Client;
}
Room room(const EraseItem&) {
    return Room::Client;
}
Room room(const contacts::SaveRecord&) {
    return Room::Contacts;
}
Room room(const contacts::EraseRecord&) {
    return Room::Contacts;
}
Room room(const contacts::AddTrustEvent&) {
    return Room::Contacts;
}
Room room(const presence::SaveTopic&) {
    return Room::Presence;
}
Room room(const presence::SaveChoice&) {
    return Room::Presence;
}
Room room(const presence::SaveAudience&) {
    return Room::Presence;
}
Room room(const presence::EraseAudience&) {
    return Room::Presence;
}
Room room(const chat::AddMessage&) {
    return Room::Chat;
}
Room room(const chat::SetStatus&) {
    return Room::Chat;
}
Room room(const call::AddRecord&) {
    return Room::Call;
}

UnixMillis position(const chat::StoredMessage& message) {
    return message.position;
}
UnixMillis position(const call::Record& record) {
    return record.started;
}
UnixMillis position(const contacts::TrustEvent& event) {
    return event.at;
}

}  // namespace

Room roomOf(const Write& write) {
    return std::visit([](const auto& it) { return room(it); }, write);
}

StoreTicket ticketOf(const Write& write) {
    return std::visit([](const auto& it) { return it.ticket; }, write);
}

UnixMillis positionOf(const HistoryEntry& entry) {
    return std::visit([](const auto& it) { return position(it); }, entry);
}

}  // namespace kith::client
