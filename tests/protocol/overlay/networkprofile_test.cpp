// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/overlay/networkprofile.h"

#include <rapidcheck.h>

#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::overlay;

namespace {

const std::string kKey(43, 'A');

NetworkProfile profile() {
    NetworkProfile out;
    out.name = "Our fämily & friends";
    out.rootKeyHash[3] = std::byte{0xfe};
    out.loginServers = {{"kith.example.org", 33033}, {"[2001:db8::1]", 443}};
    out.supernodes = {{"192.0.2.7", 80}};
    out.code = "abc-DEF";
    return out;
}

std::optional<Fault> faultOf(const std::string& link) {
    const auto parsed = NetworkProfile::parseLink(link);
    if (parsed) return std::nullopt;
    return parsed.error().fault;
}

}  // namespace

class NetworkProfileTest : public QObject {
    Q_OBJECT

private slots:
    void aLinkIsReadAsItWasWritten() {
        const auto read = NetworkProfile::parseLink(profile().link());
        QVERIFY(read && *read == profile());
        QCOMPARE(QString::fromStdString(profile().link()),
                 QStringLiteral(
                     "kith:join?net=Our%20f%c3%a4mily%20%26%20friends&key=AAAA_gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                     "&at=kith.example.org:33033,[2001:db8::1]:443&sn=192.0.2.7:80&reg=invite&code=abc-DEF"));
    }

    void whatIsLeftOutHasItsDefault() {
        const auto read = NetworkProfile::parseLink("kith:join?at=a:1&key=" + kKey + "&net=N&later=x");
        QVERIFY(read.has_value());
        QVERIFY(read->firstSupernodes() == read->loginServers);
        QVERIFY(read->suite == SuiteChoice::Modern && read->registration == Registration::Invite);
        QVERIFY(read->code.empty());
    }

    void whatIsWrongIsSaid_data() {
        QTest::addColumn<QString>("link");
        QTest::addColumn<int>("fault");
        const auto row = [](const char* name, const std::string& link, Fault fault) {
            QTest::newRow(name) << QString::fromStdString(link) << static_cast<int>(fault);
        };
        const std::string good = "kith:join?net=N&at=a:1&key=" + kKey;
        row("empty", "", Fault::Malformed);
        row("scheme", "http:join?net=N&at=a:1&key=" + kKey, Fault::Malformed);
        row("no values", "kith:join?", Fault::Malformed);
        row("no name", "kith:join?at=a:1&key=" + kKey, Fault::MissingField);
        row("no key", "kith:join?net=N&at=a:1", Fault::MissingField);
        row("no server", "kith:join?net=N&key=" + kKey, Fault::MissingField);
        row("short key", "kith:join?net=N&at=a:1&key=AAAA", Fault::Malformed);
        row("twice", good + "&net=M", Fault::Malformed);
        row("no port", "kith:join?net=N&at=a&key=" + kKey, Fault::Malformed);
        row("port 0", "kith:join?net=N&at=a:0&key=" + kKey, Fault::Malformed);
        row("port too large", "kith:join?net=N&at=a:65536&key=" + kKey, Fault::Malformed);
        row("port with a tail", "kith:join?net=N&at=a:1x&key=" + kKey, Fault::Malformed);
        row("host", "kith:join?net=N&at=a%20b:1&key=" + kKey, Fault::Malformed);
        row("IPv6 without brackets", "kith:join?net=N&at=2001:db8::1:1&key=" + kKey, Fault::Malformed);
        row("empty server", "kith:join?net=N&at=a:1,,b:1&key=" + kKey, Fault::Malformed);
        row("percent", "kith:join?net=%2&at=a:1&key=" + kKey, Fault::Malformed);
        row("not UTF-8", "kith:join?net=%ff&at=a:1&key=" + kKey, Fault::Malformed);
        row("suite", good + "&suite=future", Fault::Malformed);
        row("policy", good + "&reg=maybe", Fault::Malformed);
        row("long", good + "&x=" + std::string(1024, 'x'), Fault::TooLarge);
        row("long name", "kith:join?at=a:1&key=" + kKey + "&net=" + std::string(65, 'x'), Fault::TooLarge);
    }
    void whatIsWrongIsSaid() {
        QFETCH(QString, link);
        QFETCH(int, fault);
        QCOMPARE(static_cast<int>(faultOf(link.toStdString()).value()), fault);
    }

    void anyTextIsALinkOrAnError() {
        QVERIFY(rc::check("parse of anything", [](const std::string& tail) {
            const auto read = NetworkProfile::parseLink("kith:join?net=N&at=a:1&key=" + kKey + "&" + tail);
            if (read) RC_ASSERT((NetworkProfile::parseLink(read->link()).value() == *read));
        }));
    }
};

KITH_TEST(NetworkProfileTest);

#include "networkprofile_test.moc"
