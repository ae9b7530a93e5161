// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/aead.h"

#include <QTest>

#include "protocol/crypto/sealedbox.h"
#include "tests/protocol/crypto/hex.h"
#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::crypto;
using test::hex;
using test::hexArray;

namespace {

constexpr const char* kKey = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
constexpr const char* kZeroKey = "0000000000000000000000000000000000000000000000000000000000000000";

Bytes seal(AeadCipher& cipher, const char* key, const char* nonce, const char* associated, const char* plain) {
    const Bytes text = hex(plain);
    Bytes out(text.size() + AeadCipher::kTagSize);
    cipher.seal(hexArray<32>(key), hexArray<12>(nonce), hex(associated), text, out);
    return out;
}

}  // namespace

class AeadTest : public QObject {
    Q_OBJECT

private slots:
    // McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13 to 16 (the ones with AES-256)
    void gcmVectors_data() {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("nonce");
        QTest::addColumn<QByteArray>("associated");
        QTest::addColumn<QByteArray>("plain");
        QTest::addColumn<QByteArray>("sealed");
        const QByteArray text(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa"
            "0de657"
            "ba637b391aafd255");
        const QByteArray cipher(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393"
            "ba7a0a"
            "bcc9f662898015ad");
        QTest::newRow("13") << QByteArray(kZeroKey) << QByteArray("000000000000000000000000") << QByteArray("")
                            << QByteArray("") << QByteArray("530f8afbc74536b9a963b4f1c4cb738b");
        QTest::newRow("14") << QByteArray(kZeroKey) << QByteArray("000000000000000000000000") << QByteArray("")
                            << QByteArray("00000000000000000000000000000000")
                            << QByteArray("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
        QTest::newRow("15") << QByteArray(kKey) << QByteArray("cafebabefacedbaddecaf888") << QByteArray("") << text
                            << cipher + "b094dac5d93471bdec1a502270e3cc6c";
        QTest::newRow("16") << QByteArray(kKey) << QByteArray("cafebabefacedbaddecaf888")
                            << QByteArray("feedfacedeadbeeffeedfacedeadbeefabaddad2") << text.left(120)
                            << cipher.left(120) + "76fc6ece0f4e1768cddf8853bb2d551b";
    }
    void gcmVectors() {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, nonce);
        QFETCH(QByteArray, associated);
        QFETCH(QByteArray, plain);
        QFETCH(QByteArray, sealed);
        AeadCipher& cipher = AeadCipher::ofThisThread();
        const Bytes made = seal(cipher, key, nonce, associated, plain);
        QCOMPARE(toHex(made), sealed.toStdString());
        Bytes opened(made.size() - AeadCipher::kTagSize);
        QVERIFY(cipher.open(hexArray<32>(key.toStdString()), hexArray<12>(nonce.toStdString()),
                            hex(associated.toStdString()), made, opened));
        QCOMPARE(toHex(opened), plain.toStdString());
    }

    // FIPS 197 C.3
    void headerMaskIsOneBlockOfAes() {
        AeadCipher cipher;
        const auto key = hexArray<32>("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        const auto sample = hexArray<16>("00112233445566778899aabbccddeeff");
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(toHex(cipher.headerMask(key, sample)), std::string("8ea2b7ca516745bfeafc49904b496089"));
            cipher.headerMask(ByteArray<32>{}, sample);
        }
    }

    void keysTakeTurns() {
        AeadCipher shared;
        test::SeededRandom random;
        std::vector<AeadCipher::Key> keys;
        for (int i = 0; i < 3; ++i) keys.push_back(random.bytes<32>());
        for (std::uint64_t n = 0; n < 200; ++n) {
            const auto& key = keys[random.below(keys.size())];
            const auto nonce = random.bytes<12>();
            const Bytes associated(random.below(30), std::byte{7});
            const Bytes plain(random.below(1200), static_cast<std::byte>(n));
            AeadCipher fresh;
            Bytes expected(plain.size() + AeadCipher::kTagSize);
            fresh.seal(key, nonce, associated, plain, expected);
            Bytes inPlace = plain;
            inPlace.resize(expected.size());
            shared.seal(key, nonce, associated, ByteView(inPlace).first(plain.size()), inPlace);
            QCOMPARE(inPlace, expected);
            QVERIFY(shared.open(key, nonce, associated, inPlace, ByteSpan(inPlace).first(plain.size())));
            QVERIFY(std::equal(plain.begin(), plain.end(), inPlace.begin()));
        }
    }

    void everyAlterationIsNoticed() {
        AeadCipher cipher;
        const auto key = hexArray<32>(kKey);
        const auto nonce = hexArray<12>("cafebabefacedbaddecaf888");
        const Bytes associated = hex("0102");
        const Bytes plain = toBytes(std::string_view("hello"));
        Bytes sealed(plain.size() + AeadCipher::kTagSize);
        cipher.seal(key, nonce, associated, plain, sealed);
        Bytes out(plain.size());
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            Bytes altered = sealed;
            altered[i] ^= std::byte{0x80};
            out.assign(out.size(), std::byte{0x55});
            QVERIFY(!cipher.open(key, nonce, associated, altered, out));
            QCOMPARE(out, Bytes(plain.size()));  // nothing of the forged text is left
        }
        QVERIFY(!cipher.open(key, nonce, hex("0103"), sealed, out));
        QVERIFY(!cipher.open(key, hexArray<12>("cafebabefacedbaddecaf889"), associated, sealed, out));
        QVERIFY(!cipher.open(hexArray<32>(kZeroKey), nonce, associated, sealed, out));
        QVERIFY(!cipher.open(key, nonce, associated, ByteView(sealed).first(15), ByteSpan()));
        QVERIFY(cipher.open(key, nonce, associated, sealed, out));  // a failure leaves the context usable
    }

    void boxesOpenWithTheirKeyOnly() {
        test::SeededRandom random;
        const auto key = random.bytes<32>();
        const Bytes plain = toBytes(std::string_view("contacts"));
        const Bytes box = sealBox(key, asBytes("vault 3"), plain, random);
        QCOMPARE(box.size(), plain.size() + kSealedBoxOverhead);
        QCOMPARE(openBox(key, asBytes("vault 3"), box).value(), plain);
        QVERIFY(sealBox(key, asBytes("vault 3"), plain, random) != box);
        QCOMPARE(openBox(key, asBytes("vault 2"), box).error().fault, Fault::BadSeal);
        QCOMPARE(openBox(random.bytes<32>(), asBytes("vault 3"), box).error().fault, Fault::BadSeal);
        for (std::size_t size = 0; size < box.size(); ++size)
            QVERIFY(!openBox(key, asBytes("vault 3"), ByteView(box).first(size)));
        QCOMPARE(openBox(key, {}, sealBox(key, {}, {}, random)).value(), Bytes());
    }
};

KITH_TEST(AeadTest);
#include "aead_test.moc"
