// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/failures.h"

namespace kith::engine {

Reason reasonOf(Fault fault) {
    switch (fault) {
        // What another program sent was no good, or ours was: nothing a person can do about either.
        case Fault::Truncated:
        case Fault::Malformed:
        case Fault::TrailingBytes:
        case Fault::TooDeep:
        case Fault::MissingField:
        case Fault::WrongType:
        case Fault::ChecksumMismatch:
        case Fault::BadSignature:
        case Fault::BadSeal:
        case Fault::BadKey:
        case Fault::CertificateInvalid:
        case Fault::Replayed:
        case Fault::VersionConflict: return Reason::Internal;

        case Fault::TooLarge: return Reason::TooLarge;
        case Fault::CertificateDates: return Reason::ClockOff;
        case Fault::WrongRootKey: return Reason::WrongRootKey;
        case Fault::TimedOut:
        case Fault::Unreachable: return Reason::CantReach;
        case Fault::ConnectionLost: return Reason::ConnectionLost;
        case Fault::Refused:
        case Fault::Busy:
        case Fault::InvalidArgument: return Reason::NotPossibleNow;

        case Fault::WrongPassword: return Reason::WrongPassword;
        case Fault::NameTaken: return Reason::NameTaken;
        case Fault::NameInvalid: return Reason::NameInvalid;
        case Fault::InvitationInvalid: return Reason::InvitationInvalid;
        case Fault::RegistrationClosed: return Reason::RegistrationClosed;
        case Fault::AccountDisabled: return Reason::AccountDisabled;
        case Fault::TooManyTries: return Reason::TooManyTries;
        case Fault::ClockOff: return Reason::ClockOff;
        case Fault::CredentialExpired: return Reason::CredentialExpired;
        case Fault::NotFound: return Reason::NotFound;
        case Fault::NotAContact: return Reason::NotAContact;
        case Fault::NotSignedIn: return Reason::NotSignedIn;
        case Fault::AlreadyExists: return Reason::AlreadyAContact;

        case Fault::DiskFull: return Reason::DiskFull;
        case Fault::UnknownVersion:
        case Fault::StorageBroken: return Reason::StorageBroken;
        case Fault::PermissionDenied: return Reason::NoPermission;
        case Fault::InUse: return Reason::AlreadyRunning;
        case Fault::NoDevice: return Reason::NoMicrophone;
        case Fault::DeviceFailed: return Reason::DeviceFailed;
    }
    return Reason::Internal;
}

Failure cantReach(const overlay::RungFaults& rungs) {
    Failure failure{Reason::CantReach, {}};
    for (std::size_t i = 0; i < rungs.size(); ++i) {
        if (!rungs[i]) continue;
        if (!failure.detail.empty()) failure.detail += ' ';
        failure.detail += overlay::name(static_cast<overlay::Rung>(i));
    }
    return failure;
}

Failure clockOff(std::chrono::seconds ahead) {
    return {Reason::ClockOff, std::to_string(ahead.count())};
}

}  // namespace kith::engine
