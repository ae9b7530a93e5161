// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/echo/manners.h"

#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::echo;

namespace {

const UserName kAlice = UserName::parse("alice").value();

engine::Contact contact(engine::Relation relation) {
    engine::Contact out;
    out.user = kAlice;
    out.relation = relation;
    return out;
}

engine::MessageAdded message(bool ours, const std::string& text, int number = 1) {
    engine::MessageAdded out;
    out.message.id.bytes[0] = static_cast<std::byte>(number);
    out.message.id.bytes[1] = static_cast<std::byte>(number >> 8);
    out.message.conversation = kAlice;
    out.message.ours = ours;
    out.message.text = text;
    return out;
}

}  // namespace

class MannersTest : public QObject {
    Q_OBJECT

private slots:
    void everybodyWhoAsksIsAccepted() {
        Manners manners;
        auto asked = manners.heed(engine::ContactChanged{contact(engine::Relation::RequestReceived)});
        QCOMPARE(asked.size(), std::size_t{1});
        QCOMPARE(std::get<engine::AcceptRequest>(asked.front()).user, kAlice);
        asked = manners.heed(engine::ContactsReset{{contact(engine::Relation::RequestReceived)}});
        QCOMPARE(asked.size(), std::size_t{1});
        QVERIFY(manners.heed(engine::ContactChanged{contact(engine::Relation::Contact)}).empty());
        QVERIFY(manners.heed(engine::ContactChanged{contact(engine::Relation::RequestSent)}).empty());
    }

    void everyCallIsAnswered() {
        Manners manners;
        engine::Call call;
        call.id.bytes[0] = std::byte{7};
        call.phase = engine::CallPhase::Incoming;
        const auto asked = manners.heed(engine::CallChanged{call});
        QCOMPARE(asked.size(), std::size_t{1});
        QCOMPARE(std::get<engine::AnswerCall>(asked.front()).call, call.id);
        call.phase = engine::CallPhase::Active;
        QVERIFY(manners.heed(engine::CallChanged{call}).empty());
    }

    void textComesBackOnce() {
        Manners manners;
        const auto asked = manners.heed(message(false, "hello"));
        QCOMPARE(asked.size(), std::size_t{2});
        QCOMPARE(std::get<engine::MarkRead>(asked.at(0)).user, kAlice);
        QCOMPARE(std::get<engine::SendText>(asked.at(1)).text, std::string("hello"));
        QVERIFY(manners.heed(message(true, "hello")).empty());
    }

    void whoTakesNothingGetsNothingMore() {
        Manners manners;
        int answered = 0;
        for (int i = 0; i < 1000; ++i) {
            if (manners.heed(message(false, "spam", i)).empty()) continue;
            ++answered;
            manners.heed(message(true, "spam", i));
        }
        QCOMPARE(answered, Manners::kMostUnreceived);
        for (int i = 0; i < 1000; ++i)
            manners.heed(
                engine::MessageChanged{kAlice, message(true, "", i).message.id, engine::MessageStatus::Delivered});
        QVERIFY(!manners.heed(message(false, "back again")).empty());
    }
};

KITH_TEST(MannersTest);
#include "manners_test.moc"
