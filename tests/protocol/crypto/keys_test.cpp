// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/keys.h"

#include <QTest>

#include "tests/protocol/crypto/hex.h"
#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::crypto;
using test::hex;
using test::hexArray;

class KeysTest : public QObject {
    Q_OBJECT

private slots:
    // RFC 8032 7.1, tests 1 to 3
    void ed25519Vectors_data() {
        QTest::addColumn<QByteArray>("seed");
        QTest::addColumn<QByteArray>("publicKey");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("signature");
        QTest::newRow("1") << QByteArray("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
                           << QByteArray("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
                           << QByteArray("")
                           << QByteArray(
                                  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
                                  "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
        QTest::newRow("2") << QByteArray("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
                           << QByteArray("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
                           << QByteArray("72")
                           << QByteArray(
                                  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
                                  "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
        QTest::newRow("3") << QByteArray("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
                           << QByteArray("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
                           << QByteArray("af82")
                           << QByteArray(
                                  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
                                  "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
    }
    void ed25519Vectors() {
        QFETCH(QByteArray, seed);
        QFETCH(QByteArray, publicKey);
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, signature);
        const auto key = SigningKey::fromSeed(hexArray<32>(seed.toStdString()));
        QCOMPARE(toHex(key.publicKey()), publicKey.toStdString());
        const Bytes text = hex(message.toStdString());
        const auto made = sign(key, text);
        QCOMPARE(toHex(made), signature.toStdString());
        QVERIFY(verify(key.publicKey(), text, made));
    }

    void whatWasAlteredDoesNotVerify() {
        test::SeededRandom random;
        const auto key = SigningKey::generate(random);
        const auto other = SigningKey::generate(random);
        const Bytes text = toBytes(std::string_view("a device list"));
        const auto signature = sign(key, text);
        QVERIFY(!verify(other.publicKey(), text, signature));
        for (std::size_t i = 0; i < signature.size(); ++i) {
            auto altered = signature;
            altered[i] ^= std::byte{1};
            QVERIFY(!verify(key.publicKey(), text, altered));
        }
        QVERIFY(!verify(key.publicKey(), asBytes("a device lisT"), signature));
        QVERIFY(!verify(ByteArray<32>{}, text, signature));
        QVERIFY(!verify(key.publicKey(), text, Signature{}));
    }

    // Wycheproof's "signature malleability": S + group order must not verify (RFC 8032 5.1.7).
    void aSecondFormOfTheSameSignatureIsRefused() {
        const auto key =
            SigningKey::fromSeed(hexArray<32>("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
        const Bytes text = hex("72");
        auto signature = sign(key, text);
        const auto order = hexArray<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        unsigned carry = 0;
        for (std::size_t i = 0; i < 32; ++i) {
            carry += std::to_integer<unsigned>(signature[32 + i]) + std::to_integer<unsigned>(order[i]);
            signature[32 + i] = static_cast<std::byte>(carry & 255U);
            carry >>= 8;
        }
        QVERIFY(!verify(key.publicKey(), text, signature));
    }

    // RFC 7748 5.2 and Wycheproof x25519 cases 1, 2 (twist), 22 (special key)
    void x25519Vectors_data() {
        QTest::addColumn<QByteArray>("privateKey");
        QTest::addColumn<QByteArray>("publicKey");
        QTest::addColumn<QByteArray>("shared");
        QTest::newRow("RFC 7748") << QByteArray("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
                                  << QByteArray("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
                                  << QByteArray("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
        QTest::newRow("normal") << QByteArray("c8a9d5a91091ad851c668b0736c1c9a02936c0d3ad62670858088047ba057475")
                                << QByteArray("504a36999f489cd2fdbc08baff3d88fa00569ba986cba22548ffde80f9806829")
                                << QByteArray("436a2c040cf45fea9b29a0cb81b1f41458f863d0d61b453d0a982720d6d61320");
        QTest::newRow("twist") << QByteArray("d85d8c061a50804ac488ad774ac716c3f5ba714b2712e048491379a500211958")
                               << QByteArray("63aa40c6e38346c5caf23a6df0a5e6c80889a08647e551b3563449befcfc9733")
                               << QByteArray("279df67a7c4611db4708a0e8282b195e5ac0ed6f4b2f292c6fbd0acac30d1332");
        QTest::newRow("special") << QByteArray("68e134092e94e622c8a0cd18aff55be23dabd994ebdee982d90601f6f0f4b369")
                                 << QByteArray("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff1f")
                                 << QByteArray("74bfc15e5597e9f5193f941e10a5c008fc89f051392723886a4a8fe5093a7354");
    }
    void x25519Vectors() {
        QFETCH(QByteArray, privateKey);
        QFETCH(QByteArray, publicKey);
        QFETCH(QByteArray, shared);
        const auto key = SealingKey::fromPrivate(hexArray<32>(privateKey.toStdString()));
        QCOMPARE(toHex(key.agree(hexArray<32>(publicKey.toStdString())).value()), shared.toStdString());
    }

    // Points of small order (Wycheproof "ZeroSharedSecret"; RFC 7748 6.1)
    void keysOfSmallOrderAreRefused() {
        test::SeededRandom random;
        const auto key = SealingKey::generate(random);
        for (const char* point : {"0000000000000000000000000000000000000000000000000000000000000000",
                                  "0100000000000000000000000000000000000000000000000000000000000000",
                                  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                                  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"})
            QCOMPARE(key.agree(hexArray<32>(point)).error().fault, Fault::BadKey);
    }

    void bothSidesAgree() {
        test::SeededRandom random;
        const auto a = SealingKey::generate(random);
        const auto b = SealingKey::generate(random);
        QCOMPARE(a.agree(b.publicKey()).value(), b.agree(a.publicKey()).value());
    }

    void aMovedKeyLeavesNothingBehind() {
        test::SeededRandom random;
        auto key = SigningKey::generate(random);
        const auto copy = key.copy();
        const SigningKey moved = std::move(key);
        QCOMPARE(moved.seed(), copy.seed());
        QCOMPARE(key.seed(), ByteArray<32>{});  // NOLINT(bugprone-use-after-move)
    }
};

KITH_TEST(KeysTest);
#include "keys_test.moc"
