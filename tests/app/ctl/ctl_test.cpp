// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <pty.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>
#include <csignal>
#include <cstring>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include "app/api/server.h"
#include "tests/support/notpossiblehere.h"
#include "tests/support/testmain.h"

using namespace kith;
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

/// The local API with a client behind it that answers as the test says; kithctl is the real program.
struct World {
    QTemporaryDir folder;
    QString path = folder.path() + u"/a.sock"_s;
    std::vector<engine::Request> asked;
    engine::Failure failure;                            ///< what every request comes to
    std::function<void(engine::RequestNumber)> before;  ///< told before it is done
    api::Server server{[this](engine::RequestNumber number, const engine::Request& request) {
        if (std::holds_alternative<engine::Refresh>(request)) return;
        asked.push_back(request);
        if (before) before(number);
        server.happened(engine::Done{number, failure});
    }};

    World() { server.listen(path); }

    struct Outcome {
        int code;
        QString out, err;
    };
    Outcome run(QStringList arguments, const QByteArray& input = {}) {
        QProcess process;
        process.start(QStringLiteral(KITHCTL), QStringList{u"--socket"_s, path} + arguments);
        process.write(input);
        process.closeWriteChannel();
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 10'000)) process.kill();
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }
    template <class T>
    T last() const {
        const T* is = asked.empty() ? nullptr : std::get_if<T>(&asked.back());
        return is ? *is : T{};
    }
    void call(int number, std::string_view user, engine::CallPhase phase, bool incoming) {
        engine::Call is;
        is.id = callId(number);
        is.user = person(user);
        is.phase = phase;
        is.incoming = incoming;
        server.happened(engine::CallChanged{is});
    }
};

bool showsTyping(int terminal) {
    termios is{};
    return ::tcgetattr(terminal, &is) == 0 && (is.c_lflag & ECHO) != 0;
}

}  // namespace

class CtlTest : public QObject {
    Q_OBJECT

private slots:
    void aWrongCommandLineIs2() {
        World world;
        for (const QStringList& arguments : {QStringList{},
                                             {u"frobnicate"_s},
                                             {u"send"_s},
                                             {u"status"_s, u"now"_s},
                                             {u"--frobnicate"_s},
                                             {u"sign-in"_s, u"alice"_s},
                                             {u"history"_s, u"alice"_s, u"--limit"_s, u"many"_s}}) {
            const auto outcome = world.run(arguments, "password\n");
            QVERIFY2(outcome.code == 2, qPrintable(arguments.join(u' ')));
            QVERIFY(!outcome.err.isEmpty() && outcome.out.isEmpty());
        }
        QCOMPARE(world.run({u"find"_s, u"a b"_s}).code, 1);
        QCOMPARE(world.run({u"accept"_s, u"a b"_s}).code, 2);
    }

    void helpListsTheCommands() {
        World world;
        for (const QString& way : {u"help"_s, u"--help"_s}) {
            const auto outcome = world.run({way});
            QCOMPARE(outcome.code, 0);
            for (const QString& name : {u"sign-up"_s, u"decline-call"_s, u"watch"_s})
                QVERIFY(outcome.out.contains(name));
        }
    }

    void withoutAClientItIs3() {
        World world;
        const auto outcome = world.run({u"--socket"_s, world.folder.path() + u"/none.sock"_s, u"status"_s});
        QCOMPARE(outcome.code, 3);
        QVERIFY(outcome.err.contains(u"not running"_s));
    }

    void anotherUsersSocketIsToldNothing() {
        if (::geteuid() != 0) KITH_NOT_POSSIBLE_HERE("only root can listen as somebody else");
        World world;
        const QByteArray path = (world.folder.path() + u"/other.sock"_s).toUtf8();
        sockaddr_un address{AF_UNIX, {}};
        QVERIFY(std::size_t(path.size()) < sizeof address.sun_path);
        std::memcpy(address.sun_path, path.constData(), std::size_t(path.size()));
        const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        QVERIFY(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        // A socket is whose it was when it began to listen.
        const pid_t other = ::fork();
        if (other == 0) ::_exit(::setuid(65534) == 0 && ::listen(listener, 5) == 0 ? 0 : 1);
        int status = 1;
        QVERIFY(::waitpid(other, &status, 0) == other && status == 0);

        const auto outcome =
            world.run({u"--socket"_s, QString::fromUtf8(path), u"sign-in"_s, u"alice"_s, u"--link"_s, u"kith:join"_s},
                      "correct horse\n");
        QCOMPARE(outcome.code, 3);
        QVERIFY2(outcome.err.contains(u"another user"_s), qPrintable(outcome.err));
        const int accepted = ::accept(listener, nullptr, nullptr);
        char byte = 0;
        QVERIFY(accepted >= 0 && ::recv(accepted, &byte, 1, 0) <= 0);
        ::close(accepted);
        ::close(listener);
    }

    void whatIsSaidOfPeopleIsHandedOn() {
        World world;
        const auto bob = person("bob");
        const auto asks = [&]<class T>(const QStringList& words, const T&) {
            world.asked.clear();
            return world.run(words).code == 0 ? world.last<T>() : T{};
        };
        QCOMPARE(asks({u"block"_s, u"bob"_s}, engine::BlockPerson{}).user, bob);
        QCOMPARE(asks({u"unblock"_s, u"bob"_s}, engine::UnblockPerson{}).user, bob);
        QCOMPARE(asks({u"withdraw"_s, u"bob"_s}, engine::WithdrawRequest{}).user, bob);
        QCOMPARE(asks({u"accept-key"_s, u"bob"_s}, engine::AcceptKey{}).user, bob);
        QCOMPARE(asks({u"alias"_s, u"bob"_s, u"Bobby"_s}, engine::SetAlias{}).alias, std::string("Bobby"));
        QCOMPARE(asks({u"alias"_s, u"bob"_s}, engine::SetAlias{}).user, bob);
        QCOMPARE(asks({u"note"_s, u"bob"_s, u"cello"_s}, engine::SetNote{}).note, std::string("cello"));
        QVERIFY(asks({u"favourite"_s, u"bob"_s}, engine::SetFavourite{}).favourite);
        QVERIFY(!asks({u"favourite"_s, u"bob"_s, u"--off"_s}, engine::SetFavourite{}).favourite);
        QVERIFY(asks({u"verify"_s, u"bob"_s}, engine::SetVerified{}).verified);
        QVERIFY((asks({u"group"_s, u"bob"_s, u"Band"_s, u"Work"_s}, engine::SetGroups{}).groups ==
                 std::vector<std::string>{"Band", "Work"}));
        QVERIFY(asks({u"group"_s, u"bob"_s}, engine::SetGroups{}).groups.empty());

        world.before = [&](engine::RequestNumber number) {
            world.server.happened(engine::SafetyNumberMade{number, bob, "12345 67890", false});
        };
        const auto shown = world.run({u"safety-number"_s, u"bob"_s});
        QCOMPARE(shown.code, 0);
        QVERIFY(shown.out.startsWith(u"12345 67890\n"_s));
        QVERIFY(shown.out.contains(u"kithctl verify bob"_s));
    }

    void whatIsKnownOfPeopleIsListed() {
        World world;
        engine::Contact bob;
        bob.user = person("bob");
        bob.displayName = "Bob";
        bob.relation = engine::Relation::Contact;
        bob.alias = "Bobby";
        bob.favourite = bob.verified = bob.keyChanged = true;
        bob.groups = {"Band", "Work"};
        engine::Contact eve;
        eve.user = person("eve");
        eve.relation = engine::Relation::Blocked;
        world.server.happened(engine::ContactsReset{{bob, eve}});
        const auto lines = world.run({u"contacts"_s}).out.split(u'\n');
        for (const QString& word : {u"Bobby (Bob)"_s, u"verified"_s, u"key changed"_s, u"[Band, Work]"_s})
            QVERIFY2(lines[0].contains(word), qPrintable(lines[0]));
        QVERIFY(lines[1].contains(u"blocked"_s));
    }

    void refusalsAreToldInWords() {
        World world;
        const auto words = [&](engine::Failure failure) {
            world.failure = std::move(failure);
            const auto outcome = world.run({u"call"_s, u"alice"_s});
            return outcome.code == 1 ? outcome.err.trimmed() : u"code"_s;
        };
        using engine::Reason;
        QCOMPARE(words({Reason::WrongPassword, {}}), u"Name or password is wrong."_s);
        QCOMPARE(words({Reason::ClockOff, "-172800"}), u"Your clock is 2 days behind. Correct it and try again."_s);
        QCOMPARE(words({Reason::ClockOff, "60"}), u"Your clock is 1 minute ahead. Correct it and try again."_s);
        QCOMPARE(words({Reason::CantReach, "udp tcp 80 443"}),
                 u"Can't reach the network: UDP, TCP, port 80 and port 443 all failed. Check your connection."_s);
        QCOMPARE(words({Reason::CantReach, "udp tcp"}),
                 u"Can't reach the network: UDP and TCP both failed. Check your connection."_s);
        QCOMPARE(words({Reason::WrongRootKey, {}}),
                 u"This link's key does not match the server. Ask for a new link."_s);
        // Every reason has a sentence, none of them the bare word.
        for (int i = 1; i <= int(Reason::Internal); ++i) {
            const QString sentence = words({static_cast<Reason>(i), {}});
            QVERIFY2(sentence.contains(u' ') && !sentence.startsWith(u"It was refused"_s), qPrintable(sentence));
        }
    }

    void theAccountIsShown() {
        World world;
        engine::Account account;
        account.connection = engine::Connection::Online;
        account.user = person("alice");
        account.network = "Home";
        account.rung = "udp";
        world.server.happened(engine::AccountChanged{account});
        QCOMPARE(world.run({u"status"_s}).out, u"Signed in as alice on Home, over udp.\n"_s);
        const auto json = QJsonDocument::fromJson(world.run({u"status"_s, u"--json"_s}).out.toUtf8()).object();
        QCOMPARE(json.value("account"_L1).toObject().value("user"_L1).toString(), u"alice"_s);
        account.connection = engine::Connection::SignedOut;
        account.failure = {engine::Reason::AccountDisabled, {}};
        world.server.happened(engine::AccountChanged{account});
        QCOMPARE(world.run({u"status"_s}).out,
                 u"Signed out. This account was disabled by whoever runs the network.\n"_s);
    }

    void signingUpReadsThePasswordAndShowsTheRecoveryKey() {
        World world;
        world.before = [&](auto) { world.server.happened(engine::RecoveryKeyMade{"abcd-efgh"}); };
        const auto outcome = world.run({u"sign-up"_s, u"alice"_s, u"--link"_s, u"kith:join"_s}, "correct horse\nmore");
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.out.contains(u"abcd-efgh"_s));
        const auto asked = world.last<engine::SignUp>();
        QCOMPARE(asked.password, std::string("correct horse"));
        QCOMPARE(asked.displayName, std::string("alice"));
        QFile file(world.folder.path() + u"/password"_s);
        QVERIFY(file.open(QFile::WriteOnly));
        file.write("from a file\r\n");
        file.close();
        world.run({u"sign-in"_s, u"alice"_s, u"--link"_s, u"kith:join"_s, u"--password-file"_s, file.fileName()});
        QCOMPARE(world.last<engine::SignIn>().password, std::string("from a file"));
    }

    void recoveringReadsTheKeyAndTheNewPassword() {
        World world;
        const QStringList command{u"recover"_s, u"alice"_s, u"--link"_s, u"kith:join"_s};
        QCOMPARE(world.run(command, "abcd-efgh\nnew horse\n").code, 0);
        const auto asked = world.last<engine::RecoverAccount>();
        QCOMPARE(asked.link, std::string("kith:join"));
        QCOMPARE(asked.user, std::string("alice"));
        QCOMPARE(asked.recoveryKey, std::string("abcd-efgh"));
        QCOMPARE(asked.newPassword, std::string("new horse"));
    }

    void aPasswordThatIsNotTypedAfterAllLeavesTheTerminalAsItWas() {
        World world;
        for (const int ending : {SIGINT, SIGTERM}) {
            int terminal = -1, ofProgram = -1;
            QVERIFY(::openpty(&terminal, &ofProgram, nullptr, nullptr, nullptr) == 0);
            const QByteArray socket = world.path.toUtf8();
            const pid_t program = ::fork();
            if (program == 0) {
                ::login_tty(ofProgram);
                ::execl(KITHCTL, KITHCTL, "--socket", socket.constData(), "sign-in", "alice", nullptr);
                ::_exit(127);
            }
            QTRY_VERIFY(!showsTyping(terminal));
            if (ending == SIGINT)
                QVERIFY(::write(terminal, "\x03", 1) == 1);
            else
                ::kill(program, ending);
            int status = 0;
            QVERIFY(::waitpid(program, &status, 0) == program);
            QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == ending);
            QVERIFY(showsTyping(terminal));
            ::close(terminal);
            ::close(ofProgram);
        }
    }

    void textComesFromTheCommandLineOrTheInput() {
        World world;
        QCOMPARE(world.run({u"send"_s, u"alice"_s, u"hello there"_s}).code, 0);
        QCOMPARE(world.last<engine::SendText>().text, std::string("hello there"));
        QCOMPARE(world.run({u"send"_s, u"alice"_s}, "two\nlines\n").code, 0);
        QCOMPARE(world.last<engine::SendText>().text, std::string("two\nlines"));
    }

    void contactsAreManaged() {
        World world;
        world.run({u"add"_s, u"alice"_s, u"It's me"_s});
        QCOMPARE(world.last<engine::AddContact>().text, std::string("It's me"));
        world.run({u"accept"_s, u"alice"_s});
        QCOMPARE(world.last<engine::AcceptRequest>().user, person("alice"));
        world.run({u"decline"_s, u"alice"_s});
        QCOMPARE(world.last<engine::DeclineRequest>().user, person("alice"));
        world.run({u"remove"_s, u"alice"_s});
        QCOMPARE(world.last<engine::RemoveContact>().user, person("alice"));
        engine::Contact contact;
        contact.user = person("alice");
        contact.relation = engine::Relation::RequestReceived;
        contact.requestText = "let me in\x1b[31m";
        world.server.happened(engine::ContactsReset{{contact}});
        const QString list = world.run({u"contacts"_s}).out;
        QVERIFY(list.contains(u"alice"_s) && list.contains(u"asks"_s) && list.contains(u"let me in"_s));
        QVERIFY(!list.contains(u'\x1b'));
    }

    void presenceIsChosenAndShown() {
        World world;
        QCOMPARE(world.run({u"presence"_s, u"do-not-disturb"_s, u"--mood"_s, u"Writing"_s}).code, 0);
        QVERIFY(world.last<engine::SetPresence>().presence == engine::Presence::DoNotDisturb);
        QVERIFY(world.last<engine::SetPresence>().mood == "Writing");
        QCOMPARE(world.run({u"presence"_s, u"--mood"_s, u""_s}).code, 0);
        QVERIFY(!world.last<engine::SetPresence>().presence && world.last<engine::SetPresence>().mood == "");
        QCOMPARE(world.run({u"presence"_s, u"asleep"_s}).code, 2);
        world.server.happened(
            engine::OwnPresenceChanged{{engine::Presence::Online, engine::Presence::Away, "Tea\x1b[31m"}});
        const QString own = world.run({u"presence"_s}).out;
        QVERIFY(own.startsWith(u"online  \"Tea"_s) && own.contains(u"seen as away"_s) && !own.contains(u'\x1b'));
    }

    void oneContactIsShownSomethingElse() {
        World world;
        QCOMPARE(world.run({u"presence"_s, u"away"_s, u"--for"_s, u"bob"_s}).code, 1);
        engine::Contact bob;
        bob.user = person("bob");
        bob.relation = engine::Relation::Contact;
        bob.presence = engine::Presence::OpenToCalls;
        bob.mood = "On the train";
        bob.view = engine::PresenceView{engine::Presence::Invisible, std::nullopt};
        world.server.happened(engine::ContactsReset{{bob}});
        const QString list = world.run({u"contacts"_s}).out;
        QVERIFY(list.contains(u"open to calls"_s) && list.contains(u"On the train"_s));
        QVERIFY(world.run({u"presence"_s}).out.contains(u"bob sees nothing"_s));
        // What is not named stays.
        QCOMPARE(world.run({u"presence"_s, u"--for"_s, u"bob"_s, u"--mood"_s, u"Hi Bob"_s}).code, 0);
        QVERIFY(world.last<engine::SetPresenceFor>().presence == engine::Presence::Invisible);
        QVERIFY(world.last<engine::SetPresenceFor>().mood == "Hi Bob");
        QCOMPARE(world.run({u"presence"_s, u"same"_s, u"--for"_s, u"bob"_s}).code, 0);
        QVERIFY(world.last<engine::SetPresenceFor>().user == person("bob"));
        QVERIFY(!world.last<engine::SetPresenceFor>().presence && !world.last<engine::SetPresenceFor>().mood);
    }

    void findingNobodyIsARefusal() {
        World world;
        QCOMPARE(world.run({u"find"_s, u"alice"_s}).code, 1);
        world.before = [&](auto number) {
            world.server.happened(engine::PeopleFound{number, {{person("alice"), "Alice A.", {}}}});
        };
        const auto outcome = world.run({u"find"_s, u"alice"_s});
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.out.contains(u"Alice A."_s));
    }

    void searchingShowsHowSomebodyFits() {
        World world;
        QCOMPARE(world.run({u"search"_s, u"ann smiht"_s}).code, 1);
        QCOMPARE(std::get<engine::SearchPeople>(world.asked.back()).text, std::string("ann smiht"));
        world.before = [&](auto number) {
            engine::FoundPerson similar{person("as77"), "Ann Smith\x1b[31m", {}, engine::Match::Mistake};
            engine::FoundPerson known{person("ann"), "Ann", engine::Relation::Contact, engine::Match::Words};
            world.server.happened(engine::PeopleFound{number, {known, similar}});
        };
        const auto outcome = world.run({u"search"_s, u"ann"_s, u"smiht"_s});
        QCOMPARE(outcome.code, 0);
        QCOMPARE(std::get<engine::SearchPeople>(world.asked.back()).text, std::string("ann smiht"));
        const QStringList lines = outcome.out.split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 2);
        QVERIFY(lines[0].contains(u"(contact)"_s) && !lines[0].contains(u"similar"_s));
        QVERIFY(lines[1].contains(u"Ann Smith"_s) && lines[1].endsWith(u"(similar)"_s));
        QVERIFY(!outcome.out.contains(u'\x1b'));
    }

    void whoFindsMeIsChosenAndShown() {
        World world;
        QCOMPARE(world.run({u"findable"_s, u"name"_s}).code, 0);
        QVERIFY(std::get<engine::SetFindable>(world.asked.back()).findable == engine::Findable::ExactName);
        QCOMPARE(world.run({u"findable"_s, u"everybody"_s}).code, 0);
        QVERIFY(std::get<engine::SetFindable>(world.asked.back()).findable == engine::Findable::Everybody);
        QCOMPARE(world.run({u"findable"_s, u"somebody"_s}).code, 2);
        engine::Account account;
        account.user = person("bob");
        account.findable = engine::Findable::Nobody;
        world.server.happened(engine::AccountChanged{account});
        QVERIFY(world.run({u"findable"_s}).out.startsWith(u"Nobody finds you"_s));
        QVERIFY(world.run({u"findable"_s, u"--json"_s}).out.contains(u"\"nobody\""_s));
    }

    void historyIsPrinted() {
        World world;
        world.before = [&](auto number) {
            engine::TextMessage message;
            message.conversation = person("alice");
            message.text = "first\nsecond";
            engine::CallRecord record;
            record.conversation = person("alice");
            record.missed = true;
            record.end = engine::EndReason::Cancelled;
            world.server.happened(engine::ConversationLoaded{number, person("alice"), {message, record}, true});
        };
        const auto outcome = world.run({u"history"_s, u"alice"_s, u"--limit"_s, u"7"_s});
        QCOMPARE(world.last<engine::LoadConversation>().limit, 7);
        QCOMPARE(outcome.out.count(u'\n'), 2);
        QVERIFY(outcome.out.contains(u"missed call alice: cancelled"_s));
    }

    void theCallThatFitsIsTaken() {
        World world;
        QCOMPARE(world.run({u"answer"_s}).code, 1);
        world.call(1, "alice", engine::CallPhase::Active, false);
        world.call(2, "bobby", engine::CallPhase::Incoming, true);
        QCOMPARE(world.run({u"answer"_s}).code, 0);
        QCOMPARE(world.last<engine::AnswerCall>().call, callId(2));
        world.run({u"decline-call"_s, u"bobby"_s});
        QCOMPARE(world.last<engine::DeclineCall>().call, callId(2));
        world.run({u"mute"_s});
        QVERIFY(world.last<engine::SetMuted>().muted);
        world.run({u"hold"_s, u"--off"_s, QString::fromStdString(callId(1).hex())});
        QCOMPARE(world.last<engine::SetHeld>().call, callId(1));
        QVERIFY(!world.last<engine::SetHeld>().held);
        world.call(2, "bobby", engine::CallPhase::Active, true);
        QCOMPARE(world.run({u"hang-up"_s}).code, 2);
        QCOMPARE(world.run({u"hang-up"_s, u"bobby"_s}).code, 0);
        QCOMPARE(world.last<engine::HangUp>().call, callId(2));
    }

    void aCallIsFollowedToItsEnd() {
        World world;
        world.before = [&](auto) {
            world.call(1, "alice", engine::CallPhase::Ringing, false);
            QTimer::singleShot(50, &world.server, [&] {
                engine::Call over;
                over.id = callId(1);
                over.user = person("alice");
                over.phase = engine::CallPhase::Ended;
                over.end = engine::EndReason::Declined;
                world.server.happened(engine::CallChanged{over});
            });
        };
        const auto outcome = world.run({u"call"_s, u"alice"_s, u"--follow"_s});
        QCOMPARE(outcome.code, 1);
        QVERIFY(outcome.out.contains(u"declined"_s));
    }

    void devicesAreListedAndChosen() {
        World world;
        engine::SoundDevices devices;
        devices.inputs = {{"mic", "A microphone", true}};
        devices.outputs = {{"ear", "An ear", false}};
        devices.chosenOutput = "ear";
        // The list comes some time after it was asked for.
        world.before = [&](auto) {
            QTimer::singleShot(50, &world.server, [&] { world.server.happened(engine::DevicesChanged{devices}); });
        };
        const auto outcome = world.run({u"devices"_s});
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.out.contains(u"* mic  A microphone"_s));
        QVERIFY(outcome.out.contains(u"* ear  An ear"_s));
        world.run({u"devices"_s, u"--input"_s, u"mic"_s});
        QCOMPARE(world.last<engine::ChooseDevices>().input, std::string("mic"));
        QCOMPARE(world.last<engine::ChooseDevices>().output, std::string("ear"));
    }

    void watchingPrintsUntilTheClientEnds() {
        auto world = std::make_unique<World>();
        QProcess process;
        process.start(QStringLiteral(KITHCTL), {u"--socket"_s, world->path, u"watch"_s, u"--json"_s});
        QTRY_VERIFY(!world->server.findChildren<api::Connection*>().isEmpty());
        const auto told = [&] {
            world->server.happened(engine::ContactRemoved{person("alice")});
            return process.bytesAvailable() > 0;
        };
        QVERIFY(QTest::qWaitFor(told, 5000));
        QCOMPARE(QJsonDocument::fromJson(process.readLine()).object().value("type"_L1).toString(), u"contactRemoved"_s);
        world.reset();
        QVERIFY(QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 5000));
        QCOMPARE(process.exitCode(), 3);
    }
};

KITH_TEST(CtlTest);
#include "ctl_test.moc"
