// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/overlay/registrar.h"

#include <QTest>

#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::overlay;

class RegistrarTest : public QObject {
    Q_OBJECT

    test::SeededRandom m_random;
    Registrar::Options options(std::size_t max = 100) { return {ByteArray<32>{std::byte{7}}, max}; }
    AccessId client() { return AccessId::random(m_random); }

private slots:
    void anAttachedClientIsFoundUntilItLeaves() {
        Registrar registrar(options());
        const auto here = registrar.attach(1, client());
        QVERIFY(here && !here->replaced);
        QVERIFY(registrar.linkAt(here->location) == 1U);
        QVERIFY(registrar.isAttached(1));
        registrar.detach(1);
        QVERIFY(!registrar.linkAt(here->location));
        QVERIFY(!registrar.isAttached(1));
    }

    void theSameClientHasTheSameLocationAgain() {
        const AccessId who = client();
        Registrar registrar(options());
        const auto first = registrar.attach(1, who)->location;
        registrar.detach(1);
        QVERIFY(registrar.attach(2, who)->location == first);

        Registrar restarted(options());
        QVERIFY(restarted.attach(1, who)->location == first);

        Registrar another({ByteArray<32>{std::byte{8}}, 100});
        QVERIFY(another.attach(1, who)->location != first);
        QVERIFY(registrar.attach(3, client())->location != first);
    }

    void aNewLinkOfAClientReplacesTheOldOne() {
        const AccessId who = client();
        Registrar registrar(options(1));
        const auto first = registrar.attach(1, who);
        QVERIFY(!registrar.attach(1, who)->replaced);
        const auto second = registrar.attach(2, who);
        QVERIFY(second && second->replaced == 1U);
        QVERIFY(registrar.linkAt(first->location) == 2U);
        QVERIFY(!registrar.isAttached(1));
        registrar.detach(1);  // the old link's end comes late
        QVERIFY(registrar.linkAt(first->location) == 2U);
        QCOMPARE(registrar.size(), 1U);
    }

    void thereIsALimit() {
        Registrar registrar(options(2));
        QVERIFY(registrar.attach(1, client()).has_value());
        QVERIFY(registrar.attach(2, client()).has_value());
        const auto third = registrar.attach(3, client());
        QVERIFY(!third && third.error().fault == Fault::Busy);
        registrar.detach(1);
        QVERIFY(registrar.attach(3, client()).has_value());
    }
};

KITH_TEST(RegistrarTest);

#include "registrar_test.moc"
