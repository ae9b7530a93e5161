// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/messages.h"

namespace kith::login {

Fault faultOf(Refusal refusal) {
    switch (refusal) {
        case Refusal::WrongPassword: return Fault::WrongPassword;
        case Refusal::NameTaken: return Fault::NameTaken;
        case Refusal::InvitationInvalid: return Fault::InvitationInvalid;
        case Refusal::RegistrationClosed: return Fault::RegistrationClosed;
        case Refusal::AccountDisabled: return Fault::AccountDisabled;
        case Refusal::TooManyTries: return Fault::TooManyTries;
        case Refusal::CredentialExpired: return Fault::CredentialExpired;
        case Refusal::VersionConflict: return Fault::VersionConflict;
        case Refusal::NotSignedIn: return Fault::NotSignedIn;
        case Refusal::Invalid: return Fault::Refused;
        case Refusal::Busy: return Fault::Busy;
        case Refusal::StorageBroken: return Fault::Busy;  // the server's disk, not this computer's
    }
    return Fault::Refused;
}

Bytes deviceProofMessage(const NetworkId& network, const UserName& user, const DeviceRequest& request) {
    Bytes out = toBytes(std::string_view("kith device proof 1"));
    out.push_back(std::byte{0});
    append(out, network.bytes);
    append(out, request.device.bytes);
    for (const auto& key : request.accessKeys) append(out, key);
    append(out, asBytes(user.text()));
    return out;
}

Bytes nodeProofMessage(const NetworkId& network, const NodeId& node) {
    Bytes out = toBytes(std::string_view("kith node proof 1"));
    out.push_back(std::byte{0});
    append(out, network.bytes);
    append(out, node.bytes);
    return out;
}

}  // namespace kith::login
