// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string_view>
#include <tuple>

#include "app/engine/events.h"

/// The engine's requests, events and facts as lists of named members: the local API's vocabulary. A request is a
/// method of its name, its members are the parameters; an event is a notification.
namespace kith::api {

template <class T>
struct Shape;

template <class Class, class Type>
struct Member {
    std::string_view name;
    Type Class::*pointer;
    bool required;
};

template <class Class, class Type>
constexpr Member<Class, Type> member(std::string_view name, Type Class::*pointer) {
    return {name, pointer, true};
}
/// May be left out of a request: the default counts.
template <class Class, class Type>
constexpr Member<Class, Type> choice(std::string_view name, Type Class::*pointer) {
    return {name, pointer, false};
}

template <class T>
concept Shaped = requires {
    Shape<T>::members();
};

// Requests.

template <>
struct Shape<engine::SignUp> {
    using T = engine::SignUp;
    static constexpr std::string_view kName = "signUp";
    static constexpr auto members() {
        return std::tuple{member("link", &T::link), member("user", &T::user), choice("displayName", &T::displayName),
                          member("password", &T::password)};
    }
};
template <>
struct Shape<engine::SignIn> {
    using T = engine::SignIn;
    static constexpr std::string_view kName = "signIn";
    static constexpr auto members() {
        return std::tuple{member("link", &T::link), member("user", &T::user), member("password", &T::password)};
    }
};
template <>
struct Shape<engine::RecoverAccount> {
    using T = engine::RecoverAccount;
    static constexpr std::string_view kName = "recoverAccount";
    static constexpr auto members() {
        return std::tuple{member("link", &T::link), member("user", &T::user), member("recoveryKey", &T::recoveryKey),
                          member("newPassword", &T::newPassword)};
    }
};
template <>
struct Shape<engine::SignOut> {
    static constexpr std::string_view kName = "signOut";
    static constexpr auto members() { return std::tuple{}; }
};
template <>
struct Shape<engine::FindPeople> {
    static constexpr std::string_view kName = "findPeople";
    static constexpr auto members() { return std::tuple{member("name", &engine::FindPeople::name)}; }
};
/// Without `typist`: programs that share the client share no typing.
template <>
struct Shape<engine::SearchPeople> {
    static constexpr std::string_view kName = "searchPeople";
    static constexpr auto members() { return std::tuple{member("text", &engine::SearchPeople::text)}; }
};
template <>
struct Shape<engine::SetFindable> {
    static constexpr std::string_view kName = "setFindable";
    static constexpr auto members() { return std::tuple{member("findable", &engine::SetFindable::findable)}; }
};
template <>
struct Shape<engine::AddContact> {
    static constexpr std::string_view kName = "addContact";
    static constexpr auto members() {
        return std::tuple{member("user", &engine::AddContact::user), choice("text", &engine::AddContact::text)};
    }
};
template <>
struct Shape<engine::AcceptRequest> {
    static constexpr std::string_view kName = "acceptRequest";
    static constexpr auto members() { return std::tuple{member("user", &engine::AcceptRequest::user)}; }
};
template <>
struct Shape<engine::DeclineRequest> {
    static constexpr std::string_view kName = "declineRequest";
    static constexpr auto members() { return std::tuple{member("user", &engine::DeclineRequest::user)}; }
};
template <>
struct Shape<engine::RemoveContact> {
    static constexpr std::string_view kName = "removeContact";
    static constexpr auto members() { return std::tuple{member("user", &engine::RemoveContact::user)}; }
};
template <>
struct Shape<engine::SetPresence> {
    using T = engine::SetPresence;
    static constexpr std::string_view kName = "setPresence";
    static constexpr auto members() { return std::tuple{choice("presence", &T::presence), choice("mood", &T::mood)}; }
};
template <>
struct Shape<engine::SetPresenceFor> {
    using T = engine::SetPresenceFor;
    static constexpr std::string_view kName = "setPresenceFor";
    static constexpr auto members() {
        return std::tuple{member("user", &T::user), choice("presence", &T::presence), choice("mood", &T::mood)};
    }
};
template <>
struct Shape<engine::SetIdle> {
    static constexpr std::string_view kName = "setIdle";
    static constexpr auto members() { return std::tuple{member("seconds", &engine::SetIdle::seconds)}; }
};
template <>
struct Shape<engine::WithdrawRequest> {
    static constexpr std::string_view kName = "withdrawRequest";
    static constexpr auto members() { return std::tuple{member("user", &engine::WithdrawRequest::user)}; }
};
template <>
struct Shape<engine::BlockPerson> {
    static constexpr std::string_view kName = "blockPerson";
    static constexpr auto members() { return std::tuple{member("user", &engine::BlockPerson::user)}; }
};
template <>
struct Shape<engine::UnblockPerson> {
    static constexpr std::string_view kName = "unblockPerson";
    static constexpr auto members() { return std::tuple{member("user", &engine::UnblockPerson::user)}; }
};
template <>
struct Shape<engine::SetAlias> {
    static constexpr std::string_view kName = "setAlias";
    static constexpr auto members() {
        return std::tuple{member("user", &engine::SetAlias::user), member("alias", &engine::SetAlias::alias)};
    }
};
template <>
struct Shape<engine::SetNote> {
    static constexpr std::string_view kName = "setNote";
    static constexpr auto members() {
        return std::tuple{member("user", &engine::SetNote::user), member("note", &engine::SetNote::note)};
    }
};
template <>
struct Shape<engine::SetFavourite> {
    static constexpr std::string_view kName = "setFavourite";
    static constexpr auto members() {
        return std::tuple{member("user", &engine::SetFavourite::user),
                          member("favourite", &engine::SetFavourite::favourite)};
    }
};
template <>
struct Shape<engine::SetGroups> {
    static constexpr std::string_view kName = "setGroups";
    static constexpr auto members() {
        return std::tuple{member("user", &engine::SetGroups::user), member("groups", &engine::SetGroups::groups)};
    }
};
template <>
struct Shape<engine::GetSafetyNumber> {
    static constexpr std::string_view kName = "getSafetyNumber";
    static constexpr auto members() { return std::tuple{member("user", &engine::GetSafetyNumber::user)}; }
};
template <>
struct Shape<engine::SetVerified> {
    static constexpr std::string_view kName = "setVerified";
    static constexpr auto members() {
        return std::tuple{member("user", &engine::SetVerified::user),
                          member("verified", &engine::SetVerified::verified)};
    }
};
template <>
struct Shape<engine::AcceptKey> {
    static constexpr std::string_view kName = "acceptKey";
    static constexpr auto members() { return std::tuple{member("user", &engine::AcceptKey::user)}; }
};
template <>
struct Shape<engine::SendText> {
    static constexpr std::string_view kName = "sendText";
    static constexpr auto members() {
        return std::tuple{member("user", &engine::SendText::user), member("text", &engine::SendText::text)};
    }
};
template <>
struct Shape<engine::MarkRead> {
    static constexpr std::string_view kName = "markRead";
    static constexpr auto members() { return std::tuple{member("user", &engine::MarkRead::user)}; }
};
template <>
struct Shape<engine::LoadConversation> {
    using T = engine::LoadConversation;
    static constexpr std::string_view kName = "loadConversation";
    static constexpr auto members() {
        return std::tuple{member("user", &T::user), choice("before", &T::before), choice("limit", &T::limit)};
    }
};
template <>
struct Shape<engine::PlaceCall> {
    static constexpr std::string_view kName = "placeCall";
    static constexpr auto members() { return std::tuple{member("user", &engine::PlaceCall::user)}; }
};
template <>
struct Shape<engine::AnswerCall> {
    static constexpr std::string_view kName = "answerCall";
    static constexpr auto members() { return std::tuple{member("call", &engine::AnswerCall::call)}; }
};
template <>
struct Shape<engine::DeclineCall> {
    static constexpr std::string_view kName = "declineCall";
    static constexpr auto members() { return std::tuple{member("call", &engine::DeclineCall::call)}; }
};
template <>
struct Shape<engine::HangUp> {
    static constexpr std::string_view kName = "hangUp";
    static constexpr auto members() { return std::tuple{member("call", &engine::HangUp::call)}; }
};
template <>
struct Shape<engine::SetMuted> {
    static constexpr std::string_view kName = "setMuted";
    static constexpr auto members() {
        return std::tuple{member("call", &engine::SetMuted::call), member("muted", &engine::SetMuted::muted)};
    }
};
template <>
struct Shape<engine::SetHeld> {
    static constexpr std::string_view kName = "setHeld";
    static constexpr auto members() {
        return std::tuple{member("call", &engine::SetHeld::call), member("held", &engine::SetHeld::held)};
    }
};
template <>
struct Shape<engine::ChooseDevices> {
    using T = engine::ChooseDevices;
    static constexpr std::string_view kName = "chooseDevices";
    static constexpr auto members() { return std::tuple{choice("input", &T::input), choice("output", &T::output)}; }
};
template <>
struct Shape<engine::WatchDevices> {
    static constexpr std::string_view kName = "watchDevices";
    static constexpr auto members() { return std::tuple{}; }
};
template <>
struct Shape<engine::Refresh> {
    static constexpr std::string_view kName = "refresh";
    static constexpr auto members() { return std::tuple{}; }
};

// Facts.

template <>
struct Shape<engine::Failure> {
    using T = engine::Failure;
    static constexpr auto members() { return std::tuple{member("reason", &T::reason), member("detail", &T::detail)}; }
};
template <>
struct Shape<engine::Account> {
    using T = engine::Account;
    static constexpr auto members() {
        return std::tuple{member("connection", &T::connection),
                          member("user", &T::user),
                          member("displayName", &T::displayName),
                          member("network", &T::network),
                          member("rung", &T::rung),
                          member("failure", &T::failure),
                          member("retryAt", &T::retryAt),
                          member("findable", &T::findable)};
    }
};
template <>
struct Shape<engine::OwnPresence> {
    using T = engine::OwnPresence;
    static constexpr auto members() {
        return std::tuple{member("chosen", &T::chosen), member("shown", &T::shown), member("mood", &T::mood)};
    }
};
template <>
struct Shape<engine::PresenceView> {
    using T = engine::PresenceView;
    static constexpr auto members() { return std::tuple{member("presence", &T::presence), member("mood", &T::mood)}; }
};
template <>
struct Shape<engine::Contact> {
    using T = engine::Contact;
    static constexpr auto members() {
        return std::tuple{member("user", &T::user),
                          member("displayName", &T::displayName),
                          member("relation", &T::relation),
                          member("online", &T::online),
                          member("presence", &T::presence),
                          member("mood", &T::mood),
                          member("view", &T::view),
                          member("requestText", &T::requestText),
                          member("unread", &T::unread),
                          member("lastActivity", &T::lastActivity),
                          member("lastLine", &T::lastLine),
                          member("alias", &T::alias),
                          member("note", &T::note),
                          member("favourite", &T::favourite),
                          member("groups", &T::groups),
                          member("verified", &T::verified),
                          member("keyChanged", &T::keyChanged)};
    }
};
template <>
struct Shape<engine::FoundPerson> {
    using T = engine::FoundPerson;
    static constexpr auto members() {
        return std::tuple{member("user", &T::user), member("displayName", &T::displayName),
                          member("relation", &T::relation), member("match", &T::match)};
    }
};
template <>
struct Shape<engine::TextMessage> {
    using T = engine::TextMessage;
    static constexpr std::string_view kName = "message";
    static constexpr auto members() {
        return std::tuple{member("id", &T::id),           member("conversation", &T::conversation),
                          member("ours", &T::ours),       member("text", &T::text),
                          member("written", &T::written), member("status", &T::status)};
    }
};
template <>
struct Shape<engine::CallRecord> {
    using T = engine::CallRecord;
    static constexpr std::string_view kName = "call";
    static constexpr auto members() {
        return std::tuple{member("id", &T::id),         member("conversation", &T::conversation),
                          member("ours", &T::ours),     member("started", &T::started),
                          member("talked", &T::talked), member("end", &T::end),
                          member("missed", &T::missed)};
    }
};
template <>
struct Shape<engine::TrustEvent> {
    using T = engine::TrustEvent;
    static constexpr std::string_view kName = "trust";
    static constexpr auto members() {
        return std::tuple{member("conversation", &T::conversation), member("at", &T::at), member("change", &T::change)};
    }
};
template <>
struct Shape<engine::CallQuality> {
    using T = engine::CallQuality;
    static constexpr auto members() {
        return std::tuple{member("roundTrip", &T::roundTrip), member("loss", &T::loss),
                          member("jitterBuffer", &T::jitterBuffer), member("concealed", &T::concealed),
                          member("path", &T::path)};
    }
};
template <>
struct Shape<engine::Call> {
    using T = engine::Call;
    static constexpr auto members() {
        return std::tuple{member("id", &T::id),
                          member("user", &T::user),
                          member("incoming", &T::incoming),
                          member("phase", &T::phase),
                          member("muted", &T::muted),
                          member("heldByUs", &T::heldByUs),
                          member("heldByThem", &T::heldByThem),
                          member("answered", &T::answered),
                          member("end", &T::end),
                          member("soundTrouble", &T::soundTrouble),
                          member("quality", &T::quality)};
    }
};
template <>
struct Shape<engine::SoundDevice> {
    using T = engine::SoundDevice;
    static constexpr auto members() {
        return std::tuple{member("id", &T::id), member("description", &T::description),
                          member("isDefault", &T::isDefault)};
    }
};
template <>
struct Shape<engine::SoundDevices> {
    using T = engine::SoundDevices;
    static constexpr auto members() {
        return std::tuple{member("inputs", &T::inputs), member("outputs", &T::outputs),
                          member("chosenInput", &T::chosenInput), member("chosenOutput", &T::chosenOutput)};
    }
};

// Events. Done, PeopleFound and ConversationLoaded answer requests and go to who asked; RecoveryKeyMade likewise.

template <>
struct Shape<engine::AccountChanged> {
    static constexpr std::string_view kName = "accountChanged";
    static constexpr auto members() { return std::tuple{member("account", &engine::AccountChanged::account)}; }
};
template <>
struct Shape<engine::ContactsReset> {
    static constexpr std::string_view kName = "contactsReset";
    static constexpr auto members() { return std::tuple{member("contacts", &engine::ContactsReset::contacts)}; }
};
template <>
struct Shape<engine::ContactChanged> {
    static constexpr std::string_view kName = "contactChanged";
    static constexpr auto members() { return std::tuple{member("contact", &engine::ContactChanged::contact)}; }
};
template <>
struct Shape<engine::ContactRemoved> {
    static constexpr std::string_view kName = "contactRemoved";
    static constexpr auto members() { return std::tuple{member("user", &engine::ContactRemoved::user)}; }
};
template <>
struct Shape<engine::OwnPresenceChanged> {
    static constexpr std::string_view kName = "ownPresenceChanged";
    static constexpr auto members() { return std::tuple{member("presence", &engine::OwnPresenceChanged::presence)}; }
};
template <>
struct Shape<engine::MessageAdded> {
    static constexpr std::string_view kName = "messageAdded";
    static constexpr auto members() { return std::tuple{member("message", &engine::MessageAdded::message)}; }
};
template <>
struct Shape<engine::MessageChanged> {
    using T = engine::MessageChanged;
    static constexpr std::string_view kName = "messageChanged";
    static constexpr auto members() {
        return std::tuple{member("conversation", &T::conversation), member("id", &T::id), member("status", &T::status)};
    }
};
template <>
struct Shape<engine::CallRecorded> {
    static constexpr std::string_view kName = "callRecorded";
    static constexpr auto members() { return std::tuple{member("record", &engine::CallRecorded::record)}; }
};
template <>
struct Shape<engine::TrustChanged> {
    static constexpr std::string_view kName = "trustChanged";
    static constexpr auto members() { return std::tuple{member("event", &engine::TrustChanged::event)}; }
};
template <>
struct Shape<engine::SafetyNumberMade> {
    using T = engine::SafetyNumberMade;
    static constexpr auto members() {
        return std::tuple{member("user", &T::user), member("number", &T::number), member("verified", &T::verified)};
    }
};
template <>
struct Shape<engine::CallChanged> {
    static constexpr std::string_view kName = "callChanged";
    static constexpr auto members() { return std::tuple{member("call", &engine::CallChanged::call)}; }
};
template <>
struct Shape<engine::DevicesChanged> {
    static constexpr std::string_view kName = "devicesChanged";
    static constexpr auto members() { return std::tuple{member("devices", &engine::DevicesChanged::devices)}; }
};
template <>
struct Shape<engine::Trouble> {
    static constexpr std::string_view kName = "trouble";
    static constexpr auto members() { return std::tuple{member("failure", &engine::Trouble::failure)}; }
};
template <>
struct Shape<engine::PeopleFound> {
    static constexpr auto members() { return std::tuple{member("people", &engine::PeopleFound::people)}; }
};
template <>
struct Shape<engine::ConversationLoaded> {
    using T = engine::ConversationLoaded;
    static constexpr auto members() {
        return std::tuple{member("user", &T::user), member("entries", &T::entries), member("complete", &T::complete)};
    }
};

}  // namespace kith::api
