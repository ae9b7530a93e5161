// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/directory/records.h"

#include <algorithm>

namespace kith::directory {

namespace {

constexpr std::string_view kUserRecordLabel = "kith user record 1";
constexpr std::string_view kDeviceListLabel = "kith device list 1";
constexpr std::string_view kCountersignatureLabel = "kith device list countersigned 1";
constexpr std::string_view kLocationLabel = "kith location 1";

/// What is signed: a label of its own for each kind, so that no signature can stand for another, and the network, so
/// that none counts elsewhere.
Bytes signedMessage(std::string_view label, const NetworkId& network, ByteView blob) {
    Bytes out = toBytes(label);
    out.push_back(std::byte{0});
    append(out, network.bytes);
    append(out, blob);
    return out;
}

struct ProvedChain {
    crypto::CertificateChain chain;
    crypto::PeerIdentity identity;
    crypto::CertificateFacts leaf;
};

Result<ProvedChain> proveChain(const Judge& judge, ByteView encoded, UnixTime now) {
    auto chain = crypto::decodeChain(encoded);
    if (!chain) return tl::make_unexpected(chain.error());
    auto identity = crypto::verifyChain(*chain, judge.trust, now);
    if (!identity) return tl::make_unexpected(identity.error());
    auto leaf = crypto::readLeaf(chain->front(), judge.trust.network);
    if (!leaf) return tl::make_unexpected(leaf.error());
    return ProvedChain{std::move(*chain), std::move(*identity), std::move(*leaf)};
}

Result<void> checkLife(UnixTime expires, std::chrono::seconds life, UnixTime now) {
    if (expires <= now) return fail(Fault::CredentialExpired, "record");
    if (expires > now + life + kClockTolerance) return fail(Fault::ClockOff, "record lives too long");
    return {};
}

bool isDisplayName(std::string_view text) {
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; };
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    const auto characters = text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
    return characters <= kMaxDisplayName && std::none_of(text.begin(), text.end(), isControl);
}

Result<crypto::PersonIdentity> asPerson(const crypto::PeerIdentity& identity) {
    if (const auto* person = std::get_if<crypto::PersonIdentity>(&identity)) return *person;
    return fail(Fault::CertificateInvalid, "not a credential");
}

}  // namespace

PersonKey personKey(const UserKey& userKey) {
    return PersonKey{crypto::sha256(userKey.bytes)};
}

SignedUserRecord sign(crypto::Suite& suite, const NetworkId& network, const UserRecord& record,
                      const crypto::SigningKey& userKey, const crypto::CertificateChain& credential) {
    SignedUserRecord out;
    out.record = wire::encodeObjects(record);
    out.signature = suite.sign(userKey, signedMessage(kUserRecordLabel, network, out.record));
    out.credential = crypto::encodeChain(credential);
    return out;
}

Bytes deviceListMessage(const NetworkId& network, ByteView list) {
    return signedMessage(kDeviceListLabel, network, list);
}

Bytes countersignatureMessage(const NetworkId& network, ByteView list, const crypto::Signature& signature) {
    Bytes out = signedMessage(kCountersignatureLabel, network, signature);
    append(out, list);
    return out;
}

SignedLocation sign(crypto::Suite& suite, const NetworkId& network, const Location& location,
                    const crypto::SigningKey& deviceKey, const crypto::CertificateChain& credential) {
    SignedLocation out;
    out.location = wire::encodeObjects(location);
    out.signature = suite.sign(deviceKey, signedMessage(kLocationLabel, network, out.location));
    out.credential = crypto::encodeChain(credential);
    return out;
}

Result<VerifiedUserRecord> verify(const Judge& judge, const SignedUserRecord& record, UnixTime now) {
    auto body = wire::decodeObjects<UserRecord>(record.record);
    if (!body) return tl::make_unexpected(body.error());
    if (!isDisplayName(body->displayName)) return fail(Fault::Malformed, "display name");
    if (auto life = checkLife(body->expires, kUserRecordLife, now); !life) return tl::make_unexpected(life.error());
    if (!judge.suite.verify(body->userKey.bytes, signedMessage(kUserRecordLabel, judge.trust.network, record.record),
                            record.signature))
        return fail(Fault::BadSignature, "user record");

    const auto proved = proveChain(judge, record.credential, now);
    if (!proved) return tl::make_unexpected(proved.error());
    const auto person = asPerson(proved->identity);
    if (!person) return tl::make_unexpected(person.error());
    if (person->user != body->name || person->userKeyHash != personKey(body->userKey).bytes)
        return fail(Fault::CertificateInvalid, "credential of somebody else");
    const UnixTime expires = std::min(body->expires, person->expires);
    return VerifiedUserRecord{std::move(*body), person->expires, expires};
}

Result<VerifiedDeviceList> verify(const Judge& judge, const SignedDeviceList& list, UnixTime now) {
    auto body = wire::decodeObjects<DeviceList>(list.list);
    if (!body) return tl::make_unexpected(body.error());
    const NetworkId& network = judge.trust.network;
    if (!judge.suite.verify(body->userKey.bytes, deviceListMessage(network, list.list), list.signature))
        return fail(Fault::BadSignature, "device list");

    const auto proved = proveChain(judge, list.server, now);
    if (!proved) return tl::make_unexpected(proved.error());
    if (!std::holds_alternative<crypto::LoginServerIdentity>(proved->identity))
        return fail(Fault::CertificateInvalid, "not a login server");
    if (!judge.suite.verify(proved->leaf.publicKey, countersignatureMessage(network, list.list, list.signature),
                            list.countersignature))
        return fail(Fault::BadSignature, "device list countersignature");
    return VerifiedDeviceList{std::move(*body), proved->leaf.validity.notAfter};
}

Result<VerifiedLocation> verify(const Judge& judge, const SignedLocation& location, UnixTime now) {
    auto body = wire::decodeObjects<Location>(location.location);
    if (!body) return tl::make_unexpected(body.error());
    if (auto life = checkLife(body->expires, kLocationLife, now); !life) return tl::make_unexpected(life.error());
    if (!judge.suite.verify(body->device.bytes, signedMessage(kLocationLabel, judge.trust.network, location.location),
                            location.signature))
        return fail(Fault::BadSignature, "location");

    auto proved = proveChain(judge, location.credential, now);
    if (!proved) return tl::make_unexpected(proved.error());
    const auto person = asPerson(proved->identity);
    if (!person) return tl::make_unexpected(person.error());
    if (person->device != body->device || person->userKeyHash != body->person.bytes)
        return fail(Fault::CertificateInvalid, "credential of somebody else");
    const UnixTime expires = std::min(body->expires, person->expires);
    return VerifiedLocation{*body, person->user, std::move(proved->chain), expires};
}

}  // namespace kith::directory
