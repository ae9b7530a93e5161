// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <rapidcheck.h>

#include <deque>
#include <QTest>
#include <thread>

#include "media/audio/latestslot.h"
#include "media/audio/packetring.h"
#include "tests/support/testmain.h"

using namespace kith;

namespace {

Bytes numbered(std::uint32_t number, std::size_t size) {
    Bytes out(size);
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>(number * 31 + i);
    return out;
}

}  // namespace

class RingsTest : public QObject {
    Q_OBJECT
private slots:
    void behavesAsABoundedQueue() {
        const bool ok = rc::check("ring", [](const std::vector<std::uint16_t>& steps) {
            audio::PacketRing ring(1024);
            std::deque<std::pair<Instant, Bytes>> model;
            std::size_t used = 0;
            Bytes out(600);
            std::uint32_t number = 0;
            for (const std::uint16_t step : steps) {
                if (step % 3 == 0) {
                    const auto taken = ring.pop(out);
                    RC_ASSERT(taken.has_value() == !model.empty());
                    if (!taken) continue;
                    RC_ASSERT(taken->when == model.front().first && taken->size == model.front().second.size());
                    RC_ASSERT(std::equal(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(taken->size),
                                         model.front().second.begin()));
                    used -= model.front().second.size() + 16;
                    model.pop_front();
                } else {
                    const Bytes packet = numbered(number, step % 500);
                    const Instant when{Duration(number++)};
                    const bool fits = used + packet.size() + 16 <= 1024;
                    RC_ASSERT(ring.push(when, packet) == fits);
                    if (!fits) continue;
                    model.emplace_back(when, packet);
                    used += packet.size() + 16;
                }
                RC_ASSERT(ring.empty() == model.empty());
            }
        });
        QVERIFY(ok);
    }

    void whatIsTooLongForTheReaderIsLost() {
        audio::PacketRing ring(1024);
        QVERIFY(ring.push({}, numbered(1, 100)));
        QVERIFY(ring.push({}, numbered(2, 10)));
        Bytes out(50);
        QCOMPARE(ring.pop(out)->size, std::size_t{0});
        QCOMPARE(ring.pop(out)->size, std::size_t{10});
    }

    void twoThreadsLoseNothing() {
        constexpr std::uint32_t kCount = 100'000;
        audio::PacketRing ring(4096);
        std::thread writer([&ring] {
            for (std::uint32_t n = 0; n < kCount;)
                if (ring.push(Instant{Duration(n)}, numbered(n, n % 200)))
                    ++n;
                else
                    std::this_thread::yield();
        });
        Bytes out(200);
        bool right = true;
        for (std::uint32_t n = 0; n < kCount;) {
            const auto taken = ring.pop(out);
            if (!taken) {
                std::this_thread::yield();
                continue;
            }
            const Bytes expected = numbered(n, n % 200);
            right = right && taken->when == Instant{Duration(n)} && taken->size == expected.size() &&
                    std::equal(expected.begin(), expected.end(), out.begin());
            ++n;
        }
        writer.join();
        QVERIFY(right);
    }

    void theSlotShowsTheNewestWhole() {
        struct Pair {
            std::uint64_t a = 0;
            std::uint64_t b = 0;
        };
        audio::LatestSlot<Pair> slot;
        QCOMPARE(slot.read().a, std::uint64_t{0});
        std::thread writer([&slot] {
            for (std::uint64_t n = 1; n <= 200'000; ++n) slot.write({n, ~n});
        });
        std::uint64_t before = 0;
        bool right = true;
        while (before < 200'000) {
            const Pair pair = slot.read();
            right = right && pair.a >= before && (pair.a == 0 || pair.b == ~pair.a);
            before = pair.a;
        }
        writer.join();
        QVERIFY(right);
    }
};
KITH_TEST(RingsTest);

#include "rings_test.moc"
