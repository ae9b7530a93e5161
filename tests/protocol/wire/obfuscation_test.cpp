// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/obfuscation.h"

#include <QTest>

#include "protocol/wire/crc32.h"
#include "protocol/wire/rc4.h"
#include "tests/protocol/wire/samples.h"
#include "tests/protocol/wire/vectors.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::wire;
using namespace kith::wire::test;

class ObfuscationTest : public QObject {
    Q_OBJECT

private slots:
    void crc32CheckValue() {
        QCOMPARE(crc32(asBytes("123456789")), 0x340BC6D9U);
        QCOMPARE(crc32({}), 0xFFFFFFFFU);
    }

    void rc4OfRfc6229() {
        const auto vectors = rfc6229();
        QCOMPARE(vectors.size(), std::size_t{14 * 18});
        for (const StreamVector& vector : vectors) {
            Bytes stream(vector.offset + vector.stream.size());
            Rc4(vector.key).apply(stream);
            QCOMPARE(toHex(ByteView(stream).subspan(vector.offset)), toHex(vector.stream));
        }
    }

    void rc4InPiecesIsTheSameStream() {
        Bytes whole(300);
        Rc4(asBytes("key")).apply(whole);
        Bytes pieces(300);
        Rc4 rc4(asBytes("key"));
        rc4.apply(ByteSpan(pieces).first(1));
        rc4.apply(ByteSpan(pieces).subspan(1, 200));
        rc4.apply(ByteSpan(pieces).subspan(201));
        QVERIFY(whole == pieces);
    }

    void keysOfSeeds() {
        QCOMPARE(toHex(keyFromSeed(0)), toHex(vectorNamed("key-of-seed-00000000")));
        QCOMPARE(toHex(keyFromSeed(0x12345678)), toHex(vectorNamed("key-of-seed-12345678")));
    }

    void everythingInTheHeaderChangesTheSeed() {
        QVERIFY(rc::check(
            "seed", [](const IpAddress& source, const IpAddress& destination, std::uint16_t id, std::uint32_t iv) {
                const std::uint32_t seed = obfuscationSeed({source, destination}, id, iv);
                RC_ASSERT(seed == (obfuscationSeed({source, destination}, id, 0) ^ iv));
                RC_ASSERT(seed != obfuscationSeed({source, destination}, static_cast<FrameId>(id + 1), iv));
                // Unknown and 0.0.0.0 are the same.
                RC_PRE(!source.isUnspecified() && !destination.isUnspecified());
                if (source != destination) RC_ASSERT(seed != obfuscationSeed({destination, source}, id, iv));
            }));
    }

    void uncoverUndoesCover() {
        SeedObfuscation obfuscation;
        QVERIFY(rc::check("cover", [&](std::uint32_t seed, const Bytes& plain) {
            Bytes data = plain;
            const std::uint32_t checksum = obfuscation.cover(seed, data);
            Bytes wrong = data;
            RC_ASSERT(obfuscation.uncover(seed, data, checksum));
            RC_ASSERT(data == plain);
            if (!plain.empty()) RC_ASSERT(!obfuscation.uncover(seed + 1, wrong, checksum));
        }));
    }
};

KITH_TEST(ObfuscationTest);
#include "obfuscation_test.moc"
