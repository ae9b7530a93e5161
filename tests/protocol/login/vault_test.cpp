// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/vault.h"

#include <rapidcheck.h>

#include <QTest>

#include "protocol/crypto/modernsuite.h"
#include "protocol/login/codetext.h"
#include "protocol/login/networkdocument.h"
#include "protocol/login/recoverykey.h"
#include "protocol/login/throttle.h"
#include "tests/support/authority.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::login;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const UserName kAlice = UserName::parse("alice").value();

VaultContent someContent(RandomSource& random) {
    VaultContent content;
    content.userSeed = crypto::Secret<32>(random.bytes<32>());
    content.displayName = "Älice";
    content.contacts = Bytes(300, std::byte{3});
    content.settings = Bytes(4, std::byte{4});
    content.others = {{7, Bytes(2, std::byte{7})}, {200, {}}};
    return content;
}

}  // namespace

class VaultTest : public QObject {
    Q_OBJECT

private slots:
    void contentTravels() {
        test::SeededRandom random;
        const auto content = someContent(random);
        const Bytes bytes = encodeVault(content).value();
        QCOMPARE(decodeVault(bytes).value(), content);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            // Only between two sections that a newer program added is a cut no damage.
            const auto cut = decodeVault(ByteView(bytes).first(size));
            QVERIFY(!cut || cut->others.size() < content.others.size());
        }
    }

    void hostileContentIsRefused() {
        const auto faultOf = [](std::string_view hexText) {
            const auto outcome = decodeVault(fromHex(hexText).value());
            return outcome ? Fault::InvalidArgument : outcome.error().fault;
        };
        QCOMPARE(faultOf(""), Fault::MissingField);
        QCOMPARE(faultOf("c800000000"), Fault::MissingField);  // no user key
        QCOMPARE(faultOf("010000000002000000000300000000"), Fault::MissingField);
        QCOMPARE(faultOf("00ffffffff"), Fault::Truncated);
        QCOMPARE(faultOf("0000000001aa"), Fault::Malformed);          // a short key
        QCOMPARE(faultOf("01000000000000000000"), Fault::Malformed);  // order
        QCOMPARE(faultOf("010000000001000000ff"), Fault::Malformed);  // twice
        QCOMPARE(faultOf("0100000001ff"), Fault::Malformed);          // UTF-8
        QCOMPARE(decodeVault(Bytes(kMaxVault + 1)).error().fault, Fault::TooLarge);
    }

    void anyBytesDecodeOrFail() {
        QVERIFY(rc::check("decodeVault is total", [](const std::vector<std::uint8_t>& noise) {
            const Bytes bytes = toBytes(std::as_bytes(std::span(noise)));
            if (const auto content = decodeVault(bytes)) RC_ASSERT(encodeVault(*content).value() == bytes);
            if (const auto sealed = decodeSealed(bytes)) RC_ASSERT(encodeSealed(*sealed) == bytes);
        }));
    }

    void boxesAreForOneVersionOfOnePerson() {
        test::SeededRandom random;
        const NetworkId network{random.bytes<16>()};
        const VaultSealer sealer(network, kAlice);
        const crypto::Secret<32> key(random.bytes<32>());
        const auto content = someContent(random);
        const Bytes box = sealer.seal(content, 4, key, random).value();
        QCOMPARE(sealer.open(box, 4, key).value(), content);
        QCOMPARE(sealer.open(box, 5, key).error().fault, Fault::BadSeal);
        QCOMPARE(sealer.open(box, 4, crypto::Secret<32>(random.bytes<32>())).error().fault, Fault::BadSeal);
        QCOMPARE(VaultSealer(network, UserName::parse("bob").value()).open(box, 4, key).error().fault, Fault::BadSeal);
        QCOMPARE(VaultSealer(NetworkId{}, kAlice).open(box, 4, key).error().fault, Fault::BadSeal);

        const crypto::Secret<32> under(random.bytes<32>());
        const Bytes wrapped = sealer.wrap(key, under, random);
        QVERIFY(sealer.unwrap(wrapped, under).value() == key);
        QCOMPARE(sealer.unwrap(wrapped, key).error().fault, Fault::BadSeal);
        QVERIFY(!sealer.open(wrapped, 0, under));  // a wrap is no vault
    }

    // Codes and the recovery key

    void codesAreReadAsPeopleWriteThem() {
        QCOMPARE(codeText(fromHex("00443214c74254b635cf84653a56d7c675be77df").value()),
                 std::string("0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ"));
        QCOMPARE(toHex(codeBytes("o123 4567-89ab cdef ghjk mnpq rstv wxyz").value()),
                 std::string("00443214c74254b635cf84653a56d7c675be77df"));
        QCOMPARE(codeBytes("OIL1").error().fault, Fault::Malformed);  // 20 bits with a rest
        QCOMPARE(toHex(codeBytes("0IL10000").value()), std::string("0042100000"));
        QVERIFY(!codeBytes("U000-0000"));
        QVERIFY(rc::check("a code is read back", [](const std::vector<std::uint8_t>& data) {
            const Bytes bytes = toBytes(std::as_bytes(std::span(data)));
            RC_ASSERT(codeBytes(codeText(bytes)).value() == bytes);
        }));
    }

    void aMistypedRecoveryKeyIsNoticed() {
        test::SeededRandom random;
        const auto key = RecoveryKey::generate(random);
        const std::string text = key.text();
        QCOMPARE(text.size(), std::size_t(39));
        QVERIFY(RecoveryKey::parse(text).value() == key);
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '-') continue;
            std::string wrong = text;
            wrong[i] = text[i] == 'A' ? 'B' : 'A';
            QCOMPARE(RecoveryKey::parse(wrong).error().fault, Fault::ChecksumMismatch);
        }
        std::string swapped = text;
        std::swap(swapped[0], swapped[1]);
        QVERIFY(swapped == text || !RecoveryKey::parse(swapped));
        QCOMPARE(RecoveryKey::parse("").error().fault, Fault::Malformed);
        QCOMPARE(RecoveryKey::parse(text + "0000-0000").error().fault, Fault::Malformed);
    }

    void recoveryKeysDependOnPersonAndNetwork() {
        test::SeededRandom random;
        const auto key = RecoveryKey::generate(random);
        const NetworkId network{random.bytes<16>()};
        const auto keys = key.keys(kAlice, network);
        QVERIFY(keys.login == key.keys(kAlice, network).login);
        QVERIFY(!(keys.login == keys.vault));
        QVERIFY(!(keys.login == key.keys(UserName::parse("bob").value(), network).login));
        QVERIFY(!(keys.vault == key.keys(kAlice, NetworkId{}).vault));
    }

    // Throttle

    void guessesDoubleTheWait() {
        Throttle throttle({3, seconds(1), minutes(5), hours(6), 100});
        Now now{};
        std::vector<Duration> waits;
        for (int i = 0; i < 15; ++i) {
            throttle.failed(now, "alice");
            waits.push_back(throttle.waitOf(now, "alice"));
            now.at += waits.back();
        }
        QCOMPARE(waits[2], Duration{});
        QCOMPARE(waits[3], Duration(seconds(1)));
        QCOMPARE(waits[4], Duration(seconds(2)));
        QCOMPARE(waits[8], Duration(seconds(32)));
        QCOMPARE(waits[14], Duration(minutes(5)));
        QCOMPARE(throttle.waitOf(now, "bob"), Duration{});
        now.at += hours(7);
        throttle.failed(now, "alice");
        QCOMPARE(throttle.waitOf(now, "alice"), Duration{});  // forgotten meanwhile
        for (int i = 0; i < 5; ++i) throttle.failed(now, "alice");
        throttle.succeeded("alice");
        QCOMPARE(throttle.waitOf(now, "alice"), Duration{});
    }

    void theTableIsBounded() {
        Throttle throttle({0, seconds(60), minutes(5), hours(6), 100});
        Now now{};
        for (int i = 0; i < 1000; ++i) {
            now.at += seconds(1);
            throttle.failed(now, std::to_string(i));
        }
        QCOMPARE(throttle.size(), std::size_t(100));
        QVERIFY(throttle.waitOf(now, "999") > Duration{});
        QCOMPARE(throttle.waitOf(now, "1"), Duration{});
    }

    // Network document

    void documentsProveThemselves() {
        test::Authority authority;
        test::Authority other(2);
        crypto::ModernSuite suite;
        const auto network = authority.issuer.network();
        RootPart root;
        root.number = 2;
        const Bytes good = wire::encodeObjects(signRootPart(suite, network, root, authority.rootKey));
        NetworkDocument document;
        QVERIFY(document.learnRoot(suite, authority.trust(), good));
        QVERIFY(document.learnRoot(suite, authority.trust(), good));
        root.number = 1;
        const Bytes older = wire::encodeObjects(signRootPart(suite, network, root, authority.rootKey));
        QCOMPARE(document.learnRoot(suite, authority.trust(), older).error().fault, Fault::VersionConflict);
        const Bytes foreign = wire::encodeObjects(signRootPart(suite, network, root, other.rootKey));
        QCOMPARE(document.learnRoot(suite, authority.trust(), foreign).error().fault, Fault::WrongRootKey);
        for (std::size_t i = 0; i < good.size(); ++i) {
            Bytes altered = good;
            altered[i] ^= std::byte{1};
            QVERIFY(!NetworkDocument().learnRoot(suite, authority.trust(), altered));
            QVERIFY(!NetworkDocument().learnRoot(suite, authority.trust(), ByteView(good).first(i)));
        }
    }

    void whatAStolenIntermediateSignedIsNoDocument() {
        test::Authority authority;
        crypto::ModernSuite suite;
        const auto network = authority.issuer.network();
        const auto server = authority.loginServer();
        RootPart root;
        root.number = 1;
        root.revokedIntermediates = {crypto::sha256(server->chain[1]), crypto::sha256(Bytes{})};
        const Bytes signedRoot = wire::encodeObjects(signRootPart(suite, network, root, authority.rootKey));
        ServerPart part;
        part.rootNumber = 1;
        const ByteArray<32> shutOut = crypto::sha256(toBytes("key"));
        append(part.revokedUsers, crypto::sha256(toBytes("another")));
        append(part.revokedUsers, shutOut);
        const Bytes signedServer = wire::encodeObjects(signServerPart(suite, network, part, *server));

        NetworkDocument document;
        QVERIFY(document.learnServer(suite, authority.trust(), signedServer, authority.now));
        QVERIFY(document.revocations().hasUserKey(shutOut));
        QVERIFY(document.learnRoot(suite, authority.trust(), signedRoot));
        QCOMPARE(document.learnServer(suite, authority.trust(), signedServer, authority.now).error().fault,
                 Fault::CertificateInvalid);

        const auto kept = revocationsOf(signedRoot, signedServer);
        QVERIFY(kept.isUnderRevoked(server->chain) && kept.isUnderRevoked(authority.access()->chain));
        QVERIFY(kept.hasUserKey(shutOut) && !kept.hasUserKey({}));
        QCOMPARE(kept.judge(authority.supernode()->chain, crypto::SupernodeIdentity{}).error().fault,
                 Fault::CertificateInvalid);
        const auto users = revocationsOf({}, signedServer);
        QVERIFY(users.judge(authority.supernode()->chain, crypto::SupernodeIdentity{}));
        QCOMPARE(
            users.judge(authority.person(kAlice)->chain, crypto::PersonIdentity{kAlice, {}, shutOut, {}}).error().fault,
            Fault::AccountDisabled);
        QVERIFY(users.judge(authority.person(kAlice)->chain, crypto::PersonIdentity{kAlice, {}, {}, {}}));
        QVERIFY(revocationsOf(ByteView(signedRoot).first(9), {}).isEmpty());
    }

    void theServersPartCountsWithinTheRoots() {
        test::Authority authority;
        crypto::ModernSuite suite;
        const auto server = authority.loginServer();
        const auto sign = [&](std::uint64_t rootNumber, std::uint64_t number, const crypto::Credentials& by) {
            ServerPart part;
            part.rootNumber = rootNumber;
            part.number = number;
            return wire::encodeObjects(signServerPart(suite, authority.issuer.network(), part, by));
        };
        NetworkDocument document;
        const auto learn = [&](const Bytes& bytes) {
            return document.learnServer(suite, authority.trust(), bytes, authority.now);
        };
        QVERIFY(learn(sign(1, 9, *server)));
        QCOMPARE(learn(sign(1, 8, *server)).error().fault, Fault::VersionConflict);
        QCOMPARE(learn(sign(0, 99, *server)).error().fault, Fault::VersionConflict);
        QVERIFY(learn(sign(2, 1, *server)));
        // A supernode or a person makes no documents.
        QCOMPARE(learn(sign(3, 1, *authority.supernode())).error().fault, Fault::CertificateInvalid);
        QCOMPARE(learn(sign(3, 1, *authority.person(kAlice))).error().fault, Fault::CertificateInvalid);
        auto stolen = *server;
        stolen.key = authority.supernode()->key;
        QCOMPARE(learn(sign(3, 1, stolen)).error().fault, Fault::BadSignature);
        ServerPart odd;
        odd.rootNumber = 3;
        odd.slotCount = 3;
        QCOMPARE(
            learn(wire::encodeObjects(signServerPart(suite, authority.issuer.network(), odd, *server))).error().fault,
            Fault::Malformed);
    }
};

KITH_TEST(VaultTest);
#include "vault_test.moc"
