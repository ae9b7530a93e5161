// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <rapidcheck.h>

#include <QFile>
#include <QTest>

#include "protocol/crypto/hash.h"
#include "protocol/link/packetnumber.h"
#include "protocol/link/packetprotection.h"
#include "protocol/link/resets.h"
#include "tests/support/linkpair.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::link;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

using Age = PacketProtection::Age;

constexpr Instant kStart{1h};

crypto::LinkSecrets secretsOf(int seed) {
    SeededRandom random(static_cast<std::uint64_t>(seed));
    return {random.bytes<32>(), random.bytes<32>(), random.bytes<32>()};
}

PacketProtection protection(crypto::Side side, int seed = 1) {
    crypto::LinkSecrets secrets = secretsOf(seed);
    return PacketProtection(kStart, side, secrets);
}

std::map<QString, Bytes> readVectors() {
    std::map<QString, Bytes> vectors;
    QFile file(KITH_VECTORS "/link.txt");
    if (!file.open(QIODevice::ReadOnly)) qFatal("no vectors");
    while (!file.atEnd()) {
        const QString line = QString::fromLatin1(file.readLine()).trimmed();
        if (line.isEmpty() || line.startsWith('#')) continue;
        vectors[line.section(' ', 0, 0)] = *fromHex(line.section(' ', 1).toStdString());
    }
    return vectors;
}

PacketProtection ofVectors(crypto::Side side) {
    const auto counting = [](int first) {
        ByteArray<32> key;
        for (std::size_t i = 0; i < key.size(); ++i)
            key[i] = static_cast<std::byte>(static_cast<std::size_t>(first) + i);
        return key;
    };
    crypto::LinkSecrets secrets{counting(0), counting(0x40), counting(0x60)};
    return PacketProtection(kStart, side, secrets);
}

/// Both ends of the packets of one link.
struct Ends {
    PacketProtection client = protection(crypto::Side::Client);
    PacketProtection server = protection(crypto::Side::Server);
    crypto::AeadCipher cipher;

    Bytes seal(PacketProtection& from, std::uint64_t number, ByteView body) {
        Bytes packet(kHeaderSize);
        packet[0] = std::byte{0x77};
        append(packet, body);
        packet.resize(packet.size() + crypto::AeadCipher::kTagSize);
        from.seal(cipher, number, packet);
        return packet;
    }

    struct Read {
        std::uint64_t number;
        Age age;
        Bytes body;
    };
    std::optional<Read> open(PacketProtection& by, ByteView packet, std::uint64_t expected = 0, Instant now = kStart) {
        Bytes body(packet.size());
        const auto opened = by.open(cipher, now, expected, packet, body);
        if (!opened) return std::nullopt;
        body.resize(opened->bodySize);
        return Read{opened->number, opened->age, body};
    }
};

}  // namespace

/// Sealing, header masks, key generations.
class ProtectionTest : public QObject {
    Q_OBJECT

private slots:
    // RFC 9000 A.3, in 32 bits.
    void numbersAreCompleted_data() {
        QTest::addColumn<quint64>("expected");
        QTest::addColumn<quint32>("low");
        QTest::addColumn<quint64>("number");
        QTest::newRow("first") << quint64(0) << quint32(0) << quint64(0);
        QTest::newRow("next") << quint64(100) << quint32(100) << quint64(100);
        QTest::newRow("older") << quint64(100) << quint32(3) << quint64(3);
        QTest::newRow("beyond the edge") << quint64(0xffffffff) << quint32(2) << quint64(0x100000002);
        QTest::newRow("behind the edge") << quint64(0x100000001) << quint32(0xfffffff0) << quint64(0xfffffff0);
        QTest::newRow("half a window ahead") << quint64(0x500000000) << quint32(0x80000000) << quint64(0x580000000);
        QTest::newRow("half a window behind") << quint64(0x580000000) << quint32(0) << quint64(0x600000000);
        QTest::newRow("early, high") << quint64(5) << quint32(0xffffffff) << quint64(0xffffffff);
    }
    void numbersAreCompleted() {
        QFETCH(quint64, expected);
        QFETCH(quint32, low);
        QFETCH(quint64, number);
        QCOMPARE(quint64(decodePacketNumber(expected, low)), number);
    }

    void anyNumberNearTheExpectedOneComesBack() {
        QVERIFY(rc::check([] {
            const auto expected = *rc::gen::inRange<std::uint64_t>(1ULL << 33, 1ULL << 60);
            const auto offset = *rc::gen::inRange<std::int64_t>(-(1LL << 31) + 1, 1LL << 31);
            const std::uint64_t number = expected + static_cast<std::uint64_t>(offset);
            RC_ASSERT(decodePacketNumber(expected, static_cast<std::uint32_t>(number)) == number);
        }));
    }

    void whatIsSealedIsOpenedByTheOtherEndOnly() {
        Ends ends;
        const Bytes packet = ends.seal(ends.client, 5, toBytes("hello"));
        const auto read = ends.open(ends.server, packet, 4);
        QVERIFY(read);
        QCOMPARE(read->number, std::uint64_t(5));
        QCOMPARE(read->body, toBytes("hello"));
        QVERIFY(read->age == Age::Present);
        QVERIFY(!ends.open(ends.client, packet));
        auto stranger = protection(crypto::Side::Server, 2);
        QVERIFY(!ends.open(stranger, packet));
    }

    void theResetTokenOfTheSpecification() {
        ByteArray<32> key;
        for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::byte>(0x80 + i);
        const auto token = ResetKey(crypto::Secret<32>(key)).tokenOf(LinkId{*toArray<8>(*fromHex("a1a2a3a4a5a6a7a8"))});
        QCOMPARE(toHex(token), toHex(readVectors().at("reset-token")));
    }

    // tests/vectors/link.txt, which another program made.
    void packetsOfTheSpecification() {
        const auto vectors = readVectors();
        QCOMPARE(vectors.size(), std::size_t(14));
        int packets = 0;
        for (const auto& [name, bytes] : vectors) {
            if (!name.startsWith("packet-")) continue;
            const QStringList parts = name.split('-');
            const bool isClient = parts[1] == "client";
            const auto generation = parts[2].toUInt();
            const auto number = parts[3].toULongLong();
            const Bytes body = vectors.at("body" + name.mid(6));
            PacketProtection sender = ofVectors(isClient ? crypto::Side::Client : crypto::Side::Server);
            PacketProtection receiver = ofVectors(isClient ? crypto::Side::Server : crypto::Side::Client);
            for (unsigned g = 0; g < generation; ++g) sender.advance(kStart, 0), receiver.advance(kStart, 0);
            QCOMPARE(sender.mediaSecret(), *toArray<32>(vectors.at("media-secret-" + parts[2])));

            crypto::AeadCipher cipher;
            Bytes packet = *fromHex("a1a2a3a4a5a6a7a80000000000");
            append(packet, body);
            packet.resize(packet.size() + crypto::AeadCipher::kTagSize);
            sender.seal(cipher, number, packet);
            QCOMPARE(toHex(packet), toHex(bytes));
            Bytes opened(bytes.size());
            const auto result = receiver.open(cipher, kStart, number, bytes, opened);
            QVERIFY(result && result->number == number);
            opened.resize(result->bodySize);
            QVERIFY(opened == body);
            ++packets;
        }
        QCOMPARE(packets, 5);
    }

    // The whole construction from the primitives alone: another program must come to the same bytes.
    void theLayoutIsTheOneOfTheSpecification() {
        Ends ends;
        const Bytes packet = ends.seal(ends.client, 0x0102030405, toBytes("body"));
        const auto secrets = secretsOf(1);
        const auto key = crypto::hkdfExpand<32>(secrets.secret, "kith link client key");
        auto nonce = crypto::hkdfExpand<12>(secrets.secret, "kith link client iv");
        const Bytes number = *fromHex("0000000000000102030405");
        for (std::size_t i = 0; i < number.size(); ++i) nonce[1 + i] ^= number[i];
        const Bytes header = *fromHex(
            "7700000000000000"
            "00"
            "02030405");
        Bytes sealed(4 + 16);
        ends.cipher.seal(key, nonce, header, toBytes("body"), sealed);
        QCOMPARE(toHex(ByteView(packet).subspan(13)), toHex(sealed));
        const auto mask = ends.cipher.headerMask(secrets.clientHeaderKey, *toArray<16>(ByteView(sealed).first(16)));
        for (std::size_t i = 8; i < 13; ++i) QVERIFY(packet[i] == (header[i] ^ mask[i - 8]));
        QCOMPARE(toHex(ByteView(packet).first(8)), std::string("7700000000000000"));
    }

    void everyBitCounts() {
        Ends ends;
        const Bytes packet = ends.seal(ends.client, 5, toBytes("hello"));
        for (std::size_t bit = 0; bit < packet.size() * 8; ++bit) {
            Bytes altered = packet;
            altered[bit / 8] ^= std::byte(1 << bit % 8);
            QVERIFY2(!ends.open(ends.server, altered, 5), qPrintable(QString::number(bit)));
        }
        for (std::size_t size = 0; size < packet.size(); ++size)
            QVERIFY(!ends.open(ends.server, ByteView(packet).first(size), 5));
        Bytes longer = packet;
        longer.push_back(std::byte{0});
        QVERIFY(!ends.open(ends.server, longer, 5));
    }

    // Nothing of the header but the id looks alike in two packets, nor gives the number away.
    void generationAndNumberAreMasked() {
        Ends ends;
        std::set<Bytes> seen;
        for (std::uint64_t n = 0; n < 200; ++n) {
            const Bytes packet = ends.seal(ends.client, n, toBytes("x"));
            seen.insert(Bytes(packet.begin() + 8, packet.begin() + 13));
        }
        QCOMPARE(seen.size(), std::size_t(200));
    }

    void keysMoveOnTogether() {
        Ends ends;
        const Bytes old = ends.seal(ends.client, 1, toBytes("old"));
        ends.client.advance(kStart, 2);
        const Bytes fresh = ends.seal(ends.client, 2, toBytes("new"));

        const auto read = ends.open(ends.server, fresh, 1);
        QVERIFY(read && read->age == Age::Next);
        QCOMPARE(read->body, toBytes("new"));
        ends.server.advance(kStart, 0);
        QVERIFY(ends.open(ends.server, fresh, 1)->age == Age::Present);
        QVERIFY(ends.open(ends.server, old, 1)->age == Age::Previous);
        QVERIFY(ends.open(ends.client, ends.seal(ends.server, 0, toBytes("reply")))->age == Age::Present);
        QCOMPARE(ends.server.mediaSecret(), ends.client.mediaSecret());
    }

    void theKeyBeforeIsKeptForThreeProbeTimeouts() {
        Ends ends;
        const Bytes old = ends.seal(ends.client, 1, toBytes("old"));
        ends.server.advance(kStart, 0);
        QVERIFY(ends.open(ends.server, old, 1, kStart + 10h));  // the client has not followed yet
        ends.server.presentConfirmed(kStart + 10h, 300ms);
        QVERIFY(ends.open(ends.server, old, 1, kStart + 10h + 299ms));
        QVERIFY(!ends.open(ends.server, old, 1, kStart + 10h + 300ms));
        ends.server.dropExpired(kStart + 11h);
        QVERIFY(!ends.open(ends.server, old, 1, kStart));
    }

    void twoGenerationsBackIsGone() {
        Ends ends;
        const Bytes old = ends.seal(ends.client, 1, toBytes("old"));
        ends.server.advance(kStart, 0);
        ends.server.advance(kStart, 0);
        QVERIFY(!ends.open(ends.server, old, 1));
        const Bytes ahead = [&] {
            ends.client.advance(kStart, 2);
            ends.client.advance(kStart, 2);
            ends.client.advance(kStart, 2);
            ends.client.advance(kStart, 2);
            return ends.seal(ends.client, 2, toBytes("too far"));
        }();
        QVERIFY(!ends.open(ends.server, ahead, 1));
    }

    void generationsGoOnPastABytesEnd() {
        Ends ends;
        for (int i = 0; i < 300; ++i) {
            const Bytes before = ends.seal(ends.client, static_cast<std::uint64_t>(i), toBytes("x"));
            ends.client.advance(kStart, 0);
            const Bytes after = ends.seal(ends.client, static_cast<std::uint64_t>(i), toBytes("y"));
            QVERIFY(ends.open(ends.server, after, static_cast<std::uint64_t>(i))->age == Age::Next);
            ends.server.advance(kStart, 0);
            QVERIFY(ends.open(ends.server, before, static_cast<std::uint64_t>(i))->age == Age::Previous);
        }
        QCOMPARE(ends.server.generation(), 300U);
    }

    void keysWearOutWithTimeAndUse() {
        auto client = protection(crypto::Side::Client);
        QVERIFY(!client.isWorn(kStart + 2h));  // nothing was acknowledged
        client.acknowledged(0);
        QVERIFY(!client.isWorn(kStart + 59min));
        QVERIFY(client.isWorn(kStart + 60min));
        client.advance(kStart + 1h, 10);
        client.acknowledged(9);
        QVERIFY(!client.isWorn(kStart + 3h));  // 9 was of the generation before
        client.acknowledged(10);
        QVERIFY(client.isWorn(kStart + 3h));
    }

    void mediaSecretsOfTwoGenerations() {
        auto client = protection(crypto::Side::Client);
        const auto first = client.mediaSecret();
        QVERIFY(client.mediaSecret(0) && !client.mediaSecret(1) && !client.mediaSecret(255));
        client.advance(kStart, 0);
        const auto second = client.mediaSecret();
        QVERIFY(first != second);
        QCOMPARE(*client.mediaSecret(0), first);
        QCOMPARE(*client.mediaSecret(1), second);
        client.advance(kStart, 0);
        QVERIFY(!client.mediaSecret(0));
        QCOMPARE(*client.mediaSecret(1), second);
    }

    void theSecretsOfTheHandshakeAreWiped() {
        crypto::LinkSecrets secrets = secretsOf(1);
        const PacketProtection one(kStart, crypto::Side::Client, secrets);
        QVERIFY(secrets.secret == ByteArray<32>{});
        QVERIFY(secrets.clientHeaderKey == ByteArray<32>{});
        QVERIFY(secrets.serverHeaderKey == ByteArray<32>{});
    }
};

KITH_TEST(ProtectionTest);

#include "protection_test.moc"
