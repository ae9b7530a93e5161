// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/roles.h"

namespace kith::session {

namespace {

struct Rules {
    std::string_view alpn;
    crypto::Use server;
    crypto::Use client;
    bool clientMayBeAnonymous;
};

constexpr Rules rulesOf(Role role) {
    switch (role) {
        case Role::Login: return {"kith-login", crypto::Use::LoginServer, crypto::Use::Person, true};
        case Role::Node: return {"kith-node", crypto::Use::Supernode, crypto::Use::Access, true};
        case Role::Peer: break;
    }
    return {"kith-peer", crypto::Use::Person, crypto::Use::Person, false};
}

}  // namespace

std::optional<Role> roleFrom(std::uint8_t number) {
    if (number >= kRoles) return std::nullopt;
    return static_cast<Role>(number);
}

crypto::HandshakeOptions handshakeOptions(Role role, crypto::Side side) {
    const Rules rules = rulesOf(role);
    crypto::HandshakeOptions out;
    out.side = side;
    out.alpn = rules.alpn;
    out.demandPeer = side == crypto::Side::Client || !rules.clientMayBeAnonymous;
    out.peerUse = side == crypto::Side::Client ? rules.server : rules.client;
    return out;
}

bool mayBeAnonymous(Role role, crypto::Side side) {
    return side == crypto::Side::Client && rulesOf(role).clientMayBeAnonymous;
}

}  // namespace kith::session
