// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/crypto/keys.h"
#include "protocol/crypto/modernsuite.h"
#include "protocol/directory/records.h"
#include "tests/support/testmain.h"
#include "tests/support/vectorfile.h"

using namespace kith;
using namespace kith::directory;

namespace {

template <class T>
T filled(int value) {
    T out;
    out.bytes.fill(static_cast<std::byte>(value));
    return out;
}

crypto::SigningKey keyOf(int value) {
    return crypto::SigningKey::fromSeed(filled<DeviceId>(value).bytes);
}

}  // namespace

class RecordVectorsTest : public QObject {
    Q_OBJECT

    const test::VectorFile m_vectors{QStringLiteral(KITH_VECTORS "/records.txt")};
    crypto::ModernSuite m_suite;
    static constexpr UnixTime kExpires{std::chrono::seconds{1'803'456'000}};
    NetworkId m_network;
    crypto::SigningKey m_user = keyOf(1);
    crypto::SigningKey m_device = keyOf(2);
    crypto::SigningKey m_server = keyOf(3);

    [[nodiscard]] UserKey userKey() const { return UserKey{m_user.publicKey()}; }

private slots:
    void initTestCase() {
        for (std::size_t i = 0; i < m_network.bytes.size(); ++i) m_network.bytes[i] = static_cast<std::byte>(i);
        QVERIFY(toBytes(m_user.publicKey()) == m_vectors["user-key"]);
        QVERIFY(toBytes(m_device.publicKey()) == m_vectors["device-key"]);
        QVERIFY(toBytes(personKey(userKey()).bytes) == m_vectors["person-key"]);
    }

    void userRecord() {
        const UserRecord record{
            UserName::parse("anna").value(), userKey(), "Anna Żak", Findable::ExactName, 7, kExpires};
        const auto made = sign(m_suite, m_network, record, m_user, {});
        QVERIFY(made.record == m_vectors["user-record"]);
        QVERIFY(toBytes(made.signature) == m_vectors["user-record-signature"]);
    }

    void deviceList() {
        const DeviceList list{userKey(), 3, {DeviceId{m_device.publicKey()}, DeviceId{m_server.publicKey()}}};
        const Bytes blob = wire::encodeObjects(list);
        QVERIFY(blob == m_vectors["device-list"]);
        const auto signature = crypto::sign(m_user, deviceListMessage(m_network, blob));
        QVERIFY(toBytes(signature) == m_vectors["device-list-signature"]);
        const auto countersignature = crypto::sign(m_server, countersignatureMessage(m_network, blob, signature));
        QVERIFY(toBytes(countersignature) == m_vectors["device-list-countersignature"]);
    }

    void location() {
        const Location location{personKey(userKey()),
                                DeviceId{m_device.publicKey()},
                                filled<NodeId>(5),
                                filled<LocationId>(6),
                                filled<DeviceId>(7).bytes,
                                1'800'000'000'123,
                                kExpires};
        const auto made = sign(m_suite, m_network, location, m_device, {});
        QVERIFY(made.location == m_vectors["location"]);
        QVERIFY(toBytes(made.signature) == m_vectors["location-signature"]);
    }
};

KITH_TEST(RecordVectorsTest);

#include "vectors_test.moc"
