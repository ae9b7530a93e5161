// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "app/engine/state.h"
#include "protocol/call/output.h"
#include "protocol/chat/chat.h"
#include "protocol/client/storage.h"
#include "protocol/contacts/relation.h"
#include "protocol/directory/records.h"
#include "protocol/directory/searchquery.h"
#include "protocol/presence/watching.h"

/// The machines' values as the window and the command line know them.
namespace kith::engine {

Match matchFrom(directory::Match match);
Findable findableFrom(directory::Findable findable);
directory::Findable findableFrom(Findable findable);
Relation relationFrom(contacts::Relation relation);
Presence presenceFrom(presence::Availability availability);
Presence presenceFrom(const presence::Seen& seen);
/// Nothing for Offline.
std::optional<presence::Availability> availabilityFrom(Presence presence);
MessageStatus statusFrom(chat::Status status);
MessageStatus statusFrom(chat::StoredStatus status);
EndReason endReasonFrom(call::EndReason reason);
TextMessage messageFrom(const chat::StoredMessage& message);
CallRecord recordFrom(const call::Record& record);
TrustEvent trustFrom(const contacts::TrustEvent& event);
Call callFrom(const call::Snapshot& snapshot);

/// The first line of a text, at most 120 characters.
std::string firstLine(const std::string& text);

}  // namespace kith::engine
