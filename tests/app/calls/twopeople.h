// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>

#include "tests/app/calls/person.h"
#include "tests/app/server/serverprocess.h"

namespace kith::test {

/// A server and two people on it who know each other.
class TwoPeople {
public:
    /// With the echo contact: the network has that one, too.
    enum class Echo { No, Yes };
    explicit TwoPeople(Echo echo = Echo::No) : m_echo(echo) {}

    Person alice{QStringLiteral("alice")};
    Person bob{QStringLiteral("bob")};

    /// Makes the network and starts everybody; not signed up yet.
    bool start() {
        const Outcome made =
            serverCommand({QStringLiteral("init"), QStringLiteral("--data"), m_data, QStringLiteral("--name"),
                           QStringLiteral("Village"), QStringLiteral("--address"), m_address,
                           QStringLiteral("--registration"), QStringLiteral("open")});
        m_link = made.link();
        if (m_link.isEmpty()) return qWarning().noquote() << made.errors, false;
        return startServer() && alice.start() && bob.start();
    }
    bool signUp() { return signUp(alice) && signUp(bob); }
    bool signUp(Person& somebody) const {
        return somebody.does({QStringLiteral("sign-up"), somebody.name(), QStringLiteral("--link"), m_link},
                             "correct horse\n") &&
               somebody.isOnline();
    }
    bool begin() { return start() && signUp() && makeContacts(alice, bob); }

    [[nodiscard]] const RunningServer& server() const { return *m_server; }
    void killServer() { m_server->kill(); }
    bool startServer() {
        QStringList arguments{QStringLiteral("--data"), m_data, QStringLiteral("--listen"), m_address};
        if (m_echo == Echo::No) arguments += QStringLiteral("--no-echo");
        m_server = std::make_unique<RunningServer>(arguments);
        return m_server->listens();
    }

private:
    Echo m_echo;
    QTemporaryDir m_folder;
    QString m_data = m_folder.filePath(QStringLiteral("server"));
    QString m_address = QStringLiteral("127.0.0.1:%1").arg(freePort());
    QString m_link;
    std::unique_ptr<RunningServer> m_server;
};

}  // namespace kith::test
