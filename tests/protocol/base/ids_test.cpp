// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/base/ids.h"

#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;

class IdsTest : public QObject {
    Q_OBJECT

private slots:
    void userNamesAreFolded() {
        QCOMPARE(UserName::parse("Alice.B-2_c").value().text(), std::string("alice.b-2_c"));
        QVERIFY(UserName::parse(std::string(32, 'a')));
    }

    void whatIsNoUserNameIsRefused() {
        for (const std::string& text : {std::string(), std::string("ab"), std::string(33, 'a'), std::string("1abc"),
                                        std::string("a b c"), std::string("älice"), std::string("abc\0", 4)})
            QCOMPARE(UserName::parse(text).error().fault, Fault::NameInvalid);
    }

    void idsOfTheWrongLengthAreRefused() {
        QVERIFY(CallId::from(ByteArray<16>{}));
        QVERIFY(!CallId::from(ByteArray<15>{}));
        QVERIFY(CallId{}.isNull());
    }
};

KITH_TEST(IdsTest);
#include "ids_test.moc"
