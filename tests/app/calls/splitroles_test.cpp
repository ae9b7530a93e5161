// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QFile>
#include <QTest>

#include "tests/app/calls/person.h"
#include "tests/app/server/serverprocess.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace Qt::StringLiterals;

namespace {

/// A login server and a supernode, each a program with a folder and a port of its own.
struct TwoServers {
    QTemporaryDir folder;
    QString loginData = folder.filePath(u"login"_s);
    QString nodeData = folder.filePath(u"node"_s);
    QString loginAddress = u"127.0.0.1:%1"_s.arg(test::freePort());
    QString nodeAddress = u"127.0.0.1:%1"_s.arg(test::freePort());
    std::unique_ptr<test::RunningServer> login;
    std::unique_ptr<test::RunningServer> node;
    QString nodeLink;

    bool makeLogin() {
        const auto made = test::serverCommand(
            {u"init"_s, u"--data"_s, loginData, u"--name"_s, u"Village"_s, u"--address"_s, loginAddress});
        const auto invited =
            test::serverCommand({u"invite"_s, u"--supernode"_s, u"--data"_s, loginData, u"--at"_s, nodeAddress});
        nodeLink = invited.link();
        return made.code == 0 && invited.code == 0 && !nodeLink.isEmpty();
    }
    test::Outcome makeNode() const {
        return test::serverCommand({u"init"_s, u"--data"_s, nodeData, u"--supernode"_s, nodeLink});
    }
    bool startLogin() {
        login = std::make_unique<test::RunningServer>(
            QStringList{u"--data"_s, loginData, u"--listen"_s, loginAddress, u"--login-only"_s});
        return login->listens();
    }
    bool startNode() {
        node = std::make_unique<test::RunningServer>(QStringList{u"--data"_s, nodeData, u"--listen"_s, nodeAddress});
        return node->listens();
    }
    /// For one person to join by.
    [[nodiscard]] QString invitation() const {
        return test::serverCommand({u"invite"_s, u"--data"_s, loginData}).link();
    }
    [[nodiscard]] QByteArray nodeKeys() const {
        QFile file(nodeData + u"/node.keys"_s);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};

bool signUp(test::Person& person, const QString& link) {
    return person.start() && person.does({u"sign-up"_s, person.name(), u"--link"_s, link}, "correct horse\n") &&
           person.isOnline();
}

}  // namespace

/// Login server and supernode on two computers, as far as the programs can tell.
class SplitRolesTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        // What people hear is not asked here.
        qputenv("PULSE_SERVER", "unix:/nowhere");
    }

    void peopleSignUpWriteAndCall() {
        TwoServers two;
        QVERIFY(two.makeLogin());
        const auto made = two.makeNode();
        QVERIFY2(made.code == 0, qPrintable(made.errors));
        // In either order: a supernode without a login server waits for it.
        QVERIFY(two.startNode());
        QVERIFY(two.startLogin());
        QVERIFY(two.node->says(u"certified by the login server"_s));

        test::Person alice(u"alice"_s);
        test::Person bob(u"bob"_s);
        QVERIFY(two.invitation().contains(two.nodeAddress));
        QVERIFY(signUp(alice, two.invitation()) && signUp(bob, two.invitation()));
        QVERIFY(test::makeContacts(alice, bob));
        QVERIFY(alice.does({u"send"_s, u"bob"_s, u"over two servers"_s}));
        QVERIFY(bob.waitUntil([&] { return bob.texts(alice) == QStringList{u"over two servers"_s}; }));
        QVERIFY(alice.does({u"call"_s, u"bob"_s}));
        QVERIFY(bob.callIs(u"incoming"_s));
        QVERIFY(bob.does({u"answer"_s}));
        QVERIFY(alice.callIs(u"active"_s) && bob.callIs(u"active"_s));
        QVERIFY(alice.does({u"hang-up"_s}));

        // Without the login server life goes on, for a supernode that starts again, too.
        QCOMPARE(two.login->stop(), 0);
        QVERIFY(!two.nodeKeys().isEmpty());
        two.node->kill();
        QVERIFY(two.startNode());
        QVERIFY(alice.does({u"send"_s, u"bob"_s, u"still here"_s}));
        QVERIFY(bob.waitUntil([&] { return bob.texts(alice).size() == 2; }));
    }

    void whatDoesNotFitIsSaid() {
        TwoServers two;
        QVERIFY(two.makeLogin());
        QVERIFY(two.makeNode().code == 0);
        QVERIFY(two.makeNode().errors.contains(u"already"_s));
        const auto person = two.invitation();
        const auto none = test::serverCommand(
            {u"init"_s, u"--data"_s, two.folder.filePath(u"x"_s), u"--supernode"_s, u"kith:join"_s});
        QCOMPARE(none.code, 1);
        QVERIFY(none.errors.contains(u"the whole link"_s));
        QCOMPARE(test::serverCommand({u"init"_s, u"--data"_s, two.folder.filePath(u"x"_s), u"--supernode"_s,
                                      two.nodeLink, u"--name"_s, u"N"_s})
                     .code,
                 2);
        for (const QStringList& command :
             {QStringList{u"invite"_s}, QStringList{u"renew"_s}, QStringList{u"accounts"_s, u"list"_s}}) {
            const auto refused = test::serverCommand(command + QStringList{u"--data"_s, two.nodeData});
            QCOMPARE(refused.code, 1);
            QVERIFY(refused.errors.contains(u"the folder of a supernode"_s));
        }
        const auto wrong = test::serverCommand({u"run"_s, u"--data"_s, two.nodeData, u"--login-only"_s});
        QCOMPARE(wrong.code, 1);
        QVERIFY(wrong.errors.contains(u"can't be a login server"_s));
        const auto where =
            test::serverCommand({u"invite"_s, u"--supernode"_s, u"--data"_s, two.loginData, u"--at"_s, u"nowhere"_s});
        QCOMPARE(where.code, 2);
    }
};

KITH_TEST(SplitRolesTest);
#include "splitroles_test.moc"
