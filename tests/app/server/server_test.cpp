// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/app/server/documentclient.h"

#include <unistd.h>

#include <csignal>
#include <QFile>
#include <QScopeGuard>
#include <QTest>

#include "protocol/overlay/networkprofile.h"
#include "protocol/store/serverdatabase.h"
#include "tests/app/server/serverprocess.h"
#include "tests/support/notpossiblehere.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;

namespace {

/// A network on this computer, on a port of its own.
struct Network {
    QTemporaryDir home{QDir::tempPath() + QStringLiteral("/kith-server")};
    QString data = home.filePath(QStringLiteral("data"));
    quint16 port = freePort();
    Outcome made;

    explicit Network(const QStringList& more = {}) {
        made = serverCommand(QStringList{QStringLiteral("init"), QStringLiteral("--data"), data,
                                         QStringLiteral("--name"), QStringLiteral("Test net"),
                                         QStringLiteral("--address"), QStringLiteral("127.0.0.1:%1").arg(port)} +
                             more);
    }
    [[nodiscard]] QString file(const char* name) const { return data + QLatin1Char('/') + QLatin1String(name); }
    [[nodiscard]] QStringList withData(QStringList arguments) const {
        return arguments + QStringList{QStringLiteral("--data"), data};
    }
    [[nodiscard]] Outcome command(const QString& words) const {
        return serverCommand(withData(words.split(QLatin1Char(' '))));
    }
    [[nodiscard]] Endpoint endpoint() const { return {IpAddress::v4(127, 0, 0, 1), port}; }
    [[nodiscard]] overlay::NetworkProfile profile() const {
        return overlay::NetworkProfile::parseLink(made.link().toStdString()).value();
    }
};

QStringList words(const char* text) {
    return QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

/// As the server hands it out.
Result<login::NetworkDocument> documentOf(const Network& network, DocumentClient::Carrier carrier, quint16 port = 0) {
    Endpoint endpoint = network.endpoint();
    if (port) endpoint.port = port;
    const auto trust = network.profile().trust();
    const auto document = DocumentClient(endpoint, trust, carrier).wait();
    if (!document) return tl::make_unexpected(document.error());
    crypto::ModernSuite suite;
    login::NetworkDocument known;
    if (const auto learned = known.learnRoot(suite, trust, *document); !learned)
        return tl::make_unexpected(learned.error());
    return known;
}

std::optional<Fault> ask(const Network& network, DocumentClient::Carrier carrier, quint16 port = 0) {
    const auto document = documentOf(network, carrier, port);
    return document ? std::nullopt : std::optional(document.error().fault);
}

}  // namespace

class ServerProgramTest : public QObject {
    Q_OBJECT

private slots:
    void initMakesANetwork() {
        const Network network;
        QCOMPARE(network.made.code, 0);
        QVERIFY2(network.made.errors.isEmpty(), qPrintable(network.made.errors));
        const auto profile = network.profile();
        QCOMPARE(profile.name, std::string("Test net"));
        QVERIFY(profile.loginServers == (std::vector<overlay::HostPort>{{"127.0.0.1", network.port}}));
        QVERIFY(!profile.code.empty());
        QVERIFY(network.made.out.contains(QStringLiteral("root.key")));
        for (const char* name : {"server.keys", "server.db", "root.key", "network.kith"}) {
            QVERIFY2(QFile::exists(network.file(name)), name);
            QVERIFY2(QFile::permissions(network.file(name)) ==
                         (QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser),
                     name);
        }
    }

    void initTwiceIsRefused() {
        const Network network;
        QFile keys(network.file("server.keys"));
        QVERIFY(keys.open(QIODevice::ReadOnly));
        const auto before = keys.readAll();
        const auto again = network.command(QStringLiteral("init --name Other"));
        QCOMPARE(again.code, 1);
        QVERIFY(again.errors.contains(QStringLiteral("already")));
        keys.seek(0);
        QCOMPARE(keys.readAll(), before);
    }

    void initTakesItsOptions() {
        QTemporaryDir safe;
        const QString rootKey = safe.filePath(QStringLiteral("root.key"));
        const Network open(
            {QStringLiteral("--registration"), QStringLiteral("open"), QStringLiteral("--root-key"), rootKey});
        QVERIFY(open.profile().registration == overlay::Registration::Open);
        QVERIFY(open.profile().code.empty());
        QVERIFY(QFile::exists(rootKey) && !QFile::exists(open.file("root.key")));
        const Network taken({QStringLiteral("--root-key"), rootKey});
        QCOMPARE(taken.made.code, 2);
        const Network embedded({QStringLiteral("--embedded")});
        QVERIFY(!embedded.profile().code.empty());
        QVERIFY(embedded.made.out.contains(QStringLiteral("1000 people")));

        QTemporaryDir dir;
        const QString data = dir.filePath(QStringLiteral("d"));
        const auto found = serverCommand({QStringLiteral("init"), QStringLiteral("--data"), data,
                                          QStringLiteral("--name"), QStringLiteral("N"), QStringLiteral("--embedded"),
                                          QStringLiteral("--port"), QStringLiteral("4711")});
        QCOMPARE(found.code, 0);
        QVERIFY(found.link().contains(QStringLiteral("127.0.0.1:4711")));
    }

    void wrongUseIsExplained_data() {
        QTest::addColumn<QString>("line");
        for (const char* line : {"",
                                 "fly",
                                 "init",
                                 "init --data x",
                                 "init --data x --name N --address :7",
                                 "init --data x --name N --port 70000",
                                 "init --data x --name N --registration maybe",
                                 "init --data x --name N --colour red",
                                 "init --data x --name N --name M",
                                 "run",
                                 "run --data x more",
                                 "run --data x --login-only --supernode-only",
                                 "run --data x --listen here",
                                 "run --data x --tcp-port 0",
                                 "accounts",
                                 "accounts fly --data x",
                                 "accounts add --data x",
                                 "accounts add No! --data x",
                                 "accounts list --data",
                                 "invite --data x --uses 0",
                                 "invite --data x --days 99999",
                                 "renew",
                                 "help fly"})
            QTest::newRow(line) << QString::fromLatin1(line);
    }
    void wrongUseIsExplained() {
        QFETCH(QString, line);
        const auto outcome = serverCommand(line.split(QLatin1Char(' '), Qt::SkipEmptyParts));
        QCOMPARE(outcome.code, 2);
        QVERIFY(outcome.errors.contains(QStringLiteral("See: kith-server help")));
        QVERIFY(outcome.out.isEmpty());
    }

    void everyCommandHasHelp() {
        for (const char* command : {"", "init", "run", "invite", "accounts", "renew"}) {
            const auto outcome = serverCommand(words("help") + words(command));
            QCOMPARE(outcome.code, 0);
            QVERIFY(outcome.out.contains(QStringLiteral("kith-server ") + QLatin1String(command)));
        }
        QVERIFY(serverCommand(words("run --help")).out.contains(QStringLiteral("--listen")));
        QVERIFY(serverCommand(words("--version")).out.startsWith(QStringLiteral("kith-server ")));
    }

    void aClientIsServedOnEveryCarrier() {
        const Network network;
        const quint16 extra = freePort();
        RunningServer server(network.withData({QStringLiteral("--tcp-port"), QString::number(extra)}));
        QVERIFY(server.listens());
        QVERIFY(!ask(network, DocumentClient::Carrier::Udp));
        QVERIFY(!ask(network, DocumentClient::Carrier::Tcp));
        QVERIFY(!ask(network, DocumentClient::Carrier::Tcp, extra));
        QCOMPARE(server.stop(), 0);
        QVERIFY(ask(network, DocumentClient::Carrier::Tcp).has_value());
    }

    void anotherNetworksServerIsNotTrusted() {
        const Network network;
        const Network other;
        RunningServer server(other.withData({}));
        QVERIFY(server.listens());
        const auto document =
            DocumentClient(other.endpoint(), network.profile().trust(), DocumentClient::Carrier::Udp).wait();
        QVERIFY(!document && document.error().fault == Fault::WrongRootKey);
    }

    void theRolesCanBeSplit() {
        const Network network;
        {
            RunningServer node(network.withData({QStringLiteral("--supernode-only")}));
            QVERIFY(node.listens());
            // Nobody answers for this role: a while has to pass for that.
            DocumentClient client(network.endpoint(), network.profile().trust(), DocumentClient::Carrier::Udp);
            QVERIFY(!client.wait(std::chrono::seconds(3)));
            QCOMPARE(node.stop(), 0);
        }
        RunningServer login(network.withData({QStringLiteral("--login-only")}));
        QVERIFY(login.listens());
        QVERIFY(!ask(network, DocumentClient::Carrier::Udp));
    }

    void invitationsAreMadeWhileItRuns() {
        const Network network;
        RunningServer server(network.withData({}));
        QVERIFY(server.listens());
        const auto one = network.command(QStringLiteral("invite"));
        const auto many = network.command(QStringLiteral("accounts invite --uses 5 --days 7"));
        const auto anna = network.command(QStringLiteral("accounts add anna"));
        QVERIFY(one.code == 0 && many.code == 0 && anna.code == 0);
        QVERIFY(many.out.contains(QStringLiteral("5 people")) && anna.out.contains(QStringLiteral("anna")));
        QSet<QString> links{network.made.link(), one.link(), many.link(), anna.link()};
        QCOMPARE(links.size(), 4);
        for (const auto& link : links) QVERIFY(overlay::NetworkProfile::parseLink(link.toStdString()).has_value());
        QVERIFY(network.command(QStringLiteral("accounts list")).out.startsWith(QStringLiteral("NAME")));
        const auto nobody = network.command(QStringLiteral("accounts disable nobody"));
        QCOMPARE(nobody.code, 1);
        QVERIFY(nobody.errors.contains(QStringLiteral("no account nobody")));
    }

    void aPortInUseIsSaid() {
        const Network network;
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::Any, network.port));
        RunningServer server(network.withData({}));
        QVERIFY(server.says(QStringLiteral("Port %1 is in use").arg(network.port)));
    }

    void oneFolderOneServer() {
        const Network network;
        RunningServer server(network.withData({}));
        QVERIFY(server.listens());
        const auto second = network.command(QStringLiteral("run"));
        QCOMPARE(second.code, 1);
        QVERIFY(second.errors.contains(QStringLiteral("runs already")));
    }

    void aMissingFolderIsSaid() {
        QTemporaryDir dir;
        for (const char* command : {"run", "accounts list", "invite", "renew"}) {
            const auto none = serverCommand(
                words(command) + QStringList{QStringLiteral("--data"), dir.filePath(QStringLiteral("none"))});
            QCOMPARE(none.code, 1);
            QVERIFY(none.errors.contains(QStringLiteral("is not there. Make a network first")));
            const auto empty = serverCommand(words(command) + QStringList{QStringLiteral("--data"), dir.path()});
            QCOMPARE(empty.code, 1);
            QVERIFY(empty.errors.contains(QStringLiteral("There is no network in")));
        }
        const Network network;
        QVERIFY(QFile::remove(network.file("server.keys")));
        QVERIFY(network.command(QStringLiteral("run")).errors.contains(QStringLiteral("server.keys is missing")));
    }

    void aBrokenDatabaseIsSaid() {
        const Network network;
        QFile file(network.file("server.db"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        for (const char* command : {"run", "accounts list"}) {
            file.seek(0);
            file.write(QByteArray(8192, 'x'));
            file.flush();
            const auto outcome = network.command(QLatin1String(command));
            QCOMPARE(outcome.code, 1);
            QVERIFY(outcome.errors.contains(QStringLiteral("server.db is damaged")));
        }
        file.resize(0);  // no tables: neither a new network nor this one
        QVERIFY(network.command(QStringLiteral("run")).errors.contains(QStringLiteral("server.db is damaged")));
    }

    void brokenKeysAreSaid() {
        const Network network;
        QFile file(network.file("server.keys"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.resize(100);
        const auto outcome = network.command(QStringLiteral("run"));
        QCOMPARE(outcome.code, 1);
        QVERIFY(outcome.errors.contains(QStringLiteral("server.keys is damaged")));
    }

    void aFolderThatIsNotOursIsSaid() {
        const Network network;
        const auto asNobody = [] { static_cast<void>(::setuid(65534)); };
        const bool isRoot = ::geteuid() == 0;
        if (!isRoot) QFile::setPermissions(network.data, QFile::ReadOwner);
        // The build may lie where nobody else can look.
        const QString program = network.home.filePath(QStringLiteral("kith-server"));
        QVERIFY(QFile::copy(QStringLiteral(KITH_SERVER), program));
        QFile::setPermissions(network.home.path(), isRoot ? QFile::Permissions(0x7755) : QFile::Permissions(0x7700));
        for (const char* command : {"run", "accounts list", "renew"}) {
            const auto outcome =
                serverCommand(network.withData(words(command)),
                              isRoot ? std::function<void()>(asNobody) : std::function<void()>(), program);
            QCOMPARE(outcome.code, 1);
            QVERIFY2(outcome.errors.contains(QStringLiteral("No permission")), qPrintable(outcome.errors));
        }
        QFile::setPermissions(network.data, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

    void accountsAreListedAndDisabled() {
        const Network network;
        RunningServer server(network.withData({}));
        QVERIFY(server.listens());
        QVERIFY(!network.command(QStringLiteral("accounts list")).out.contains(QStringLiteral("anna")));
        {
            auto database = store::ServerDatabase::open(network.file("server.db").toStdString());
            login::InsertAccount insert;
            insert.account.user = UserName::parse("anna").value();
            insert.account.created = UnixTime{std::chrono::seconds{1'800'000'000}};
            insert.account.devices.list =
                wire::encodeObjects(directory::DeviceList{UserKey{}, 1, {DeviceId{{std::byte{1}}}}});
            const auto done = database->apply(std::vector<server::StoreOrder>{login::StoreRequest{insert}});
            QVERIFY(!std::get<login::StoreDone>(std::get<login::StoreAnswer>(done.at(0))).error);
        }
        const auto line = [&] {
            const auto lines = network.command(QStringLiteral("accounts list")).out.split(QLatin1Char('\n'));
            return lines.value(1).simplified();
        };
        QCOMPARE(line(), QStringLiteral("anna 2027-01-15 1 active"));
        QCOMPARE(network.command(QStringLiteral("accounts disable anna")).code, 0);
        QCOMPARE(line(), QStringLiteral("anna 2027-01-15 1 disabled"));
        QCOMPARE(network.command(QStringLiteral("accounts enable anna")).code, 0);
        QCOMPARE(line(), QStringLiteral("anna 2027-01-15 1 active"));
        const auto again = network.command(QStringLiteral("accounts add anna"));
        QCOMPARE(again.code, 1);
        QVERIFY(again.errors.contains(QStringLiteral("has an account already")));
    }

    void aFullDiskIsSaid() {
        QTemporaryDir dir;
        const QString disk = dir.path();
        if (QProcess::execute(QStringLiteral("mount"),
                              {QStringLiteral("-t"), QStringLiteral("tmpfs"), QStringLiteral("-o"),
                               QStringLiteral("size=256k"), QStringLiteral("kith-test"), disk}) != 0)
            KITH_NOT_POSSIBLE_HERE("no right to mount a small disk here");
        const auto unmount = qScopeGuard([&] { QProcess::execute(QStringLiteral("umount"), {disk}); });
        const QString data = disk + QStringLiteral("/data");
        const QStringList init{QStringLiteral("init"),
                               QStringLiteral("--data"),
                               data,
                               QStringLiteral("--name"),
                               QStringLiteral("N"),
                               QStringLiteral("--address"),
                               QStringLiteral("127.0.0.1:%1").arg(freePort())};
        const QStringList withData{QStringLiteral("--data"), data};
        const auto fill = [&] {
            QFile file(disk + QStringLiteral("/fill"));
            if (!file.open(QIODevice::Append | QIODevice::Unbuffered)) return;
            while (file.write(QByteArray(4096, 'x')) > 0) {
            }
        };
        fill();
        const auto first = serverCommand(init);
        QCOMPARE(first.code, 1);
        QVERIFY2(first.errors.contains(QStringLiteral("disk is full")), qPrintable(first.errors));

        QFile::remove(disk + QStringLiteral("/fill"));
        QDir(data).removeRecursively();
        QCOMPARE(serverCommand(init).code, 0);
        fill();
        const auto invited = serverCommand(words("invite") + withData);
        QCOMPARE(invited.code, 1);
        QVERIFY2(invited.errors.contains(QStringLiteral("disk is full")), qPrintable(invited.errors));
        QVERIFY(invited.link().isEmpty());
        QFile::remove(disk + QStringLiteral("/fill"));
        QCOMPARE(serverCommand(words("invite") + withData).code, 0);
    }

    void renewalNeedsTheRightRootKey() {
        const Network network;
        const Network other;
        QCOMPARE(network.command(QStringLiteral("renew")).code, 0);
        const auto wrong = network.command(QStringLiteral("renew --root-key ") + other.file("root.key"));
        QCOMPARE(wrong.code, 1);
        QVERIFY(wrong.errors.contains(QStringLiteral("another network")));
        QVERIFY(network.command(QStringLiteral("renew --root-key ") + other.file("server.db"))
                    .errors.contains(QStringLiteral("no root key file")));
        QVERIFY(QFile::remove(network.file("root.key")));
        QVERIFY(network.command(QStringLiteral("renew")).errors.contains(QStringLiteral("Fetch it")));

        RunningServer server(network.withData({}));
        QVERIFY(server.listens());
        QVERIFY(!ask(network, DocumentClient::Carrier::Udp));
    }

    void renewedCertificatesAreTakenOver() {
        const Network network;
        RunningServer server(network.withData({}));
        QVERIFY(server.listens());
        QCOMPARE(network.command(QStringLiteral("renew")).code, 0);
        ::kill(static_cast<pid_t>(server.pid()), SIGHUP);
        QVERIFY(server.says(QStringLiteral("certificates good until")));
        QVERIFY(!ask(network, DocumentClient::Carrier::Udp));
        QCOMPARE(server.stop(), 0);
    }

    void whatIsStolenStaysWithdrawn() {
        const Network network;
        using Hashes = std::vector<ByteArray<32>>;
        const auto withdrawn = [&]() -> std::optional<Hashes> {
            RunningServer server(network.withData({}));
            if (!server.listens()) return std::nullopt;
            const auto known = documentOf(network, DocumentClient::Carrier::Udp);
            return known ? std::optional(known->revocations().intermediates) : std::nullopt;
        };
        QCOMPARE(network.command(QStringLiteral("renew")).code, 0);
        QVERIFY(withdrawn() == Hashes());
        const auto told = network.command(QStringLiteral("renew --stolen"));
        QVERIFY2(told.code == 0 && told.out.contains(QStringLiteral("withdrawn")), qPrintable(told.errors));
        const auto first = withdrawn();
        QVERIFY(first && first->size() == 1);
        QCOMPARE(network.command(QStringLiteral("renew")).code, 0);
        QVERIFY(withdrawn() == first);
        QCOMPARE(network.command(QStringLiteral("renew --stolen")).code, 0);
        const auto both = withdrawn();
        QVERIFY(both && both->size() == 2 && std::ranges::count(*both, first->front()) == 1);
    }

    void itComesBackAfterItWasKilled() {
        const Network network;
        for (int round = 0; round < 5; ++round) {
            RunningServer server(network.withData({}));
            QVERIFY(server.listens());
            QCOMPARE(network.command(QStringLiteral("invite")).code, 0);
            const auto fault = ask(network, round % 2 ? DocumentClient::Carrier::Tcp : DocumentClient::Carrier::Udp);
            QVERIFY2(!fault, fault ? std::string(name(*fault)).c_str() : "");
            server.kill();
        }
    }
};

KITH_TEST(ServerProgramTest);

#include "server_test.moc"
