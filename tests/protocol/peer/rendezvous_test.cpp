// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/peer/rendezvous.h"

#include <QTest>

#include "protocol/crypto/hpke.h"
#include "protocol/crypto/modernsuite.h"
#include "tests/support/authority.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::peer;
using namespace std::chrono_literals;

namespace {

const UserName kAlice = UserName::parse("alice").value();

/// Alice calls a device of somebody.
struct Attempt {
    test::Authority authority{};
    crypto::ModernSuite suite{};
    std::shared_ptr<crypto::Credentials> alice = authority.person(kAlice, {std::byte{7}});
    crypto::SealingKey weekly = crypto::SealingKey::generate(authority.random);
    DeviceId device = DeviceId::random(authority.random);
    RendezvousBody body{AttemptId::random(authority.random), authority.random.bytes<16>(), authority.now,
                        Purpose::ContactRequest};

    Bytes seal() {
        return sealRendezvous(suite, authority.trust().network, *alice, {device, weekly.publicKey()}, body,
                              authority.random)
            .value();
    }
    Result<Caller> open(ByteView sealed, UnixTime now) {
        return openRendezvous(suite, authority.trust(), device, weekly, sealed, now);
    }
};

}  // namespace

class RendezvousTest : public QObject {
    Q_OBJECT

private slots:
    void theReceiverLearnsWhoCalls() {
        Attempt attempt;
        const auto caller = attempt.open(attempt.seal(), attempt.authority.now + 10s);
        QVERIFY(caller);
        QVERIFY(caller->identity.user == kAlice);
        QVERIFY(caller->identity.device.bytes == attempt.alice->key->publicKey());
        QVERIFY(caller->identity.userKeyHash == (ByteArray<32>{std::byte{7}}));
        QVERIFY(caller->body == attempt.body);
    }

    void aSealedMessageFitsTheCommand() {
        Attempt attempt;
        QVERIFY(attempt.seal().size() < kMaxRendezvous);
    }

    void nobodyElseCanOpenIt() {
        Attempt attempt;
        const auto sealed = attempt.seal();
        const auto other = crypto::SealingKey::generate(attempt.authority.random);
        QVERIFY(openRendezvous(attempt.suite, attempt.authority.trust(), attempt.device, other, sealed,
                               attempt.authority.now)
                    .error()
                    .fault == Fault::BadSeal);
    }

    void itCountsForOneDeviceOnly() {
        Attempt attempt;
        const auto sealed = attempt.seal();
        attempt.device.bytes[0] ^= std::byte{1};
        QVERIFY(attempt.open(sealed, attempt.authority.now).error().fault == Fault::BadSeal);
    }

    /// A receiver seals what it was sent to a third device.
    void itCantBePassedOn() {
        Attempt attempt;
        const auto first = attempt.device;
        attempt.device = DeviceId::random(attempt.authority.random);
        Rendezvous stolen{attempt.body,
                          attempt.suite.sign(*attempt.alice->key,
                                             rendezvousMessage(attempt.authority.trust().network, first, attempt.body)),
                          crypto::encodeChain(attempt.alice->chain)};
        const auto info = rendezvousSealInfo(attempt.authority.trust().network, attempt.device);
        const auto sealed = crypto::hpkeSeal(attempt.weekly.publicKey(), info, {}, wire::encodeObjects(stolen),
                                             attempt.authority.random)
                                .value();
        QVERIFY(attempt.open(sealed, attempt.authority.now).error().fault == Fault::BadSignature);
    }

    void everyAlteredByteIsNoticed() {
        Attempt attempt;
        const auto sealed = attempt.seal();
        for (std::size_t i = 0; i < sealed.size(); i += 37) {
            auto altered = sealed;
            altered[i] ^= std::byte{0x40};
            QVERIFY(!attempt.open(altered, attempt.authority.now));
        }
        for (std::size_t size = 0; size < sealed.size(); size += 53)
            QVERIFY(!attempt.open(ByteView(sealed).first(size), attempt.authority.now));
    }

    void onlyPeopleCall() {
        Attempt attempt;
        attempt.alice = attempt.authority.access();
        QVERIFY(attempt.open(attempt.seal(), attempt.authority.now).error().fault == Fault::CertificateInvalid);
        test::Authority elsewhere(2);
        attempt.alice = elsewhere.person(kAlice);
        QVERIFY(attempt.open(attempt.seal(), attempt.authority.now).error().fault == Fault::WrongRootKey);
    }

    void oldAndEarlyMessagesAreRefused() {
        Attempt attempt;
        const auto sealed = attempt.seal();
        QVERIFY(attempt.open(sealed, attempt.authority.now + 5min));
        QVERIFY(attempt.open(sealed, attempt.authority.now - 5min));
        QVERIFY(attempt.open(sealed, attempt.authority.now + 5min + 1s).error().fault == Fault::ClockOff);
        QVERIFY(attempt.open(sealed, attempt.authority.now - 5min - 1s).error().fault == Fault::ClockOff);
    }

    void anAttemptCountsOnce() {
        test::SeededRandom random(3);
        ReplayGuard guard;
        const UnixTime now{1000s};
        const RendezvousBody body{AttemptId::random(random), {}, now, Purpose::Person};
        QVERIFY(guard.admit(kAlice, body, now));
        QVERIFY(guard.admit(kAlice, body, now).error().fault == Fault::Replayed);
        QVERIFY(guard.admit(kAlice, body, now + 2 * kRendezvousTolerance).error().fault == Fault::Replayed);
    }

    void onePersonCantFillTheGuard() {
        test::SeededRandom random(3);
        ReplayGuard guard;
        const UnixTime now{1000s};
        const auto attempt = [&] { return RendezvousBody{AttemptId::random(random), {}, now, Purpose::Person}; };
        for (std::size_t i = 0; i < ReplayGuard::kMostOfOne; ++i) QVERIFY(guard.admit(kAlice, attempt(), now));
        QVERIFY(guard.admit(kAlice, attempt(), now).error().fault == Fault::TooManyTries);
        QVERIFY(guard.admit(UserName::parse("bob").value(), attempt(), now));
        QVERIFY(guard.admit(kAlice, attempt(), now + 11min));
    }
};

KITH_TEST(RendezvousTest);
#include "rendezvous_test.moc"
