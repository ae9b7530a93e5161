// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/password.h"

#include <QTest>

#include "protocol/crypto/systemrandom.h"
#include "tests/protocol/crypto/hex.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::crypto;

namespace {

constexpr PasswordCost kQuick{64, 1};

PasswordKeys keysOf(std::string_view password, std::string_view user, std::uint8_t network = 1) {
    NetworkId id;
    id.bytes[0] = std::byte{network};
    return derivePasswordKeys(password, UserName::parse(user).value(), id, kQuick).value();
}

}  // namespace

class PasswordTest : public QObject {
    Q_OBJECT

private slots:
    // The reference implementation's own vectors (phc-winner-argon2, test.c, Argon2id, version 0x13)
    void argon2idVectors() {
        QCOMPARE(toHex(argon2id(asBytes("password"), asBytes("somesalt"), {65536, 2}).value().bytes),
                 std::string("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"));
        QCOMPARE(toHex(argon2id(asBytes("password"), asBytes("somesalt"), {256, 2}).value().bytes),
                 std::string("9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"));
        QCOMPARE(toHex(argon2id(asBytes("differentpassword"), asBytes("somesalt"), {65536, 2}).value().bytes),
                 std::string("0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde"));
        QVERIFY(!argon2id(asBytes("password"), asBytes("short"), {256, 2}));
    }

    void everyInputCounts() {
        const auto keys = keysOf("correct horse", "alice");
        QVERIFY(keys.login == keysOf("correct horse", "alice").login);
        QVERIFY(keys.vault == keysOf("correct horse", "alice").vault);
        QVERIFY(!(keys.login == keys.vault));
        QVERIFY(!(keys.login == keysOf("correct horsE", "alice").login));
        QVERIFY(!(keys.login == keysOf("correct horse", "alicf").login));
        QVERIFY(!(keys.login == keysOf("correct horse", "alice", 2).login));
    }

    void passwordsHaveASize() {
        const auto alice = UserName::parse("alice").value();
        for (const std::string& bad : {std::string(), std::string("seven77"), std::string(257, 'x'),
                                       std::string("12345678\xff"), std::string(9, 0)})
            QCOMPARE(derivePasswordKeys(bad, alice, {}, kQuick).error().fault, Fault::InvalidArgument);
        QVERIFY(derivePasswordKeys(std::string(256, 'x'), alice, {}, kQuick));
    }

    void systemRandomFillsEverything() {
        SystemRandom random;
        Bytes a(64);
        Bytes b(64);
        random.fill(a);
        random.fill(b);
        QVERIFY(a != b);
        QVERIFY(a != Bytes(64));
        random.fill({});
    }
};

KITH_TEST(PasswordTest);
#include "password_test.moc"
