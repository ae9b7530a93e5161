// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/crypto/modernsuite.h"
#include "protocol/peer/rendezvous.h"
#include "protocol/peer/safetynumber.h"
#include "tests/support/testmain.h"
#include "tests/support/vectorfile.h"

using namespace kith;
using namespace kith::peer;

namespace {

template <std::size_t N>
ByteArray<N> filled(int value) {
    ByteArray<N> out;
    out.fill(static_cast<std::byte>(value));
    return out;
}

}  // namespace

/// The layouts of SPEC.md, "Reaching a device".
class RendezvousVectorsTest : public QObject {
    Q_OBJECT

    const test::VectorFile m_vectors{QStringLiteral(KITH_VECTORS "/login.txt")};
    crypto::Trust m_trust;
    const DeviceId m_receiver{filled<32>(0x0c)};

private slots:
    void initTestCase() {
        for (std::size_t i = 0; i < 16; ++i) m_trust.network.bytes[i] = static_cast<std::byte>(i);
    }

    void whatTheCallerSigns() {
        RendezvousBody body;
        body.attempt = AttemptId{filled<16>(0x0a)};
        body.secret = filled<16>(0x0b);
        body.time = UnixTime{std::chrono::seconds{1'800'000'000}};
        body.purpose = Purpose::ContactRequest;
        QCOMPARE(rendezvousMessage(m_trust.network, m_receiver, body), m_vectors["rendezvous-message"]);
    }

    void theSafetyNumber() {
        const test::VectorFile vectors{QStringLiteral(KITH_VECTORS "/safety.txt")};
        const auto named = [&](const std::string& name) {
            return NamedKey{UserName::parse(name).value(), UserKey::from(vectors[name]).value()};
        };
        const auto network = NetworkId::from(vectors["network"]).value();
        const auto number = safetyNumber(network, named("alice"), named("bob"));
        QCOMPARE(toBytes(asBytes(number)), vectors["number"]);
        QCOMPARE(safetyNumber(network, named("bob"), named("alice")), number);
        // Another name, key or network has another number.
        auto other = named("bob");
        other.key.bytes[31] ^= std::byte{1};
        QVERIFY(safetyNumber(network, named("alice"), other) != number);
        QVERIFY(safetyNumber(network, named("alice"), {UserName::parse("bobb").value(), named("bob").key}) != number);
        QVERIFY(safetyNumber(NetworkId{}, named("alice"), named("bob")) != number);
    }

    void whatIsSealedToWhom() {
        crypto::ModernSuite suite;
        const auto open = [&](const DeviceId& receiver, int key) {
            const auto opened =
                openRendezvous(suite, m_trust, receiver, crypto::SealingKey::fromPrivate(filled<32>(key)),
                               m_vectors["rendezvous-empty"], UnixTime{});
            return opened ? std::nullopt : std::optional(opened.error().fault);
        };
        // The seal opens, and there is nothing in it.
        QVERIFY(open(m_receiver, 0x0d) == Fault::MissingField);
        QVERIFY(open(DeviceId{filled<32>(0x0f)}, 0x0d) == Fault::BadSeal);
        QVERIFY(open(m_receiver, 0x0f) == Fault::BadSeal);
    }
};

KITH_TEST(RendezvousVectorsTest);
#include "vectors_test.moc"
