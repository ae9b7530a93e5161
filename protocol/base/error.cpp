// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/base/error.h"

namespace kith {

std::string_view name(Fault fault) {
    switch (fault) {
        case Fault::Truncated: return "Truncated";
        case Fault::TooLarge: return "TooLarge";
        case Fault::Malformed: return "Malformed";
        case Fault::TrailingBytes: return "TrailingBytes";
        case Fault::TooDeep: return "TooDeep";
        case Fault::MissingField: return "MissingField";
        case Fault::WrongType: return "WrongType";
        case Fault::ChecksumMismatch: return "ChecksumMismatch";
        case Fault::UnknownVersion: return "UnknownVersion";
        case Fault::BadSignature: return "BadSignature";
        case Fault::BadSeal: return "BadSeal";
        case Fault::BadKey: return "BadKey";
        case Fault::CertificateInvalid: return "CertificateInvalid";
        case Fault::CertificateDates: return "CertificateDates";
        case Fault::WrongRootKey: return "WrongRootKey";
        case Fault::Replayed: return "Replayed";
        case Fault::TimedOut: return "TimedOut";
        case Fault::Unreachable: return "Unreachable";
        case Fault::ConnectionLost: return "ConnectionLost";
        case Fault::Refused: return "Refused";
        case Fault::Busy: return "Busy";
        case Fault::WrongPassword: return "WrongPassword";
        case Fault::NameTaken: return "NameTaken";
        case Fault::NameInvalid: return "NameInvalid";
        case Fault::InvitationInvalid: return "InvitationInvalid";
        case Fault::RegistrationClosed: return "RegistrationClosed";
        case Fault::AccountDisabled: return "AccountDisabled";
        case Fault::TooManyTries: return "TooManyTries";
        case Fault::ClockOff: return "ClockOff";
        case Fault::CredentialExpired: return "CredentialExpired";
        case Fault::NotFound: return "NotFound";
        case Fault::NotAContact: return "NotAContact";
        case Fault::VersionConflict: return "VersionConflict";
        case Fault::NotSignedIn: return "NotSignedIn";
        case Fault::AlreadyExists: return "AlreadyExists";
        case Fault::InvalidArgument: return "InvalidArgument";
        case Fault::DiskFull: return "DiskFull";
        case Fault::StorageBroken: return "StorageBroken";
        case Fault::PermissionDenied: return "PermissionDenied";
        case Fault::InUse: return "InUse";
        case Fault::NoDevice: return "NoDevice";
        case Fault::DeviceFailed: return "DeviceFailed";
    }
    return "Unknown";
}

}  // namespace kith
