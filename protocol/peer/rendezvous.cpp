// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/peer/rendezvous.h"

#include <algorithm>

#include "protocol/crypto/hpke.h"
#include "protocol/crypto/secret.h"

namespace kith::peer {

namespace {

constexpr std::string_view kSealLabel = "kith rendezvous seal 1";
constexpr std::string_view kSignLabel = "kith rendezvous sign 1";

Result<crypto::PersonIdentity> identify(const crypto::Trust& trust, ByteView credential, UnixTime now) {
    const auto chain = crypto::decodeChain(credential);
    if (!chain) return tl::make_unexpected(chain.error());
    const auto identity = crypto::verifyChain(*chain, trust, now);
    if (!identity) return tl::make_unexpected(identity.error());
    if (const auto* person = std::get_if<crypto::PersonIdentity>(&*identity)) return *person;
    return fail(Fault::CertificateInvalid, "rendezvous: not a person's");
}

bool isNear(UnixTime a, UnixTime b) {
    return a <= b + kRendezvousTolerance && b <= a + kRendezvousTolerance;
}

}  // namespace

Bytes rendezvousSealInfo(const NetworkId& network, const DeviceId& receiver) {
    Bytes info = toBytes(kSealLabel);
    append(info, network.bytes);
    append(info, receiver.bytes);
    return info;
}

Bytes rendezvousMessage(const NetworkId& network, const DeviceId& receiver, const RendezvousBody& body) {
    Bytes message = toBytes(kSignLabel);
    append(message, network.bytes);
    append(message, receiver.bytes);
    append(message, wire::encodeObjects(body));
    return message;
}

Result<Bytes> sealRendezvous(crypto::Suite& suite, const NetworkId& network, const crypto::Credentials& caller,
                             const Receiver& receiver, const RendezvousBody& body, RandomSource& random) {
    Rendezvous message{body, suite.sign(*caller.key, rendezvousMessage(network, receiver.device, body)),
                       crypto::encodeChain(caller.chain)};
    auto plain = wire::encodeObjects(message);
    const crypto::WipeAtEnd wiped(plain);
    if (plain.size() + crypto::kHpkeOverhead > kMaxRendezvous) return fail(Fault::TooLarge, "rendezvous");
    return crypto::hpkeSeal(receiver.sealingKey, rendezvousSealInfo(network, receiver.device), {}, plain, random);
}

Result<Caller> openRendezvous(crypto::Suite& suite, const crypto::Trust& trust, const DeviceId& receiver,
                              const crypto::SealingKey& key, ByteView sealed, UnixTime now) {
    if (sealed.size() > kMaxRendezvous) return fail(Fault::TooLarge, "rendezvous");
    auto plain = crypto::hpkeOpen(key, rendezvousSealInfo(trust.network, receiver), {}, sealed);
    if (!plain) return tl::make_unexpected(plain.error());
    const crypto::WipeAtEnd wiped(*plain);
    const auto message = wire::decodeObjects<Rendezvous>(*plain);
    if (!message) return tl::make_unexpected(message.error());
    // Our own clock is judged last: a stranger's bytes must not look like our fault.
    const auto person = identify(trust, message->credential, now);
    if (!person) return tl::make_unexpected(person.error());
    if (!suite.verify(person->device.bytes, rendezvousMessage(trust.network, receiver, message->body),
                      message->signature))
        return fail(Fault::BadSignature, "rendezvous");
    if (!isNear(message->body.time, now)) return fail(Fault::ClockOff, "rendezvous");
    return Caller{*person, message->body};
}

Result<void> ReplayGuard::admit(const UserName& user, const RendezvousBody& body, UnixTime now) {
    forget(now);
    if (m_attempts.contains(body.attempt)) return fail(Fault::Replayed, "rendezvous");
    if (m_seen.size() >= kMost) return fail(Fault::Busy, "rendezvous");
    auto& count = m_counts[user];
    if (count >= kMostOfOne) return fail(Fault::TooManyTries, "rendezvous");
    ++count;
    // As long as its time is near ours by either clock.
    const auto until = now + 2 * kRendezvousTolerance;
    m_seen.push_back({user, body.attempt, until});
    m_attempts.insert(body.attempt);
    return {};
}

void ReplayGuard::forget(UnixTime now) {
    const auto fresh = std::ranges::find_if(m_seen, [now](const Seen& seen) { return seen.until >= now; });
    for (auto old = m_seen.begin(); old != fresh; ++old) {
        m_attempts.erase(old->attempt);
        const auto count = m_counts.find(old->user);
        if (--count->second == 0) m_counts.erase(count);
    }
    m_seen.erase(m_seen.begin(), fresh);
}

}  // namespace kith::peer
