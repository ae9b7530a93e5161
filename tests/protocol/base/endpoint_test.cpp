// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/base/endpoint.h"

#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;

class EndpointTest : public QObject {
    Q_OBJECT

private slots:
    void textAndBackIsTheSame() {
        for (const char* text : {"192.0.2.7:33033", "[2001:db8::1]:80", "[::1]:65535"})
            QCOMPARE(Endpoint::parse(text).value().text(), std::string(text));
        QVERIFY(Endpoint::parse("192.0.2.7:1")->address.isV4());
        QCOMPARE(IpAddress::v4(192, 0, 2, 7).toV4(), 0xc0000207U);
        QCOMPARE(IpAddress::v4(0xc0000207U), IpAddress::v4(192, 0, 2, 7));
    }

    void whatIsNoEndpointIsRefused() {
        for (const char* text : {"", ":", "1.2.3.4", "1.2.3.4:", "1.2.3.4:0", "1.2.3.4:65536", "1.2.3.4:5x", "1.2.3:5",
                                 "2001:db8::1:80", "host:80", "[::1:80"})
            QVERIFY2(!Endpoint::parse(text), text);
    }
};

KITH_TEST(EndpointTest);
#include "endpoint_test.moc"
