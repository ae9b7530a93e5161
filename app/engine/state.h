// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "media/audio/sounddevices.h"
#include "protocol/base/error.h"
#include "protocol/base/ids.h"
#include "protocol/base/instant.h"

/// What the one client object shows to window, command line and tests: plain values that pass between threads.
namespace kith::engine {

/// Why something went wrong, in terms a person can be told: the words are made in ui/ and in kithctl, one for each.
enum class Reason {
    None,
    WrongPassword,     ///< or unknown name
    WrongRecoveryKey,  ///< or unknown name, or mistyped
    NameTaken,
    NameInvalid,
    PasswordInvalid,  ///< 8 to 256 bytes
    InvitationInvalid,
    RegistrationClosed,
    AccountDisabled,
    TooManyTries,
    ClockOff,  ///< `detail`: by how many seconds, signed
    CredentialExpired,
    LinkInvalid,  ///< the kith: link can't be read
    WrongRootKey,
    CantReach,  ///< `detail`: the rungs that failed, e.g. "udp tcp 80 443"
    ConnectionLost,
    DiskFull,
    StorageBroken,
    NoPermission,
    AlreadyRunning,
    NotFound,
    NotAContact,
    AlreadyAContact,
    KeyChanged,  ///< `detail`: the name of whoever shows another key than the one we know
    Blocked,     ///< by us; `detail`: their name
    TooLarge,
    SearchInvalid,  ///< 2 to 64 characters, letters or digits among them
    NotSignedIn,
    NoMicrophone,
    NoSpeaker,
    DeviceFailed,
    NotPossibleNow,
    Internal,
};

struct Failure {
    Reason reason = Reason::None;
    std::string detail{};  ///< see Reason; never a secret
    friend bool operator==(const Failure&, const Failure&) = default;
};

enum class Connection {
    SignedOut,
    Connecting,  ///< looking for a supernode; `rung` tells how
    SigningIn,
    Online,
    Offline,  ///< signed in, network lost, trying again at `retryAt`
};

/// Who finds us in the directory.
enum class Findable {
    Nobody,
    ExactName,  ///< who knows the user name
    Everybody,
};

struct Account {
    Connection connection = Connection::SignedOut;
    UserName user{};
    std::string displayName{};
    std::string network{};
    std::string rung{};  ///< "udp", "tcp", "80", "443"
    Failure failure{};   ///< why SignedOut or Offline
    std::optional<UnixMillis> retryAt{};
    Findable findable = Findable::ExactName;
    friend bool operator==(const Account&, const Account&) = default;
};

enum class Relation {
    Stranger,
    RequestSent,      ///< we asked; waiting
    RequestReceived,  ///< they asked; accept or decline
    Contact,
    Blocked,  ///< by us
};

/// What somebody is seen as. Offline can't be chosen: it is what nobody tells.
enum class Presence {
    Offline,
    Online,
    Away,
    NotAvailable,
    DoNotDisturb,  ///< calls don't ring
    OpenToCalls,
    Invisible,  ///< ours alone: signed in, and seen as Offline
};

/// Our own.
struct OwnPresence {
    Presence chosen = Presence::Online;
    Presence shown = Presence::Online;  ///< to everybody: as chosen, or Away and NotAvailable without input
    std::string mood{};
    friend bool operator==(const OwnPresence&, const OwnPresence&) = default;
};

/// What one contact sees of us instead; absent is as for everybody.
struct PresenceView {
    std::optional<Presence> presence{};  ///< Invisible: nothing
    std::optional<std::string> mood{};
    friend bool operator==(const PresenceView&, const PresenceView&) = default;
};

struct Contact {
    UserName user{};
    std::string displayName{};
    Relation relation = Relation::Stranger;
    bool online = false;
    Presence presence = Presence::Offline;
    std::string mood{};
    std::optional<PresenceView> view{};  ///< what they see of us, if it is another than what everybody sees
    std::string requestText{};           ///< of a received request
    int unread = 0;
    std::optional<UnixMillis> lastActivity{};
    std::string lastLine{};  ///< of the newest message or call, one line
    // What we alone say of them, on all our devices.
    std::string alias{};  ///< shown instead of their name
    std::string note{};   ///< at most 500 characters
    bool favourite = false;
    std::vector<std::string> groups{};  ///< names, sorted
    bool verified = false;              ///< their safety number was compared, and it is still the same
    bool keyChanged = false;  ///< they show another key than the one we know: nothing goes there until it is accepted
    friend bool operator==(const Contact&, const Contact&) = default;
};

/// How somebody fits what was searched for, best first.
enum class Match {
    Exact,          ///< user name or display name
    NameBeginning,  ///< the user name begins so
    Words,          ///< words of the display name or parts of the user name begin so
    Mistake,        ///< they do but for one mistake in typing
};

struct FoundPerson {
    UserName user{};
    std::string displayName{};
    Relation relation = Relation::Stranger;
    Match match = Match::Exact;
    friend bool operator==(const FoundPerson&, const FoundPerson&) = default;
};

enum class MessageStatus {
    Waiting,    ///< in the outbox: the other is away, or we are off line
    Sent,       ///< on its way over an open link
    Delivered,  ///< on disk over there
    Read,
    Received,  ///< theirs, not seen yet
    Seen,      ///< theirs, seen
};

struct TextMessage {
    MessageId id{};
    UserName conversation{};
    bool ours = false;
    std::string text{};
    UnixMillis written{};
    MessageStatus status = MessageStatus::Waiting;
    friend bool operator==(const TextMessage&, const TextMessage&) = default;
};

enum class EndReason {
    HungUp,
    Cancelled,
    Declined,
    Busy,
    NoAnswer,
    DoNotDisturb,
    NotAContact,
    Unreachable,
    AnsweredElsewhere,
    NoCommonCodec,
    DeviceFailed,
    ConnectionLost,
    IdentityMismatch,
};

/// A call that took place or was missed, as a line in the conversation.
struct CallRecord {
    CallId id{};
    UserName conversation{};
    bool ours = false;  ///< we placed it
    UnixMillis started{};
    std::chrono::seconds talked{};
    EndReason end = EndReason::HungUp;
    bool missed = false;
    friend bool operator==(const CallRecord&, const CallRecord&) = default;
};

/// What a person should know about whom they talk to.
enum class TrustChange {
    NewDevice,    ///< they use one that was not seen before
    KeyChanged,   ///< they show another key; nothing goes there
    KeyAccepted,  ///< the other key counts from now on
    Verified,
    Unverified,
};

struct TrustEvent {
    UserName conversation{};
    UnixMillis at{};
    TrustChange change = TrustChange::NewDevice;
    friend bool operator==(const TrustEvent&, const TrustEvent&) = default;
};

/// One entry of a timeline.
using ConversationEntry = std::variant<TextMessage, CallRecord, TrustEvent>;

enum class CallPhase { Connecting, Ringing, Incoming, Active, Ended };

struct CallQuality {
    Duration roundTrip{};
    double loss = 0;          ///< fraction of packets missing, last 5 s
    Duration jitterBuffer{};  ///< target delay
    double concealed = 0;     ///< fraction of time, last 5 s
    std::string path{};       ///< "relayed over UDP", "relayed over TCP"
    friend bool operator==(const CallQuality&, const CallQuality&) = default;
};

struct Call {
    CallId id{};
    UserName user{};
    bool incoming = false;
    CallPhase phase = CallPhase::Connecting;
    bool muted = false;
    bool heldByUs = false;
    bool heldByThem = false;
    std::optional<UnixMillis> answered{};
    std::optional<EndReason> end{};
    Failure soundTrouble{};  ///< NoMicrophone, NoSpeaker, DeviceFailed: the call goes on
    CallQuality quality{};
    friend bool operator==(const Call&, const Call&) = default;
};

using audio::SoundDevice;
using audio::SoundDevices;

}  // namespace kith::engine
