// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/settings.h"

#include <rapidcheck.h>

#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::client;
using directory::Findable;

namespace {

Settings anySettings() {
    return {*rc::gen::element(Findable::Nobody, Findable::ExactName, Findable::Everybody),
            UnixMillis(std::chrono::milliseconds(*rc::gen::inRange(0, 4)))};
}

}  // namespace

class SettingsTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsWrittenIsRead() {
        const Settings settings{Findable::Everybody, UnixMillis(std::chrono::milliseconds(1'700'000'000'123))};
        QVERIFY(decodeSettings(encode(settings)) == settings);
        QVERIFY(decodeSettings({}) == Settings());
        QVERIFY(decodeSettings(toBytes("rubbish")) == Settings());
        StoredState state;
        QVERIFY(settingsIn(state) == Settings());
        state.items[Item::Settings] = encode(settings);
        QVERIFY(settingsIn(state) == settings);
    }

    /// The next choice has to be later than any.
    void noTimeIsTheLast() {
        const auto read = decodeSettings(encode({Findable::Nobody, UnixMillis::max()}));
        QVERIFY(read.findable == Findable::Nobody && read.findableChosen < UnixMillis::max() - std::chrono::hours(1));
    }

    void devicesComeToTheSame() {
        QVERIFY(rc::check([] {
            const auto a = anySettings();
            const auto b = anySettings();
            const auto c = anySettings();
            RC_ASSERT(merged(a, b) == merged(b, a));
            RC_ASSERT(merged(a, merged(b, c)) == merged(merged(a, b), c));
            RC_ASSERT(merged(a, a) == a);
            if (a.findableChosen > b.findableChosen) RC_ASSERT(merged(a, b) == a);
        }));
    }
};

KITH_TEST(SettingsTest);

#include "settings_test.moc"
