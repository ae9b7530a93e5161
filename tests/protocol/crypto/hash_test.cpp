// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/hash.h"

#include <QTest>

#include "tests/protocol/crypto/hex.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::crypto;
using test::hex;

class HashTest : public QObject {
    Q_OBJECT

private slots:
    // FIPS 180-2 B.1, B.2 and the empty message
    void sha256Vectors() {
        QCOMPARE(toHex(sha256(asBytes("abc"))),
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(toHex(sha256(ByteView())),
                 std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(toHex(sha256({asBytes("abcdbcdecdefdefgefghfghighij"), asBytes("hijkijkljklmklmnlmnomnopnopq")})),
                 std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
    }

    // RFC 4231 4.2, 4.3, 4.7
    void hmacVectors() {
        QCOMPARE(toHex(hmacSha256(Bytes(20, std::byte{0x0b}), asBytes("Hi There"))),
                 std::string("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
        QCOMPARE(toHex(hmacSha256(asBytes("Jefe"), asBytes("what do ya want for nothing?"))),
                 std::string("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
        QCOMPARE(toHex(hmacSha256(Bytes(131, std::byte{0xaa}),
                                  asBytes("Test Using Larger Than Block-Size Key - Hash Key First"))),
                 std::string("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
    }

    void anEmptyHmacKeyIsNotTheOneBefore() {
        const auto first = hmacSha256(ByteView(), asBytes("x"));
        hmacSha256(asBytes("another key"), asBytes("x"));
        QCOMPARE(hmacSha256(ByteView(), asBytes("x")), first);
        QCOMPARE(first, hmacSha256(ByteArray<64>{}, asBytes("x")));
    }

    // RFC 5869 A.1 to A.3
    void hkdfVectors_data() {
        QTest::addColumn<std::string>("keyMaterial");
        QTest::addColumn<std::string>("salt");
        QTest::addColumn<std::string>("info");
        QTest::addColumn<std::string>("extracted");
        QTest::addColumn<std::string>("expanded");
        const auto count = [](int from, int to) {
            Bytes out;
            for (int i = from; i <= to; ++i) out.push_back(static_cast<std::byte>(i));
            return toHex(out);
        };
        QTest::newRow("A.1") << toHex(Bytes(22, std::byte{0x0b})) << count(0, 0x0c) << count(0xf0, 0xf9)
                             << std::string("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
                             << std::string(
                                    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                                    "34007208d5b887185865");
        QTest::newRow("A.2") << count(0, 0x4f) << count(0x60, 0xaf) << count(0xb0, 0xff)
                             << std::string("06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244")
                             << std::string(
                                    "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                                    "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                                    "cc30c58179ec3e87c14c01d5c1f3434f1d87");
        QTest::newRow("A.3") << toHex(Bytes(22, std::byte{0x0b})) << std::string() << std::string()
                             << std::string("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04")
                             << std::string(
                                    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                                    "9d201395faa4b61a96c8");
    }
    void hkdfVectors() {
        QFETCH(std::string, keyMaterial);
        QFETCH(std::string, salt);
        QFETCH(std::string, info);
        QFETCH(std::string, extracted);
        QFETCH(std::string, expanded);
        const auto key = hkdfExtract(hex(salt), hex(keyMaterial));
        QCOMPARE(toHex(key), extracted);
        Bytes out(expanded.size() / 2);
        hkdfExpand(key, hex(info), out);
        QCOMPARE(toHex(out), expanded);
    }
};

KITH_TEST(HashTest);
#include "hash_test.moc"
