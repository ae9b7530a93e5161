// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/overlay/hostcache.h"

#include <rapidcheck.h>

#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::overlay;

namespace {

Endpoint v4(unsigned number) {
    return {IpAddress::v4(10, 0, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)), 33033};
}
Endpoint v6(unsigned number) {
    auto address = IpAddress::parse("2001:db8::1").value();
    address.bytes[15] = static_cast<std::byte>(number);
    return {address, 443};
}

}  // namespace

class HostCacheTest : public QObject {
    Q_OBJECT

private slots:
    void whatWorkedLastComesFirst() {
        HostCache cache;
        cache.learned(v4(9));
        cache.worked(v4(1), Rung::Tcp);
        cache.worked(v6(2), Rung::Udp);
        cache.worked(v4(3), Rung::Tcp80);
        cache.worked(v4(1), Rung::Tcp443);
        QVERIFY(cache.entries() == (std::vector{v4(1), v4(3), v6(2), v4(9)}));
        QVERIFY(cache.lastRung() == Rung::Tcp443);
    }

    void whatFailedGoesToTheEnd() {
        HostCache cache;
        cache.worked(v4(1), Rung::Udp);
        cache.worked(v4(2), Rung::Udp);
        cache.learned(v4(3));
        cache.failed(v4(2));
        QVERIFY(cache.entries() == (std::vector{v4(1), v4(3), v4(2)}));
    }

    void hearsayNeverPushesOutWhatWorked() {
        HostCache cache;
        for (unsigned i = 0; i < 20; ++i) cache.worked(v4(i), Rung::Udp);
        for (unsigned i = 1000; i < 2000; ++i) cache.learned(v4(i));
        const auto entries = cache.entries();
        QCOMPARE(entries.size(), HostCache::kCapacity);
        for (unsigned i = 0; i < 20; ++i) QVERIFY(entries[i] == v4(19 - i));
        QVERIFY(entries[20] == v4(1999));
    }

    void aFullCacheOfGoodOnesReplacesTheOldest() {
        HostCache cache;
        for (unsigned i = 0; i < 200; ++i) cache.worked(v4(i), Rung::Udp);
        cache.learned(v4(500));
        const auto entries = cache.entries();
        QCOMPARE(entries.size(), HostCache::kCapacity);
        QVERIFY(entries[199] == v4(500));
        QVERIFY(entries[198] == v4(1));
    }

    void aFullCacheIsSmall() {
        HostCache cache;
        for (unsigned i = 0; i < 300; ++i) cache.worked(v4(i), Rung::Udp);
        QCOMPARE(cache.encoded().size(), std::size_t{3 + 200 * 7});
    }

    void whatIsStoredComesBack() {
        QVERIFY(rc::check([](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& steps) {
            HostCache cache;
            for (const auto& [action, number] : steps) {
                const auto server = number % 2 ? v4(number) : v6(number);
                if (action % 3 == 0) cache.worked(server, static_cast<Rung>(action % 4));
                if (action % 3 == 1) cache.learned(server);
                if (action % 3 == 2) cache.failed(server);
            }
            const auto again = HostCache::decode(cache.encoded());
            RC_ASSERT(again.has_value());
            RC_ASSERT(again->entries() == cache.entries());
            RC_ASSERT(again->lastRung() == cache.lastRung());
            RC_ASSERT(again->encoded() == cache.encoded());
        }));
    }

    void anyBytesDecodeOrFail() {
        QVERIFY(rc::check([](const std::vector<std::uint8_t>& bytes) {
            const auto cache = HostCache::decode(std::as_bytes(std::span(bytes)));
            if (cache) RC_ASSERT(cache->encoded().size() == bytes.size());
        }));
        HostCache cache;
        cache.worked(v4(1), Rung::Udp);
        auto stored = cache.encoded();
        stored.pop_back();
        QVERIFY(!HostCache::decode(stored));
        QVERIFY(HostCache::decode({}).error().fault == Fault::Truncated);
    }
};

KITH_TEST(HostCacheTest);
#include "hostcache_test.moc"
