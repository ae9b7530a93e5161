// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "app/engine/state.h"

/// The words of the local API for the values of enums.
namespace kith::api {

template <class E>
struct Names;

template <>
struct Names<engine::Reason> {
    static constexpr std::array<std::string_view, 33> kNames{"none",
                                                             "wrongPassword",
                                                             "wrongRecoveryKey",
                                                             "nameTaken",
                                                             "nameInvalid",
                                                             "passwordInvalid",
                                                             "invitationInvalid",
                                                             "registrationClosed",
                                                             "accountDisabled",
                                                             "tooManyTries",
                                                             "clockOff",
                                                             "credentialExpired",
                                                             "linkInvalid",
                                                             "wrongRootKey",
                                                             "cantReach",
                                                             "connectionLost",
                                                             "diskFull",
                                                             "storageBroken",
                                                             "noPermission",
                                                             "alreadyRunning",
                                                             "notFound",
                                                             "notAContact",
                                                             "alreadyAContact",
                                                             "keyChanged",
                                                             "blocked",
                                                             "tooLarge",
                                                             "searchInvalid",
                                                             "notSignedIn",
                                                             "noMicrophone",
                                                             "noSpeaker",
                                                             "deviceFailed",
                                                             "notPossibleNow",
                                                             "internal"};
    static constexpr auto kLast = engine::Reason::Internal;
};
template <>
struct Names<engine::Connection> {
    static constexpr std::array<std::string_view, 5> kNames{"signedOut", "connecting", "signingIn", "online",
                                                            "offline"};
    static constexpr auto kLast = engine::Connection::Offline;
};
template <>
struct Names<engine::Findable> {
    static constexpr std::array<std::string_view, 3> kNames{"nobody", "exactName", "everybody"};
    static constexpr auto kLast = engine::Findable::Everybody;
};
template <>
struct Names<engine::Match> {
    static constexpr std::array<std::string_view, 4> kNames{"exact", "nameBeginning", "words", "mistake"};
    static constexpr auto kLast = engine::Match::Mistake;
};
template <>
struct Names<engine::Relation> {
    static constexpr std::array<std::string_view, 5> kNames{"stranger", "requestSent", "requestReceived", "contact",
                                                            "blocked"};
    static constexpr auto kLast = engine::Relation::Blocked;
};
template <>
struct Names<engine::Presence> {
    static constexpr std::array<std::string_view, 7> kNames{"offline",      "online",      "away",     "notAvailable",
                                                            "doNotDisturb", "openToCalls", "invisible"};
    static constexpr auto kLast = engine::Presence::Invisible;
};
template <>
struct Names<engine::MessageStatus> {
    static constexpr std::array<std::string_view, 6> kNames{"waiting", "sent", "delivered", "read", "received", "seen"};
    static constexpr auto kLast = engine::MessageStatus::Seen;
};
template <>
struct Names<engine::EndReason> {
    static constexpr std::array<std::string_view, 13> kNames{
        "hungUp",          "cancelled",   "declined",          "busy",          "noAnswer",     "doNotDisturb",
        "notAContact",     "unreachable", "answeredElsewhere", "noCommonCodec", "deviceFailed", "connectionLost",
        "identityMismatch"};
    static constexpr auto kLast = engine::EndReason::IdentityMismatch;
};
template <>
struct Names<engine::TrustChange> {
    static constexpr std::array<std::string_view, 5> kNames{"newDevice", "keyChanged", "keyAccepted", "verified",
                                                            "unverified"};
    static constexpr auto kLast = engine::TrustChange::Unverified;
};
template <>
struct Names<engine::CallPhase> {
    static constexpr std::array<std::string_view, 5> kNames{"connecting", "ringing", "incoming", "active", "ended"};
    static constexpr auto kLast = engine::CallPhase::Ended;
};

template <class E>
concept Named = requires {
    Names<E>::kNames;
};

template <Named E>
constexpr std::string_view nameOf(E value) {
    static_assert(Names<E>::kNames.size() == static_cast<std::size_t>(Names<E>::kLast) + 1);
    return Names<E>::kNames[static_cast<std::size_t>(value)];
}

template <Named E>
constexpr std::optional<E> fromName(std::string_view name) {
    for (std::size_t i = 0; i < Names<E>::kNames.size(); ++i)
        if (Names<E>::kNames[i] == name) return static_cast<E>(i);
    return std::nullopt;
}

}  // namespace kith::api
