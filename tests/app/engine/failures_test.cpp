// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/failures.h"

#include <QTest>
#include <set>

#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::engine;

class FailuresTest : public QObject {
    Q_OBJECT

private slots:
    /// What a person can do something about must not be hidden behind "something went wrong".
    void onlyWhatNobodyCanHelpIsInternal() {
        const std::set<Fault> hopeless{
            Fault::Truncated,         Fault::Malformed, Fault::TrailingBytes, Fault::TooDeep,
            Fault::MissingField,      Fault::WrongType, Fault::BadSignature,  Fault::BadSeal,
            Fault::ChecksumMismatch,  Fault::BadKey,    Fault::Replayed,      Fault::VersionConflict,
            Fault::CertificateInvalid};
        int count = 0;
        for (int i = 0; !name(static_cast<Fault>(i)).empty() && i <= static_cast<int>(Fault::DeviceFailed); ++i) {
            const auto fault = static_cast<Fault>(i);
            QCOMPARE(reasonOf(fault) == Reason::Internal, hopeless.contains(fault));
            QVERIFY(reasonOf(fault) != Reason::None);
            ++count;
        }
        QVERIFY(count > 40);
    }

    void theRungsThatFailedAreNamed() {
        overlay::RungFaults rungs{Fault::TimedOut, Fault::Refused, Fault::TimedOut, Fault::TimedOut};
        QVERIFY(cantReach(rungs) == (Failure{Reason::CantReach, "udp tcp 80 443"}));
        rungs = {Fault::TimedOut, {}, {}, Fault::Refused};
        QVERIFY(cantReach(rungs) == (Failure{Reason::CantReach, "udp 443"}));
    }

    void aClockIsOffByASignedNumberOfSeconds() {
        QVERIFY(clockOff(std::chrono::seconds(-172800)) == (Failure{Reason::ClockOff, "-172800"}));
        QVERIFY(clockOff(std::chrono::hours(1)) == (Failure{Reason::ClockOff, "3600"}));
    }
};

KITH_TEST(FailuresTest);
#include "failures_test.moc"
