// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/sessions.h"

#include <rapidcheck.h>

#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::login;
using std::chrono::seconds;

namespace {

constexpr Duration kIdle = seconds(60);

Now at(int second) {
    return {Instant{} + seconds(second), {}};
}

Upload uploadOf(std::size_t bytes) {
    return {1, bytes, {}};
}

}  // namespace

class SessionsTest : public QObject {
    Q_OBJECT

private slots:
    /// Woken when it says, and only then, it closes each link in the second in which nothing has come for a minute.
    void idleLinksAreTakenInTime() {
        QVERIFY(rc::check("each once, at its time", [](const std::vector<std::pair<std::uint8_t, bool>>& events) {
            Sessions sessions({kIdle, 0});
            std::map<session::LinkNumber, Instant> expected;
            const auto pass = [&](Now now) {
                if (sessions.nextWake() > now.at) return;
                for (const auto link : sessions.takeIdle(now)) {
                    RC_ASSERT(expected.at(link) == now.at);
                    expected.erase(link);
                    sessions.close(link);
                }
            };
            session::LinkNumber last = 0;
            int second = 0;
            for (const auto& [wait, opens] : events) {
                for (int end = second + wait % 40; second < end;) pass(at(++second));
                const auto link = opens || expected.empty() ? ++last : expected.begin()->first;
                if (opens || expected.empty())
                    sessions.open(at(second), link, crypto::Anonymous{}, {});
                else
                    sessions.touch(at(second), *sessions.find(link));
                expected[link] = at(second).at + kIdle;
            }
            for (const int end = second + 61; second < end;) pass(at(++second));
            RC_ASSERT(expected.empty());
            RC_ASSERT(sessions.nextWake() == kNever);
        }));
    }

    void whoWaitsForTheStoreIsNotIdle() {
        Sessions sessions({kIdle, 0});
        sessions.open(at(0), 1, crypto::Anonymous{}, {});
        sessions.find(1)->waits = true;
        QVERIFY(sessions.takeIdle(at(60)).empty());
        sessions.find(1)->waits = false;
        QVERIFY(sessions.nextWake() <= at(120).at);
        QCOMPARE(sessions.takeIdle(at(120)).size(), std::size_t{1});
    }

    void uploadsShareWhatTheyMayTake() {
        Sessions sessions({kIdle, 100});
        for (const session::LinkNumber link : {1U, 2U}) sessions.open(at(0), link, crypto::Anonymous{}, {});
        QVERIFY(sessions.beginUpload(*sessions.find(1), uploadOf(60)));
        QVERIFY(!sessions.beginUpload(*sessions.find(2), uploadOf(41)));
        // Another one takes the place of the one before.
        QVERIFY(sessions.beginUpload(*sessions.find(1), uploadOf(50)));
        QVERIFY(sessions.beginUpload(*sessions.find(2), uploadOf(50)));
        sessions.close(1);
        sessions.endUpload(*sessions.find(2));
        QVERIFY(sessions.beginUpload(*sessions.find(2), uploadOf(100)));
    }
};

KITH_TEST(SessionsTest);

#include "sessions_test.moc"
