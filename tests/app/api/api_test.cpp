// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <sys/stat.h>

#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include "app/api/json.h"
#include "app/api/server.h"
#include "app/api/socketpath.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::api;
using namespace Qt::StringLiterals;

namespace {

UserName person(std::string_view name) {
    return UserName::parse(name).value();
}

CallId callId(int number) {
    CallId id;
    id.bytes[0] = static_cast<std::byte>(number);
    return id;
}

/// A server whose client is this test.
struct World {
    QTemporaryDir folder;
    QString path = folder.path() + u"/run/a.sock"_s;
    std::vector<std::pair<engine::RequestNumber, engine::Request>> asked;
    Server server{
        [this](engine::RequestNumber number, const engine::Request& request) { asked.emplace_back(number, request); }};

    void done(engine::Failure failure = {}) { server.happened(engine::Done{asked.back().first, failure}); }
    template <class T>
    const T& last() const {
        return std::get<T>(asked.back().second);
    }
};

class Program {
public:
    explicit Program(World& world) {
        m_socket.connectToServer(world.path);
        m_connected = m_socket.waitForConnected(1000);
    }
    void write(const QByteArray& line) {
        m_socket.write(line + '\n');
        m_socket.flush();
    }
    void call(const QString& method, const QJsonObject& parameters = {}, const QJsonValue& id = 1) {
        write(
            QJsonDocument(
                QJsonObject{{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id}, {u"method"_s, method}, {u"params"_s, parameters}})
                .toJson(QJsonDocument::Compact));
    }
    /// The next line; empty if none comes.
    QJsonObject next() {
        if (!QTest::qWaitFor([&] { return m_socket.canReadLine() || !isConnected(); }, 2000)) return {};
        return QJsonDocument::fromJson(m_socket.readLine()).object();
    }
    int nextError() { return next().value("error"_L1).toObject().value("code"_L1).toInt(); }
    bool isSilent() {
        return !QTest::qWaitFor([&] { return m_socket.canReadLine(); }, 100);
    }
    bool isConnected() const { return m_connected && m_socket.state() == QLocalSocket::ConnectedState; }
    QLocalSocket& socket() { return m_socket; }

private:
    QLocalSocket m_socket;
    bool m_connected = false;
};

#define WAIT_FOR_REQUEST(world, number) QTRY_COMPARE((world).asked.size(), std::size_t(number))

}  // namespace

class ApiTest : public QObject {
    Q_OBJECT

private slots:
    void everyMethodIsUnderstood_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QByteArray>("parameters");
        const auto row = [](const char* method, const char* parameters) {
            QTest::newRow(method) << QString::fromLatin1(method) << QByteArray(parameters);
        };
        const char* user = R"({"user":"alice"})";
        const char* call = R"({"call":"000102030405060708090a0b0c0d0e0f"})";
        row("signUp", R"({"link":"kith:join","user":"alice","displayName":"A","password":"secret12"})");
        row("signIn", R"({"link":"kith:join","user":"alice","password":"secret12"})");
        row("recoverAccount",
            R"({"link":"kith:join","user":"alice","recoveryKey":"abcd-efgh","newPassword":"secret12"})");
        row("signOut", "{}");
        row("findPeople", R"({"name":"alice"})");
        row("searchPeople", R"({"text":"ann smi"})");
        row("setFindable", R"({"findable":"nobody"})");
        row("addContact", R"({"user":"alice","text":"hi"})");
        row("acceptRequest", user);
        row("declineRequest", user);
        row("removeContact", user);
        row("setPresence", R"({"presence":"doNotDisturb","mood":"Writing"})");
        row("setPresenceFor", R"({"user":"alice","presence":"invisible","mood":""})");
        row("setIdle", R"({"seconds":300})");
        row("withdrawRequest", user);
        row("blockPerson", user);
        row("unblockPerson", user);
        row("setAlias", R"({"user":"alice","alias":"Al"})");
        row("setNote", R"({"user":"alice","note":"cello"})");
        row("setFavourite", R"({"user":"alice","favourite":true})");
        row("setGroups", R"({"user":"alice","groups":["Band","Work"]})");
        row("getSafetyNumber", user);
        row("setVerified", R"({"user":"alice","verified":true})");
        row("acceptKey", user);
        row("sendText", R"({"user":"alice","text":"hi"})");
        row("markRead", user);
        row("loadConversation", R"({"user":"alice","before":1700000000123,"limit":5})");
        row("placeCall", user);
        row("answerCall", call);
        row("declineCall", call);
        row("hangUp", call);
        row("setMuted", R"({"call":"000102030405060708090a0b0c0d0e0f","muted":true})");
        row("setHeld", R"({"call":"000102030405060708090a0b0c0d0e0f","held":true})");
        row("chooseDevices", R"({"input":"mic","output":""})");
        row("watchDevices", "{}");
        row("refresh", "{}");
    }

    void everyMethodIsUnderstood() {
        QFETCH(QString, method);
        QFETCH(QByteArray, parameters);
        const QJsonObject given = QJsonDocument::fromJson(parameters).object();
        QVERIFY(isMethod(method));
        const auto request = requestFrom(method, given);
        QVERIFY(std::holds_alternative<engine::Request>(request));
        // Each parameter that is missing or of another kind is named, unless it may be left out.
        for (const QString& key : given.keys()) {
            QJsonObject broken = given;
            broken[key] = QJsonArray{QJsonArray{}};
            const auto wrong = requestFrom(method, broken);
            QVERIFY(std::holds_alternative<BadParameter>(wrong));
            QCOMPARE(std::get<BadParameter>(wrong).name, key);
        }
        QJsonObject more = given;
        more[u"usr"_s] = u"alice"_s;
        QVERIFY(std::holds_alternative<BadParameter>(requestFrom(method, more)));
        ++m_methods;
    }

    void noMethodWasForgotten() { QCOMPARE(m_methods, std::variant_size_v<engine::Request>); }

    void parametersArriveAsTheyAre() {
        const auto loaded =
            requestFrom(u"loadConversation"_s, {{u"user"_s, u"Alice"_s}, {u"before"_s, 1700000000123.0}});
        const auto& load = std::get<engine::LoadConversation>(std::get<engine::Request>(loaded));
        QCOMPARE(load.user, person("alice"));
        QCOMPARE(load.before.value(), UnixMillis(std::chrono::milliseconds(1700000000123)));
        QCOMPARE(load.limit, 100);
        for (const QJsonValue& limit : {QJsonValue(1.5), QJsonValue(1e12), QJsonValue(u"7"_s), QJsonValue(true)})
            QVERIFY(std::holds_alternative<BadParameter>(
                requestFrom(u"loadConversation"_s, {{u"user"_s, u"alice"_s}, {u"limit"_s, limit}})));
        for (const QString& call : {u""_s, u"00"_s, u"zz0102030405060708090a0b0c0d0e0f"_s})
            QVERIFY(std::holds_alternative<BadParameter>(requestFrom(u"hangUp"_s, {{u"call"_s, call}})));
        QVERIFY(std::holds_alternative<BadParameter>(requestFrom(u"placeCall"_s, {{u"user"_s, u"a b"_s}})));
        const auto shown = requestFrom(u"setPresenceFor"_s, {{u"user"_s, u"bob"_s}, {u"presence"_s, u"openToCalls"_s}});
        const auto& view = std::get<engine::SetPresenceFor>(std::get<engine::Request>(shown));
        QVERIFY(view.presence == engine::Presence::OpenToCalls && !view.mood);
        QVERIFY(std::holds_alternative<BadParameter>(requestFrom(u"setPresence"_s, {{u"presence"_s, u"busy"_s}})));
    }

    void factsAreWrittenInWords() {
        engine::Call call;
        call.id = callId(1);
        call.user = person("alice");
        call.phase = engine::CallPhase::Ended;
        call.end = engine::EndReason::AnsweredElsewhere;
        const QJsonObject json = toObject(call);
        QCOMPARE(json.value("phase"_L1).toString(), u"ended"_s);
        QCOMPARE(json.value("end"_L1).toString(), u"answeredElsewhere"_s);
        QVERIFY(!json.contains("answered"_L1));
        QCOMPARE(json.value("soundTrouble"_L1).toObject().value("reason"_L1).toString(), u"none"_s);

        engine::CallRecord record;
        record.talked = std::chrono::seconds(90);
        const engine::ConversationLoaded loaded{7, person("alice"), {engine::TextMessage{}, record}, true};
        const QJsonArray entries = toObject(loaded).value("entries"_L1).toArray();
        QCOMPARE(entries.at(0).toObject().value("type"_L1).toString(), u"message"_s);
        QCOMPARE(entries.at(1).toObject().value("type"_L1).toString(), u"call"_s);
        QCOMPARE(entries.at(1).toObject().value("talked"_L1).toInt(), 90'000);
    }

    void aRequestIsAnsweredWhenItIsDone() {
        World world;
        QVERIFY2(world.server.listen(world.path), qPrintable(world.server.errorString()));
        WAIT_FOR_REQUEST(world, 1);
        QVERIFY(std::holds_alternative<engine::Refresh>(world.asked.front().second));
        Program program(world);
        program.call(u"sendText"_s, {{u"user"_s, u"alice"_s}, {u"text"_s, u"hi"_s}}, u"seven"_s);
        WAIT_FOR_REQUEST(world, 2);
        QCOMPARE(world.last<engine::SendText>().text, std::string("hi"));
        QVERIFY(world.asked.back().first > Server::kFirstNumber);
        QVERIFY(program.isSilent());
        world.done();
        const QJsonObject reply = program.next();
        QCOMPARE(reply.value("id"_L1).toString(), u"seven"_s);
        QVERIFY(reply.value("result"_L1).isObject());
    }

    void aRefusalTellsTheReason() {
        World world;
        QVERIFY(world.server.listen(world.path));
        Program program(world);
        program.call(u"placeCall"_s, {{u"user"_s, u"alice"_s}});
        WAIT_FOR_REQUEST(world, 2);
        world.done({engine::Reason::CantReach, "udp tcp"});
        const QJsonObject error = program.next().value("error"_L1).toObject();
        QCOMPARE(error.value("code"_L1).toInt(), 1);
        QCOMPARE(error.value("data"_L1).toObject().value("reason"_L1).toString(), u"cantReach"_s);
        QCOMPARE(error.value("data"_L1).toObject().value("detail"_L1).toString(), u"udp tcp"_s);
    }

    void whatWasAskedForComesWithTheAnswer() {
        World world;
        QVERIFY(world.server.listen(world.path));
        Program program(world);
        program.call(u"findPeople"_s, {{u"name"_s, u"alice"_s}});
        WAIT_FOR_REQUEST(world, 2);
        world.server.happened(engine::PeopleFound{world.asked.back().first, {{person("alice"), "Alice", {}}}});
        world.done();
        const QJsonArray people = program.next().value("result"_L1).toObject().value("people"_L1).toArray();
        QCOMPARE(people.at(0).toObject().value("displayName"_L1).toString(), u"Alice"_s);

        program.call(u"searchPeople"_s, {{u"text"_s, u"ann smi"_s}});
        WAIT_FOR_REQUEST(world, 3);
        QCOMPARE(std::get<engine::SearchPeople>(world.asked.back().second).text, std::string("ann smi"));
        world.server.happened(
            engine::PeopleFound{world.asked.back().first,
                                {{person("as77"), "Ann Smith", engine::Relation::Stranger, engine::Match::Words}}});
        world.done();
        // As the README has it.
        const QJsonObject readme =
            QJsonDocument::fromJson(R"({"people":[{"user":"as77","displayName":"Ann Smith","relation":"stranger",)"
                                    R"("match":"words"}]})")
                .object();
        QCOMPARE(program.next().value("result"_L1).toObject(), readme);

        program.call(u"setFindable"_s, {{u"findable"_s, u"everybody"_s}});
        WAIT_FOR_REQUEST(world, 4);
        QVERIFY(std::get<engine::SetFindable>(world.asked.back().second).findable == engine::Findable::Everybody);
        world.done();
        QVERIFY(program.next().contains("result"_L1));
        program.call(u"setFindable"_s, {{u"findable"_s, u"somebody"_s}});
        QCOMPARE(program.next().value("error"_L1).toObject().value("code"_L1).toInt(), -32602);

        program.call(u"placeCall"_s, {{u"user"_s, u"alice"_s}});
        WAIT_FOR_REQUEST(world, 5);
        engine::Call call;
        call.id = callId(5);
        call.user = person("alice");
        world.server.happened(engine::CallChanged{call});
        world.done();
        const QJsonObject placed = program.next().value("result"_L1).toObject().value("call"_L1).toObject();
        QCOMPARE(placed.value("id"_L1).toString(), text(callId(5).hex()));

        // The call may be told of only after it was placed.
        program.call(u"placeCall"_s, {{u"user"_s, u"bobby"_s}});
        WAIT_FOR_REQUEST(world, 6);
        world.done();
        QVERIFY(program.isSilent());
        call.user = person("bobby");
        call.id = callId(6);
        call.incoming = true;
        world.server.happened(engine::CallChanged{call});
        QVERIFY(program.isSilent());
        call.incoming = false;
        world.server.happened(engine::CallChanged{call});
        QCOMPARE(program.next().value("result"_L1).toObject().value("call"_L1).toObject().value("user"_L1).toString(),
                 u"bobby"_s);
    }

    void theRecoveryKeyGoesToWhoSignsUpOnly() {
        World world;
        QVERIFY(world.server.listen(world.path));
        Program program(world), other(world);
        other.call(u"watch"_s);
        QVERIFY(!other.next().isEmpty());
        program.call(u"signUp"_s,
                     {{u"link"_s, u"kith:join"_s}, {u"user"_s, u"alice"_s}, {u"password"_s, u"12345678"_s}});
        WAIT_FOR_REQUEST(world, 2);
        world.server.happened(engine::RecoveryKeyMade{"abcd-efgh"});
        world.done();
        QCOMPARE(program.next().value("result"_L1).toObject().value("recoveryKey"_L1).toString(), u"abcd-efgh"_s);
        QVERIFY(other.isSilent());
    }

    void whoWatchesIsTold() {
        World world;
        QVERIFY(world.server.listen(world.path));
        Program watcher(world), other(world);
        watcher.call(u"watch"_s);
        QVERIFY(!watcher.next().isEmpty());
        world.server.happened(engine::ContactRemoved{person("alice")});
        const QJsonObject event = watcher.next();
        QCOMPARE(event.value("method"_L1).toString(), u"event"_s);
        QCOMPARE(event.value("params"_L1).toObject().value("type"_L1).toString(), u"contactRemoved"_s);
        QCOMPARE(event.value("params"_L1).toObject().value("user"_L1).toString(), u"alice"_s);
        QVERIFY(other.isSilent());
        watcher.call(u"unwatch"_s);
        QVERIFY(!watcher.next().isEmpty());
        world.server.happened(engine::ContactRemoved{person("bob")});
        QVERIFY(watcher.isSilent());
    }

    void presenceIsToldInTheStateAndAsEvents() {
        World world;
        QVERIFY(world.server.listen(world.path));
        Program program(world);
        program.call(u"watch"_s);
        program.next();
        world.server.happened(
            engine::OwnPresenceChanged{{engine::Presence::OpenToCalls, engine::Presence::Away, "Tea"}});
        const QJsonObject own{{u"chosen"_s, u"openToCalls"_s}, {u"shown"_s, u"away"_s}, {u"mood"_s, u"Tea"_s}};
        const QJsonObject event = program.next().value("params"_L1).toObject();
        QCOMPARE(event.value("type"_L1).toString(), u"ownPresenceChanged"_s);
        QCOMPARE(event.value("presence"_L1).toObject(), own);
        engine::Contact bob;
        bob.user = person("bob");
        bob.presence = engine::Presence::NotAvailable;
        bob.mood = "Asleep";
        bob.view = engine::PresenceView{engine::Presence::Invisible, std::nullopt};
        world.server.happened(engine::ContactChanged{bob});
        const QJsonObject told = program.next().value("params"_L1).toObject().value("contact"_L1).toObject();
        QCOMPARE(told.value("presence"_L1).toString(), u"notAvailable"_s);
        QCOMPARE(told.value("mood"_L1).toString(), u"Asleep"_s);
        QCOMPARE(told.value("view"_L1).toObject(), (QJsonObject{{u"presence"_s, u"invisible"_s}}));
        program.call(u"state"_s);
        QCOMPARE(program.next().value("result"_L1).toObject().value("presence"_L1).toObject(), own);
    }

    void theStateFollowsTheEvents() {
        World world;
        QVERIFY(world.server.listen(world.path));
        Program program(world);
        const auto state = [&] {
            program.call(u"state"_s);
            return program.next().value("result"_L1).toObject();
        };
        engine::Account account;
        account.connection = engine::Connection::Online;
        account.user = person("me-myself");
        world.server.happened(engine::AccountChanged{account});
        engine::Contact alice;
        alice.user = person("alice");
        world.server.happened(engine::ContactsReset{{alice}});
        alice.online = true;
        world.server.happened(engine::ContactChanged{alice});
        engine::Call call;
        call.id = callId(5);
        call.user = person("alice");
        world.server.happened(engine::CallChanged{call});
        QJsonObject now = state();
        QCOMPARE(now.value("account"_L1).toObject().value("connection"_L1).toString(), u"online"_s);
        QVERIFY(now.value("contacts"_L1).toArray().at(0).toObject().value("online"_L1).toBool());
        QCOMPARE(now.value("calls"_L1).toArray().size(), 1);
        QVERIFY(!now.contains("devices"_L1));
        call.phase = engine::CallPhase::Ended;
        world.server.happened(engine::CallChanged{call});
        world.server.happened(engine::ContactRemoved{person("alice")});
        world.server.happened(engine::DevicesChanged{});
        now = state();
        QVERIFY(now.value("contacts"_L1).toArray().isEmpty());
        QVERIFY(now.value("calls"_L1).toArray().isEmpty());
        QVERIFY(now.contains("devices"_L1));
    }

    void whatIsNoRequestIsToldSo() {
        World world;
        QVERIFY(world.server.listen(world.path));
        Program program(world);
        const auto error = [&](const QByteArray& line) {
            program.write(line);
            return program.nextError();
        };
        QCOMPARE(error("{"), int(Connection::ParseError));
        QCOMPARE(error("\xff\xfe"), int(Connection::ParseError));
        QCOMPARE(error(QByteArray(20'000, '[')), int(Connection::ParseError));
        QCOMPARE(error("[]"), int(Connection::InvalidRequest));
        QCOMPARE(error(R"({"id":1,"method":"state"})"), int(Connection::InvalidRequest));
        QCOMPARE(error(R"({"jsonrpc":"2.0","method":"state"})"), int(Connection::InvalidRequest));
        QCOMPARE(error(R"({"jsonrpc":"2.0","id":1,"method":7})"), int(Connection::InvalidRequest));
        QCOMPARE(error(R"({"jsonrpc":"2.0","id":1,"method":"sendText","params":["alice"]})"),
                 int(Connection::InvalidRequest));
        QCOMPARE(error(R"({"jsonrpc":"2.0","id":1,"method":"sendTxt"})"), int(Connection::NoSuchMethod));
        QCOMPARE(error(R"({"jsonrpc":"2.0","id":1,"method":"sendText","params":{"user":"alice"}})"),
                 int(Connection::InvalidParameters));
        QVERIFY(program.isConnected());
        QCOMPARE(world.asked.size(), std::size_t{1});
    }

    void aLineWithoutEndIsCutOff() {
        World world;
        QVERIFY(world.server.listen(world.path));
        Program program(world);
        const QByteArray chunk(64 * 1024, 'x');
        for (int i = 0; i < 64 && program.isConnected(); ++i) {
            program.socket().write(chunk);
            QTest::qWait(1);
        }
        QTRY_VERIFY(!program.isConnected());
    }

    void whoDoesNotReadIsCutOff() {
        World world;
        QVERIFY(world.server.listen(world.path));
        Program program(world);
        program.call(u"watch"_s);
        QVERIFY(!program.next().isEmpty());
        program.socket().setReadBufferSize(1024);
        engine::MessageAdded event;
        event.message.text = std::string(1024 * 1024, 'x');
        for (int i = 0; i < 64; ++i) world.server.happened(event);
        QTRY_VERIFY(world.server.findChildren<Connection*>().isEmpty());
    }

    void whoLeavesBeforeTheAnswerDoesNoHarm() {
        World world;
        QVERIFY(world.server.listen(world.path));
        {
            Program program(world);
            program.call(u"signOut"_s);
            WAIT_FOR_REQUEST(world, 2);
        }
        QTRY_VERIFY(world.server.findChildren<Connection*>().isEmpty());
        world.done();
        Program next(world);
        next.call(u"state"_s);
        QVERIFY(!next.next().isEmpty());
    }

    void theSocketIsTheUsersAlone() {
        World world;
        QVERIFY(world.server.listen(world.path));
        struct stat socket {
        }, folder{};
        QCOMPARE(stat(qPrintable(world.path), &socket), 0);
        QCOMPARE(socket.st_mode & 07777U, 0600U);
        QCOMPARE(stat(qPrintable(world.folder.path() + u"/run"_s), &folder), 0);
        QCOMPARE(folder.st_mode & 07777U, 0700U);
    }

    void oneListensWhereNobodyElseDoes() {
        World first, second;
        second.path = first.path;
        QVERIFY(first.server.listen(first.path));
        QVERIFY(!second.server.listen(second.path));
        Program program(first);
        QVERIFY(program.isConnected());
    }

    void aSocketThatWasLeftBehindIsTakenOver() {
        World world;
        QVERIFY(QDir().mkpath(world.folder.path() + u"/run"_s));
        QFile left(world.path);
        QVERIFY(left.open(QFile::WriteOnly));
        left.close();
        QVERIFY2(world.server.listen(world.path), qPrintable(world.server.errorString()));
        Program program(world);
        QVERIFY(program.isConnected());
    }

    void socketsOfDifferentClientsDiffer() {
        qputenv("XDG_RUNTIME_DIR", "/run/user/7");
        QCOMPARE(socketPath({}), u"/run/user/7/kith/default.sock"_s);
        const QString longFolder = u"/very/long/"_s + QString(300, u'x');
        QVERIFY(socketPath(longFolder).size() < 100);
        QVERIFY(socketPath(u"/a"_s) != socketPath(u"/b"_s));
        QCOMPARE(socketPath(u"/a/./b/"_s), socketPath(u"/a/b"_s));
        qunsetenv("XDG_RUNTIME_DIR");
    }

private:
    std::size_t m_methods = 0;
};

KITH_TEST(ApiTest);
#include "api_test.moc"
