// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/crypto/password.h"
#include "protocol/login/messages.h"
#include "protocol/login/recoverykey.h"
#include "protocol/login/vault.h"
#include "tests/support/testmain.h"
#include "tests/support/vectorfile.h"

using namespace kith;
using namespace kith::login;

namespace {

template <std::size_t N>
ByteArray<N> filled(int value) {
    ByteArray<N> out;
    out.fill(static_cast<std::byte>(value));
    return out;
}

template <std::size_t N>
Bytes bytesOf(const crypto::Secret<N>& secret) {
    return toBytes(secret.bytes);
}

}  // namespace

/// The layouts of SPEC.md, "Login".
class LoginVectorsTest : public QObject {
    Q_OBJECT

    const test::VectorFile m_vectors{QStringLiteral(KITH_VECTORS "/login.txt")};
    NetworkId m_network;
    UserName m_user = UserName::parse("anna").value();

private slots:
    void initTestCase() {
        for (std::size_t i = 0; i < 16; ++i) m_network.bytes[i] = static_cast<std::byte>(i);
    }

    void thePasswordsKeys() {
        const auto keys = crypto::derivePasswordKeys("correct horse", m_user, m_network).value();
        QCOMPARE(bytesOf(keys.login), m_vectors["password-login"]);
        QCOMPARE(bytesOf(keys.vault), m_vectors["password-vault"]);
    }

    void theRecoveryKey() {
        const auto key = RecoveryKey::parse(asText(m_vectors["recovery-text"])).value();
        QCOMPARE(key.text(), std::string(asText(m_vectors["recovery-text"])));
        const auto keys = key.keys(m_user, m_network);
        QCOMPARE(bytesOf(keys.login), m_vectors["recovery-login"]);
        QCOMPARE(bytesOf(keys.vault), m_vectors["recovery-vault"]);
    }

    void theVault() {
        VaultContent content;
        content.userSeed = crypto::Secret<32>(filled<32>(1));
        content.displayName = "Anna Ŗ";
        content.contacts = *fromHex("aabb");
        content.others.emplace_back(std::uint8_t{9}, *fromHex("05"));
        QCOMPARE(encodeVault(content).value(), m_vectors["vault-plain"]);

        const VaultSealer sealer(m_network, m_user);
        const auto under = crypto::Secret<32>(*toArray<32>(m_vectors["password-vault"]));
        const auto key = sealer.unwrap(m_vectors["vault-wrap"], under).value();
        QVERIFY(sealer.open(m_vectors["vault-box"], 7, key).value() == content);
        QVERIFY(sealer.open(m_vectors["vault-box"], 6, key).error().fault == Fault::BadSeal);
    }

    void theProofOfADevice() {
        DeviceRequest request;
        request.device = DeviceId{filled<32>(2)};
        request.accessKeys = {filled<32>(5), filled<32>(6)};
        QCOMPARE(deviceProofMessage(m_network, m_user, request), m_vectors["device-proof"]);
    }
};

KITH_TEST(LoginVectorsTest);
#include "vectors_test.moc"
