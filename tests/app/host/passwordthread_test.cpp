// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/host/passwordthread.h"

#include <chrono>
#include <future>
#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;

class PasswordThreadTest : public QObject {
    Q_OBJECT

private slots:
    void oneLetterIsOneLetterHoweverItIsTyped() {
        const auto composed = keysOf("gr\u00fc\u00dfe \u00e9t\u00e9");
        const auto decomposed = keysOf("gru\u0308\u00dfe e\u0301te\u0301");
        QVERIFY(composed && decomposed);
        QVERIFY(composed->login.bytes == decomposed->login.bytes);
        QVERIFY(composed->vault.bytes == decomposed->vault.bytes);
        // What SPEC 10 says, to the byte.
        const auto expected = crypto::derivePasswordKeys("gr\u00fc\u00dfe \u00e9t\u00e9", user(), NetworkId{});
        QVERIFY(composed->login.bytes == expected->login.bytes);
        // Letters that merely look alike stay apart.
        QVERIFY(keysOf("grusse ete")->login.bytes != composed->login.bytes);
    }

private:
    static UserName user() { return UserName::parse("alice").value(); }

    static std::optional<crypto::PasswordKeys> keysOf(std::string password) {
        std::promise<engine::PasswordDerived> derived;
        auto answer = derived.get_future();
        app::PasswordThread thread([&](engine::PasswordDerived keys) { derived.set_value(std::move(keys)); });
        thread.order({1, std::move(password), user(), NetworkId{}});
        if (answer.wait_for(std::chrono::seconds(30)) != std::future_status::ready) return std::nullopt;
        auto keys = answer.get().keys;
        return keys ? std::optional(std::move(*keys)) : std::nullopt;
    }
};

KITH_TEST(PasswordThreadTest);
#include "passwordthread_test.moc"
