// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string_view>

namespace kith {

/// Why something that came from outside, or that the outside was asked for, did not work. One list for the house: an
/// error passes from room to room unchanged, and app/engine alone turns it into what a person reads.
enum class Fault {
    // Bytes that don't decode
    Truncated,         ///< ended before what it announced
    TooLarge,          ///< over a limit of the format
    Malformed,         ///< a value that the format doesn't allow
    TrailingBytes,     ///< more than one whole thing
    TooDeep,           ///< nested object lists beyond the limit
    MissingField,      ///< a required object is absent
    WrongType,         ///< an object of this id has another type
    ChecksumMismatch,  ///< CRC of an obfuscated body
    UnknownVersion,

    // Cryptography
    BadSignature,
    BadSeal,  ///< authentication tag, or a key that doesn't fit
    BadKey,
    CertificateInvalid,  ///< chain, name or use doesn't fit
    CertificateDates,    ///< fails by its dates alone: somebody's clock, or expired
    WrongRootKey,        ///< the network's root key is not the one of the link
    Replayed,

    // The network
    TimedOut,
    Unreachable,
    ConnectionLost,
    Refused,
    Busy,

    // Accounts and people
    WrongPassword,  ///< or unknown name: the two are never told apart
    NameTaken,
    NameInvalid,
    InvitationInvalid,
    RegistrationClosed,
    AccountDisabled,
    TooManyTries,
    ClockOff,
    CredentialExpired,
    NotFound,
    NotAContact,
    VersionConflict,
    NotSignedIn,
    AlreadyExists,
    InvalidArgument,

    // This computer
    DiskFull,
    StorageBroken,
    PermissionDenied,
    InUse,
    NoDevice,
    DeviceFailed,
};

std::string_view name(Fault fault);

/// A fault with a fixed word on where it was met, for logs and tests; `detail` has static lifetime and holds no data
/// from outside.
struct Error {
    Fault fault;
    std::string_view detail{};

    friend bool operator==(const Error& a, const Error& b) { return a.fault == b.fault; }
};

}  // namespace kith
