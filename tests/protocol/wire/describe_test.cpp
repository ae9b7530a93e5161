// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/wire/handshake.h"
#include "tests/protocol/wire/samples.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::wire;
using namespace kith::wire::test;

class DescribeTest : public QObject {
    Q_OBJECT

private slots:
    void rowsOfAMessageInDeclaredOrder() {
        const MessageTable table = describe<Everything>();
        QCOMPARE(table.number, 240U);
        QCOMPARE(table.name, std::string_view("Everything"));
        QVERIFY(!table.reply);
        // Fields, and three more behind each of the two that hold hits.
        QCOMPARE(table.fields.size(), std::size_t{19 + 2 * 3});
        const auto row = [&](std::string_view field) {
            for (const FieldRow& candidate : table.fields)
                if (candidate.field == field) return candidate;
            return FieldRow{};
        };
        QCOMPARE(row("small"), (FieldRow{0, "small", "number", Presence::Required, "0 to 255"}));
        QCOMPARE(row("large"), (FieldRow{1, "large", "number", Presence::Required, ""}));
        QCOMPARE(row("text"), (FieldRow{3, "text", "text", Presence::Required, "at most 64 bytes"}));
        QCOMPARE(row("id"), (FieldRow{7, "id", "blob", Presence::Required, "16 bytes"}));
        QCOMPARE(row("maybe"), (FieldRow{13, "maybe", "number", Presence::Optional, "0 to 65535"}));
        QCOMPARE(row("hits"), (FieldRow{14, "hits", "list", Presence::Repeated, "at most 8 entries"}));
        QCOMPARE(row("hits.name"), (FieldRow{0, "hits.name", "text", Presence::Required, "user name"}));
        QCOMPARE(row("texts"),
                 (FieldRow{15, "texts", "text", Presence::Repeated, "at most 8 entries; at most 16 bytes"}));
        QCOMPARE(row("numbers"), (FieldRow{18, "numbers", "numbers", Presence::Optional, ""}));
    }

    void markdown() {
        QCOMPARE(toMarkdown(describe<ProbeAccept>()),
                 std::string("### 28 ProbeAccept (reply)\n\n"
                             "| id | name | type | presence | limits |\n|---|---|---|---|---|\n"
                             "| 0 | token | blob | required | at most 16 bytes |\n"));
        QCOMPARE(toMarkdown(describe<Nothing>()), std::string("### 242 Nothing\n\nNo objects.\n"));
        QCOMPARE(describe(OutsideMessages{}).size(), std::size_t{4});
    }

    void tracesShowNoContents() {
        const Hit hit{*UserName::parse("bob"), "secret", {1, 128}};
        QCOMPARE(print(hit), std::string("{name: bob, mood: <text of 6>, numbers: [1, 128]}"));
        QCOMPARE(print(ProbeAccept{Bytes(8)}), std::string("{token: <8 bytes>}"));
        QCOMPARE(print(Nest{{Nest{}}}), std::string("{inside: [{inside: []}]}"));
        QCOMPARE(printObjects(encodeObjects(hit)), std::string("{0: <text of 3>, 1: <text of 6>, 2: [1, 128]}"));
        QCOMPARE(printObjects(encodeObjects(Nest{{Nest{}}})), std::string("{0: {}}"));
        QCOMPARE(printObjects(*fromHex("4101")), std::string("(Truncated)"));
    }

    void anyListCanBePrinted() {
        QVERIFY(rc::check("everything", [] {
            const Everything message = *everythings();
            RC_ASSERT(!print(message).empty());
            RC_ASSERT(printObjects(encodeObjects(message)).front() == '{');
        }));
        QVERIFY(rc::check("any bytes", [](const Bytes& bytes) { RC_ASSERT(!printObjects(bytes).empty()); }));
    }
};

KITH_TEST(DescribeTest);
#include "describe_test.moc"
