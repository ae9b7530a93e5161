// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/srtp/session.h"

#include <rapidcheck.h>

#include <QTest>

#include "tests/media/srtp/referencecipher.h"
#include "tests/support/testmain.h"

using namespace kith;

namespace {

Bytes hex(std::string_view text) {
    return *fromHex(text);
}

const Bytes kSessionKey = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
const Bytes kSessionSalt = hex("517569642070726f2071756f");
const Bytes kRtp =
    hex("8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573");
const Bytes kRtcp =
    hex("81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef");

srtp::MasterKey key(int seed) {
    srtp::MasterKey out;
    for (std::size_t i = 0; i < 32; ++i) out.key[i] = static_cast<std::byte>(seed + static_cast<int>(i) * 7);
    for (std::size_t i = 0; i < 12; ++i) out.salt[i] = static_cast<std::byte>(seed * 3 + static_cast<int>(i));
    return out;
}

/// Two ends of a call, as two programs have them.
struct Pair {
    srtp::KeyLedger ledgerA;
    srtp::KeyLedger ledgerB;
    srtp::Session a = *srtp::Session::open(ledgerA, key(1), key(2));
    srtp::Session b = *srtp::Session::open(ledgerB, key(2), key(1));
};

Bytes sealed(srtp::Session& session, const Bytes& packet) {
    Bytes buffer = packet;
    buffer.resize(packet.size() + srtp::kOverhead);
    const auto size = session.protect(buffer, packet.size());
    if (!size) return {};
    buffer.resize(*size);
    return buffer;
}

Result<Bytes> opened(srtp::Session& session, Bytes packet) {
    const auto size = session.unprotect(packet);
    if (!size) return tl::make_unexpected(size.error());
    packet.resize(*size);
    return packet;
}

Bytes rtpPacket(std::uint16_t sequence, std::uint32_t source = 5) {
    Bytes packet = kRtp;
    packet[2] = static_cast<std::byte>(sequence >> 8);
    packet[3] = static_cast<std::byte>(sequence);
    packet[11] = static_cast<std::byte>(source);
    return packet;
}

}  // namespace

class SrtpSessionTest : public QObject {
    Q_OBJECT
private slots:
    /// The yardstick first: it reproduces what the RFCs print.
    void theReferenceFollowsTheRfcs() {
        // RFC 7714 sections 16.2.1 and 17.2.
        QCOMPARE(
            toHex(test::sealRtp(kSessionKey, kSessionSalt, kRtp)),
            std::string("8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1b"
                        "a63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13"));
        QCOMPARE(
            toHex(test::sealRtcp(kSessionKey, kSessionSalt, 0x5d4, kRtcp)),
            std::string("81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c6"
                        "1de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4"));
        // RFC 6188 section 7.3.
        const Bytes masterKey = hex("f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6");
        const Bytes masterSalt = hex("3b04803de51ee7c96423ab5b78d2");
        QCOMPARE(toHex(test::deriveSessionKey(masterKey, masterSalt, 0, 32)),
                 std::string("5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4"));
        QCOMPARE(toHex(test::deriveSessionKey(masterKey, masterSalt, 2, 14)),
                 std::string("fa31791685ca444a9e07c6c64e93"));
    }

    void sealsRtpByteForByteAsTheReference() {
        Pair pair;
        const auto master = key(1);
        const Bytes packet = rtpPacket(0x1234);
        QCOMPARE(toHex(sealed(pair.a, packet)),
                 toHex(test::sealRtp(test::deriveSessionKey(master.key, master.salt, 0, 32),
                                     test::deriveSessionKey(master.key, master.salt, 2, 12), packet)));
    }

    void sealsRtcpByteForByteAsTheReference() {
        Pair pair;
        const auto master = key(1);
        // libsrtp counts the RTCP index from 1.
        QCOMPARE(toHex(sealed(pair.a, kRtcp)),
                 toHex(test::sealRtcp(test::deriveSessionKey(master.key, master.salt, 3, 32),
                                      test::deriveSessionKey(master.key, master.salt, 5, 12), 1, kRtcp)));
    }

    void whatOneEndSealsTheOtherOpens() {
        Pair pair;
        for (std::uint16_t i = 0; i < 100; ++i) {
            const auto there = opened(pair.b, sealed(pair.a, rtpPacket(i)));
            QVERIFY(there && *there == rtpPacket(i));
            const auto back = opened(pair.a, sealed(pair.b, rtpPacket(i, 9)));
            QVERIFY(back && *back == rtpPacket(i, 9));
        }
        const auto report = opened(pair.b, sealed(pair.a, kRtcp));
        QVERIFY(report && *report == kRtcp);
    }

    void survivesTheRolloverOfTheSequence() {
        Pair pair;
        for (int i = 65'000; i < 66'500; ++i)
            QVERIFY(opened(pair.b, sealed(pair.a, rtpPacket(static_cast<std::uint16_t>(i)))));
    }

    void replaysAreRefused() {
        Pair pair;
        const Bytes first = sealed(pair.a, rtpPacket(1));
        const Bytes second = sealed(pair.a, rtpPacket(2));
        QVERIFY(opened(pair.b, second));
        QVERIFY(opened(pair.b, first));
        QCOMPARE(opened(pair.b, first).error().fault, Fault::Replayed);
        QCOMPARE(opened(pair.b, second).error().fault, Fault::Replayed);
        const Bytes report = sealed(pair.a, kRtcp);
        QVERIFY(opened(pair.b, report));
        QCOMPARE(opened(pair.b, report).error().fault, Fault::Replayed);
    }

    void noBitCanBeChanged() {
        const bool ok = rc::check("flip a bit", [](bool control) {
            Pair pair;
            Bytes packet = sealed(pair.a, control ? kRtcp : rtpPacket(3));
            const auto bit = *rc::gen::inRange<std::size_t>(0, packet.size() * 8);
            packet[bit / 8] ^= std::byte{1} << (bit % 8);
            RC_ASSERT(!opened(pair.b, packet));
        });
        QVERIFY(ok);
    }

    void noiseIsRefused() {
        const bool ok = rc::check("open anything", [](const std::vector<std::uint8_t>& noise, bool plausible) {
            Pair pair;
            Bytes bytes;
            for (const auto b : noise) bytes.push_back(std::byte{b});
            if (plausible && !bytes.empty()) bytes[0] = (bytes[0] & std::byte{0x3F}) | std::byte{0x80};
            RC_ASSERT(!opened(pair.b, bytes));
        });
        QVERIFY(ok);
    }

    void ownPacketsDoNotComeBack() {
        Pair pair;
        QCOMPARE(opened(pair.a, sealed(pair.a, rtpPacket(1))).error().fault, Fault::BadSeal);
    }

    void aKeyIsNeverInstalledTwice() {
        srtp::KeyLedger ledger;
        QVERIFY(srtp::Session::open(ledger, key(1), key(2)));
        QCOMPARE(srtp::Session::open(ledger, key(1), key(3)).error().fault, Fault::BadKey);
        QCOMPARE(srtp::Session::open(ledger, key(4), key(2)).error().fault, Fault::BadKey);
        // Not in the other direction either, not with another salt, not the same for both.
        QCOMPARE(srtp::Session::open(ledger, key(2), key(5)).error().fault, Fault::BadKey);
        auto resalted = key(1);
        resalted.salt[0] ^= std::byte{1};
        QCOMPARE(srtp::Session::open(ledger, resalted, key(6)).error().fault, Fault::BadKey);
        QCOMPARE(srtp::Session::open(ledger, key(7), key(7)).error().fault, Fault::BadKey);
        QVERIFY(srtp::Session::open(ledger, key(10), key(11)));
    }

    void refusesWhatDoesNotFit() {
        Pair pair;
        Bytes buffer(kRtp.size() + srtp::kOverhead - 1);
        std::copy(kRtp.begin(), kRtp.end(), buffer.begin());
        QCOMPARE(pair.a.protect(buffer, kRtp.size()).error().fault, Fault::TooLarge);
        QCOMPARE(pair.a.protect(buffer, buffer.size() + 1).error().fault, Fault::TooLarge);
        QCOMPARE(pair.a.protect(buffer, 11).error().fault, Fault::Malformed);
        QVERIFY(!pair.a.protect(buffer, 0));
    }

    void sourcesAreBounded() {
        Pair pair;
        int accepted = 0;
        for (std::uint32_t source = 0; source < 100; ++source)
            if (opened(pair.b, sealed(pair.a, rtpPacket(1, source)))) ++accepted;
        QCOMPARE(accepted, 32);
        QVERIFY(opened(pair.b, sealed(pair.a, rtpPacket(2, 0))));  // those known go on
    }
};
KITH_TEST(SrtpSessionTest);

#include "session_test.moc"
