// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/hpke.h"

#include <QTest>

#include "tests/protocol/crypto/hex.h"
#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::crypto;
using test::hex;
using test::hexArray;

class HpkeTest : public QObject {
    Q_OBJECT

private slots:
    // The published vectors of RFC 9180 (test-vectors.json): mode 0, KEM 0x0020, KDF 0x0001, AEAD 0x0002. skEm is
    // DeriveKeyPair of the vector's ikmE; that it is right shows in `enc`.
    void publishedVector() {
        const auto receiver =
            SealingKey::fromPrivate(hexArray<32>("497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d"));
        QCOMPARE(toHex(receiver.publicKey()),
                 std::string("430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c"));
        const auto ephemeral =
            SealingKey::fromPrivate(hexArray<32>("179d4b53b6365c45b600c4163b61d95cbc2f4d9e36f1695558dce265ab8bab11"));
        const auto enc = hexArray<32>("6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256");
        QCOMPARE(ephemeral.publicKey(), enc);
        const Bytes info = hex("4f6465206f6e2061204772656369616e2055726e");
        const Bytes plain = toBytes(std::string_view("Beauty is truth, truth beauty"));
        const Bytes ciphertext =
            hex("e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a");

        auto sender = HpkeContext::toReceiver(receiver.publicKey(), info, ephemeral).value();
        QCOMPARE(toHex(sender.seal(asBytes("Count-0"), plain)), toHex(ciphertext));
        auto opener = HpkeContext::fromSender(enc, receiver, info).value();
        QCOMPARE(opener.open(asBytes("Count-0"), ciphertext).value(), plain);

        for (const HpkeContext* context : {&sender, &opener}) {
            ByteArray<32> out;
            context->exportSecret({}, out);
            QCOMPARE(toHex(out), std::string("ded6cffafaea6b812cbf3e241e88332adbc077aca81512914213810ee291770a"));
            context->exportSecret(asBytes("TestContext"), out);
            QCOMPARE(toHex(out), std::string("7c5ded445732c14fe09727d29b4251c0fd38455fe8440571e687f0886aac94d2"));
        }
    }

    void messagesOpenInTheirOrderOnly() {
        test::SeededRandom random;
        const auto receiver = SealingKey::generate(random);
        ByteArray<32> enc;
        auto sender = HpkeContext::toReceiver(receiver.publicKey(), asBytes("info"), random, enc).value();
        auto opener = HpkeContext::fromSender(enc, receiver, asBytes("info")).value();
        std::vector<Bytes> sealed;
        for (int i = 0; i < 300; ++i) sealed.push_back(sender.seal({}, Bytes(3, static_cast<std::byte>(i))));
        QCOMPARE(opener.open({}, sealed[1]).error().fault, Fault::BadSeal);
        for (int i = 0; i < 300; ++i)
            QCOMPARE(opener.open({}, sealed[static_cast<std::size_t>(i)]).value(), Bytes(3, static_cast<std::byte>(i)));
        QCOMPARE(opener.open({}, sealed[0]).error().fault, Fault::BadSeal);
    }

    void oneMessage() {
        test::SeededRandom random;
        const auto receiver = SealingKey::generate(random);
        const auto other = SealingKey::generate(random);
        const Bytes plain = toBytes(std::string_view("attempt"));
        const Bytes sealed = hpkeSeal(receiver.publicKey(), asBytes("reach"), asBytes("who"), plain, random).value();
        QCOMPARE(sealed.size(), plain.size() + kHpkeOverhead);
        QCOMPARE(hpkeOpen(receiver, asBytes("reach"), asBytes("who"), sealed).value(), plain);
        QCOMPARE(hpkeOpen(other, asBytes("reach"), asBytes("who"), sealed).error().fault, Fault::BadSeal);
        QCOMPARE(hpkeOpen(receiver, asBytes("reacH"), asBytes("who"), sealed).error().fault, Fault::BadSeal);
        QCOMPARE(hpkeOpen(receiver, asBytes("reach"), asBytes("whO"), sealed).error().fault, Fault::BadSeal);
        for (std::size_t size = 0; size < sealed.size(); ++size)
            QVERIFY(!hpkeOpen(receiver, asBytes("reach"), asBytes("who"), ByteView(sealed).first(size)));
    }

    void badKeysAreRefused() {
        test::SeededRandom random;
        const auto receiver = SealingKey::generate(random);
        QCOMPARE(hpkeSeal({}, {}, {}, {}, random).error().fault, Fault::BadKey);
        QCOMPARE(hpkeOpen(receiver, {}, {}, Bytes(80)).error().fault, Fault::BadKey);
    }
};

KITH_TEST(HpkeTest);
#include "hpke_test.moc"
