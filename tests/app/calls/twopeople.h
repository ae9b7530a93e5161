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

    void killServer() { m_server->kill(); }
    bool startServer() {
        m_server = std::make_unique<RunningServer>(QStringList{
            QStringLiteral("--data"), m_data, QStringLiteral("--listen"), m_address, QStringLiteral("--no-echo")});
        return m_server->listens();
    }

private:
    QTemporaryDir m_folder;
    QString m_data = m_folder.filePath(QStringLiteral("server"));
    QString m_address = QStringLiteral("127.0.0.1:%1").arg(freePort());
    QString m_link;
    std::unique_ptr<RunningServer> m_server;
};

}  // namespace kith::test
