// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <variant>

#include "app/engine/state.h"

/// Everything that can be asked of the client. Each request gets exactly one Done event with its number.
namespace kith::engine {

using RequestNumber = std::uint64_t;

/// Makes an account; `link` is a `kith:join?…` text. Signs in when that worked. The recovery key comes as an event.
struct SignUp {
    std::string link;
    std::string user;
    std::string displayName;
    std::string password;
};
/// On a device that has no credential for this account yet, or after signing out.
struct SignIn {
    std::string link;
    std::string user;
    std::string password;
};
/// For who has lost the password: the recovery key sets a new one. Then as SignIn.
struct RecoverAccount {
    std::string link;
    std::string user;
    std::string recoveryKey;  ///< as RecoveryKeyMade told it
    std::string newPassword;
};
/// Ends the connection and forgets the credential and the keys of this device; history stays.
struct SignOut {};
/// By exact name; answers with PeopleFound.
struct FindPeople {
    std::string name;
};
/// For whom a text fits: the beginning of a user name or of words of a display name, with a mistake in typing; answers
/// with PeopleFound, the best first, at most 20.
struct SearchPeople {
    std::string text;  ///< 2 to 64 characters, else SearchInvalid
    /// Somebody types: of searches of the same typist (not 0) only the newest is answered, the older ones are Done
    /// without people.
    std::uint32_t typist = 0;
};
/// Who finds us in the directory. Done when it is on disk; counts at once.
struct SetFindable {
    Findable findable = Findable::ExactName;
};
struct AddContact {
    UserName user;
    std::string text;  ///< at most 300 characters
};
struct AcceptRequest {
    UserName user;
};
struct DeclineRequest {
    UserName user;
};
/// Also withdraws a request.
struct RemoveContact {
    UserName user;
};
/// What everybody sees of us; what is absent stays. NotPossibleNow: Offline; TooLarge: more than 140 characters.
struct SetPresence {
    std::optional<Presence> presence{};
    std::optional<std::string> mood{};
};
/// What this contact sees instead; what is absent is as for everybody.
struct SetPresenceFor {
    UserName user;
    std::optional<Presence> presence{};  ///< Invisible, Offline: nothing
    std::optional<std::string> mood{};
};
/// The person has not touched this computer for so long; 0: just has. Told when it begins and when it ends.
struct SetIdle {
    int seconds = 0;
};
/// A request of ours that was not answered.
struct WithdrawRequest {
    UserName user;
};
/// Anybody, listed or not. They find nobody here from now on, and are not told why.
struct BlockPerson {
    UserName user;
};
struct UnblockPerson {
    UserName user;
};
struct SetAlias {
    UserName user;
    std::string alias;  ///< at most 64 characters; empty: none
};
struct SetNote {
    UserName user;
    std::string note;  ///< at most 500 characters
};
struct SetFavourite {
    UserName user;
    bool favourite = false;
};
struct SetGroups {
    UserName user;
    std::vector<std::string> groups;  ///< at most 16, of 64 characters
};
/// SafetyNumberMade follows.
struct GetSafetyNumber {
    UserName user;
};
/// The person compared the safety number, or no longer relies on it.
struct SetVerified {
    UserName user;
    bool verified = false;
};
/// The key that they show now is theirs: what waits in the outbox goes out.
struct AcceptKey {
    UserName user;
};
/// At most 16 KiB of UTF-8. Done when it is on disk.
struct SendText {
    UserName user;
    std::string text;
};
/// Everything in the conversation up to now has been seen.
struct MarkRead {
    UserName user;
};
/// The newest `limit` entries older than `before`; answers with ConversationLoaded.
struct LoadConversation {
    UserName user;
    std::optional<UnixMillis> before{};
    int limit = 100;
};
struct PlaceCall {
    UserName user;
};
struct AnswerCall {
    CallId call;
};
struct DeclineCall {
    CallId call;
};
/// Cancels one that is not answered yet.
struct HangUp {
    CallId call;
};
struct SetMuted {
    CallId call;
    bool muted;
};
struct SetHeld {
    CallId call;
    bool held;
};
/// Empty id: the default.
struct ChooseDevices {
    std::string input;
    std::string output;
};
/// From now on DevicesChanged tells what microphones and speakers there are, and every change: for whoever is about to
/// choose. A call does the same. Looking costs wake-ups, so nobody does it unasked.
struct WatchDevices {};
/// Sends every current fact again as events (Account, all contacts, calls, devices): for a window that just opened.
struct Refresh {};

using Request = std::variant<SignUp, SignIn, RecoverAccount, SignOut, FindPeople, SearchPeople, SetFindable, AddContact,
                             AcceptRequest, DeclineRequest, RemoveContact, WithdrawRequest, BlockPerson, UnblockPerson,
                             SetAlias, SetNote, SetFavourite, SetGroups, GetSafetyNumber, SetVerified, AcceptKey,
                             SetPresence, SetPresenceFor, SetIdle, SendText, MarkRead, LoadConversation, PlaceCall,
                             AnswerCall, DeclineCall, HangUp, SetMuted, SetHeld, ChooseDevices, WatchDevices, Refresh>;

}  // namespace kith::engine
