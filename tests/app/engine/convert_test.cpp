// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/convert.h"

#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::engine;

class ConvertTest : public QObject {
    Q_OBJECT

private slots:
    void aLineIsShortAndWholeCharacters() {
        QVERIFY(firstLine("").empty());
        QCOMPARE(firstLine("one\ntwo"), std::string("one"));
        std::string long1;
        for (int i = 0; i < 130; ++i) long1 += "ż";
        QCOMPARE(firstLine(long1).size(), std::size_t{240});
        QVERIFY(isUtf8(firstLine(long1)));
        QCOMPARE(firstLine(std::string(120, 'x')).size(), std::size_t{120});
    }

    /// The window shows the order of this computer's history, not what a writer's clock says.
    void aMessageStandsWhereItCame() {
        chat::StoredMessage message;
        message.position = UnixMillis{std::chrono::milliseconds{2000}};
        message.written = UnixMillis{std::chrono::milliseconds{1000}};
        message.status = chat::StoredStatus::Received;
        QVERIFY(messageFrom(message).written == message.position);
        QVERIFY(messageFrom(message).status == MessageStatus::Received);
    }

    void everyEndHasItsReason() {
        for (int i = 0; i <= static_cast<int>(call::EndReason::IdentityMismatch); ++i)
            QCOMPARE(static_cast<int>(endReasonFrom(static_cast<call::EndReason>(i))), i);
    }

    void aCallIsShownAsItIs() {
        call::Snapshot snapshot;
        snapshot.phase = call::Phase::Ended;
        snapshot.end = call::EndReason::Busy;
        snapshot.muted = snapshot.heldByThem = true;
        const auto call = callFrom(snapshot);
        QVERIFY(call.phase == CallPhase::Ended && call.end == EndReason::Busy);
        QVERIFY(call.muted && call.heldByThem && !call.heldByUs);
    }
};

KITH_TEST(ConvertTest);
#include "convert_test.moc"
