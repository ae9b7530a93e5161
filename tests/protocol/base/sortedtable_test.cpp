// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <rapidcheck.h>

#include <map>
#include <memory>
#include <QTest>

#include "protocol/base/sortedtable.h"
#include "protocol/base/takeall.h"
#include "tests/support/testmain.h"

using namespace kith;

namespace {

struct Entry {
    int key = 0;
    std::unique_ptr<int> value;  ///< entries need not be copyable
};
using Table = SortedTable<Entry, &Entry::key>;

Entry entry(int key, int value) {
    return {key, std::make_unique<int>(value)};
}

bool isSame(const Table& table, const std::map<int, int>& model) {
    return std::ranges::equal(table, model,
                              [](const Entry& a, const auto& b) { return a.key == b.first && *a.value == b.second; });
}

}  // namespace

class SortedTableTest : public QObject {
    Q_OBJECT

private slots:
    void behavesAsAMap() {
        QVERIFY(rc::check([](const std::vector<std::pair<bool, std::uint8_t>>& steps) {
            Table table;
            std::map<int, int> model;
            int value = 0;
            for (const auto& [isInsert, key] : steps) {
                ++value;
                const int k = key % 16;
                if (isInsert) {
                    const auto [at, isNew] = table.insert(entry(k, value));
                    const auto expected = model.emplace(k, value);
                    RC_ASSERT(isNew == expected.second);
                    RC_ASSERT(*at->value == expected.first->second);
                } else {
                    RC_ASSERT(table.erase(k) == (model.erase(k) == 1));
                }
                RC_ASSERT(isSame(table, model));
                RC_ASSERT((table.find(k) != nullptr) == model.contains(k));
                RC_ASSERT(table.size() == model.size() && table.empty() == model.empty());
            }
        }));
    }

    void growsByLittle() {
        Table table;
        table.reserve(100);
        for (int i = 0; i < 100; ++i) table.insert(entry(i, i));
        const auto* first = table.find(0);
        QVERIFY(!table.insert(entry(50, 0)).second);
        QCOMPARE(table.find(0), first);  // what is there already asks for no room
        QVERIFY(table.insert(entry(100, 0)).second);
        QCOMPARE(*table.find(50)->value, 50);
    }

    void takingLeavesNoRoomBehind() {
        std::vector<int> from{1, 2, 3};
        std::vector<int> to;
        takeAll(from, to);
        QCOMPARE(to, (std::vector<int>{1, 2, 3}));
        QVERIFY(from.empty() && from.capacity() == 0);
        from = {4};
        takeAll(from, to);
        QCOMPARE(to, (std::vector<int>{1, 2, 3, 4}));
        QVERIFY(from.empty() && from.capacity() == 0);
    }
};

KITH_TEST(SortedTableTest);
#include "sortedtable_test.moc"
