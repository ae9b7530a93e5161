// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/session/addresses.h"
#include "protocol/session/addresstoken.h"
#include "protocol/session/nacklimit.h"
#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::session;
using namespace std::chrono_literals;

namespace {

Endpoint remote(std::uint8_t last) {
    return {IpAddress::v4(192, 0, 2, last), 4000};
}
IpAddress own(std::uint8_t last) {
    return IpAddress::v4(203, 0, 113, last);
}
Instant at(Duration time) {
    return Instant{} + time;
}
Now nowAt(Duration time) {
    return {at(time), {}};
}
std::vector<IpAddress> candidates(const SeenAddresses& addresses, const Endpoint& from) {
    SeenAddresses::Candidates room;
    const auto found = addresses.candidates(from, room);
    return {found.begin(), found.end()};
}

}  // namespace

class AddressesTest : public QObject {
    Q_OBJECT

private slots:
    void atFirstNothingIsKnown() {
        const SeenAddresses addresses;
        QVERIFY(addresses.sourceFor(remote(1)).isUnspecified());
        QVERIFY(candidates(addresses, remote(1)).empty());
        QVERIFY(!addresses.isConfirmed(remote(1)));
    }

    void whatOneRemoteSeesIsAGuessForOthers() {
        SeenAddresses addresses;
        addresses.told(at(1s), remote(1), own(1));
        QCOMPARE(addresses.sourceFor(remote(2)), own(1));
        addresses.told(at(2s), remote(2), own(2));
        QCOMPARE(addresses.sourceFor(remote(1)), own(1));
        QCOMPARE(addresses.sourceFor(remote(2)), own(2));
        QCOMPARE(candidates(addresses, remote(2)), (std::vector{own(2), own(1)}));
        QVERIFY(!addresses.isConfirmed(remote(1)));
        addresses.confirm(at(3s), remote(1), own(1));
        QVERIFY(addresses.isConfirmed(remote(1)));
    }

    void strangersClaimsDoNotDisplaceWhatWorks() {
        SeenAddresses addresses;
        addresses.confirm(at(1s), remote(1), own(1));
        addresses.confirm(at(1s), remote(2), own(1));
        for (std::uint8_t i = 10; i < 200; ++i) addresses.told(at(2s), remote(i), own(i));
        const auto tried = candidates(addresses, remote(250));
        QVERIFY(tried.size() <= SeenAddresses::kMostOwn);
        QCOMPARE(tried.front(), own(1));
        QCOMPARE(addresses.sourceFor(remote(250)), own(1));
    }

    void theOldestRemoteGivesWay() {
        SeenAddresses addresses;
        addresses.told(at(0s), remote(1), own(1));
        addresses.confirm(at(1s), remote(2), own(2));
        for (std::size_t i = 0; i < SeenAddresses::kMostRemotes - 1; ++i)
            addresses.confirm(at(2s), {IpAddress::v4(10, 0, 0, 1), static_cast<std::uint16_t>(1 + i)}, own(3));
        QVERIFY(addresses.isConfirmed(remote(2)));
        addresses.confirm(at(3s), {IpAddress::v4(10, 0, 0, 2), 1}, own(3));
        QVERIFY(!addresses.isConfirmed(remote(2)));
    }

    void aTokenIsGoodForThisAddressThisMinuteAndTheNext() {
        test::SeededRandom random;
        const AddressTokens tokens(random);
        for (int i = 0; i < 240; ++i) {
            const Duration made = i * 1s;
            const auto token = tokens.make(nowAt(made), remote(1));
            QVERIFY(tokens.isValid(nowAt(made), remote(1), token));
            QVERIFY(tokens.isValid(nowAt(made + AddressTokens::kShortestLife), remote(1), token));
            QVERIFY(!tokens.isValid(nowAt(made + 2min), remote(1), token));
            QVERIFY(!tokens.isValid(nowAt(made), remote(2), token));
            QVERIFY(!tokens.isValid(nowAt(made), {remote(1).address, 4001}, token));
        }
        QVERIFY(!tokens.isValid(nowAt(0s), remote(1), {}));
        QVERIFY(!AddressTokens(random).isValid(nowAt(0s), remote(1), tokens.make(nowAt(0s), remote(1))));
    }

    void theValueOfANackIsNoToken() {
        test::SeededRandom random;
        const AddressTokens tokens(random);
        const std::uint32_t value = tokens.makeValue(nowAt(30s), remote(1));
        QVERIFY(tokens.isValidValue(nowAt(30s), remote(1), value));
        QVERIFY(tokens.isValidValue(nowAt(90s), remote(1), value));
        QVERIFY(!tokens.isValidValue(nowAt(3min), remote(1), value));
        QVERIFY(!tokens.isValidValue(nowAt(30s), remote(2), value));
        const auto token = tokens.make(nowAt(30s), remote(1));
        std::uint32_t beginning = 0;
        for (std::size_t i = 0; i < 4; ++i) beginning = beginning << 8 | std::to_integer<std::uint32_t>(token[i]);
        QVERIFY(value != beginning);
    }

    void nacksAreLimitedPerAddress() {
        test::SeededRandom random;
        NackLimit limit(random);
        int given = 0;
        for (int i = 0; i < 1000; ++i) given += limit.allow(at(1h), remote(1).address) ? 1 : 0;
        QCOMPARE(given, static_cast<int>(NackLimit::kBurst));
        given = 0;
        for (int i = 0; i < 1000; ++i) given += limit.allow(at(1h + i * 10ms), remote(1).address) ? 1 : 0;
        QVERIFY(given >= 95 && given <= 105);
        // Another one still gets its answer, with the luck of another counter.
        int others = 0;
        for (std::uint8_t i = 2; i < 100; ++i) others += limit.allow(at(1h + 10s), remote(i).address) ? 1 : 0;
        QVERIFY(others > 80);
    }

    void nacksAreLimitedInAll() {
        test::SeededRandom random;
        NackLimit limit(random);
        int given = 0;
        for (std::uint32_t i = 0; i < 100'000; ++i) given += limit.allow(at(1h), IpAddress::v4(i * 40503)) ? 1 : 0;
        QVERIFY(given <= static_cast<int>(NackLimit::kBurstInAll));
        QVERIFY(given > 500);
    }
};

KITH_TEST(AddressesTest);
#include "addresses_test.moc"
