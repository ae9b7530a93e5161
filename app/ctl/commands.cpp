// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/ctl/commands.h"

#include <termios.h>
#include <unistd.h>
#include <array>
#include <csignal>
#include <cstdio>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include "app/ctl/words.h"

namespace kith::ctl {

using namespace Qt::StringLiterals;

namespace {

void say(const QString& line) {
    const QByteArray bytes = line.toUtf8() + '\n';
    std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stdout);
    std::fflush(stdout);
}

void sayJson(const QJsonObject& object) {
    say(QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)));
}

Exit complain(const QString& line, Exit code) {
    std::fprintf(stderr, "%s\n", line.toUtf8().constData());
    return code;
}

/// What came back that was no success.
Exit refused(const Invocation& call, const Reply& reply) {
    if (reply.gone) return complain(u"Kith went away."_s, NotRunning);
    const QJsonObject data = reply.error.value("data"_L1).toObject();
    const bool usage = reply.error.value("code"_L1).toInt() < 0;
    if (call.json) sayJson({{u"error"_s, usage ? QJsonValue(reply.error.value("message"_L1)) : QJsonValue(data)}});
    if (usage)
        return complain(u"Not understood: %1"_s.arg(printable(reply.error.value("message"_L1).toString())), Usage);
    return complain(failureSentence(data), Refused);
}

bool worked(const Reply& reply) {
    return !reply.gone && reply.error.isEmpty();
}

Exit simply(const Invocation& call, const QString& method, const QJsonObject& parameters) {
    const Reply reply = call.client.call(method, parameters);
    if (!worked(reply)) return refused(call, reply);
    if (call.json) sayJson(reply.result);
    return Done;
}

QJsonObject user(const Invocation& call) {
    return {{u"user"_s, call.words.first()}};
}

void list(const Invocation& call, const QJsonArray& entries, QString (*line)(const QJsonObject&)) {
    for (const auto each : entries) {
        if (call.json)
            sayJson(each.toObject());
        else
            say(line(each.toObject()));
    }
}

termios shownTyping{};

/// What ends the program at the prompt must not leave a terminal that shows nothing.
extern "C" void showTypingAndEnd(int signal) {
    tcsetattr(STDIN_FILENO, TCSANOW, &shownTyping);
    std::raise(signal);  // taken once: now it ends the program
}

/// While it lives, what is typed is not shown. One at a time.
class HiddenTyping {
public:
    explicit HiddenTyping(const char* what) {
        if (tcgetattr(STDIN_FILENO, &shownTyping) != 0) return;
        m_terminal = true;
        struct sigaction restore {};
        restore.sa_handler = showTypingAndEnd;
        restore.sa_flags = static_cast<int>(SA_RESETHAND);
        for (std::size_t i = 0; i < kEndings.size(); ++i) sigaction(kEndings[i], &restore, &m_before[i]);
        termios silent = shownTyping;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
        std::fprintf(stderr, "%s: ", what);
    }
    ~HiddenTyping() {
        if (!m_terminal) return;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shownTyping);
        for (std::size_t i = 0; i < kEndings.size(); ++i) sigaction(kEndings[i], &m_before[i], nullptr);
        std::fprintf(stderr, "\n");
    }
    HiddenTyping(const HiddenTyping&) = delete;
    HiddenTyping& operator=(const HiddenTyping&) = delete;

private:
    static constexpr std::array kEndings{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    std::array<struct sigaction, kEndings.size()> m_before{};
    bool m_terminal = false;
};

/// From a file that an option names, or the next line of the input: never from the command line, which others can
/// read.
std::optional<QString> secret(const Invocation& call, const QString& option, const char* what) {
    QByteArray line;
    if (const QString path = call.options.value(option); !path.isEmpty()) {
        QFile file(path);
        if (!file.open(QFile::ReadOnly)) return std::nullopt;
        line = file.readLine(1024);
    } else {
        const HiddenTyping hidden(what);
        QFile input;
        // Unbuffered: another secret may be in the next line.
        if (!input.open(stdin, QFile::ReadOnly | QFile::Unbuffered)) return std::nullopt;
        line = input.readLine(1024);
    }
    while (line.endsWith('\n') || line.endsWith('\r')) line.chop(1);
    return QString::fromUtf8(line);
}

std::optional<QString> password(const Invocation& call, const char* what = "Password") {
    return secret(call, u"password-file"_s, what);
}

Exit sign(const Invocation& call, const QString& method, QJsonObject parameters) {
    const auto word = password(call);
    if (!word) return complain(u"The password file can't be read."_s, Usage);
    if (!call.options.isSet(u"link"_s)) return complain(u"Say which network: --link LINK"_s, Usage);
    parameters.insert("link"_L1, call.options.value(u"link"_s));
    parameters.insert("user"_L1, call.words.first());
    parameters.insert("password"_L1, *word);
    const Reply reply = call.client.call(method, parameters);
    if (!worked(reply)) return refused(call, reply);
    if (call.json)
        sayJson(reply.result);
    else if (const QString key = reply.result.value("recoveryKey"_L1).toString(); !key.isEmpty())
        say(u"Recovery key: %1\nWrite it down: without it a lost password can't be replaced."_s.arg(key));
    return Done;
}

Exit signUp(const Invocation& call) {
    const QString shown = call.options.value(u"display-name"_s);
    return sign(call, u"signUp"_s, {{u"displayName"_s, shown.isEmpty() ? call.words.first() : shown}});
}

Exit signIn(const Invocation& call) {
    return sign(call, u"signIn"_s, {});
}
Exit recover(const Invocation& call) {
    if (!call.options.isSet(u"link"_s)) return complain(u"Say which network: --link LINK"_s, Usage);
    const auto key = secret(call, u"key-file"_s, "Recovery key");
    if (!key) return complain(u"The key file can't be read."_s, Usage);
    const auto word = password(call, "New password");
    if (!word) return complain(u"The password file can't be read."_s, Usage);
    return simply(call, u"recoverAccount"_s,
                  {{u"link"_s, call.options.value(u"link"_s)},
                   {u"user"_s, call.words.first()},
                   {u"recoveryKey"_s, *key},
                   {u"newPassword"_s, *word}});
}
Exit signOut(const Invocation& call) {
    return simply(call, u"signOut"_s, {});
}

std::optional<QJsonObject> state(const Invocation& call, Exit& code) {
    const Reply reply = call.client.call(u"state"_s);
    if (worked(reply)) return reply.result;
    code = refused(call, reply);
    return std::nullopt;
}

Exit status(const Invocation& call) {
    Exit code = Done;
    const auto now = state(call, code);
    if (!now) return code;
    if (call.json) {
        sayJson(*now);
        return Done;
    }
    say(accountLine(now->value("account"_L1).toObject()));
    list(call, now->value("calls"_L1).toArray(), callLine);
    return Done;
}

Exit contacts(const Invocation& call) {
    Exit code = Done;
    const auto now = state(call, code);
    if (now) list(call, now->value("contacts"_L1).toArray(), contactLine);
    return code;
}

/// A contact as it is in the state; says so if there is none.
std::optional<QJsonObject> contactNamed(const Invocation& call, const QString& name, Exit& code) {
    const auto now = state(call, code);
    if (!now) return std::nullopt;
    for (const auto each : now->value("contacts"_L1).toArray())
        if (each.toObject().value("user"_L1).toString() == name) return each.toObject();
    code = complain(u"This person is not among your contacts."_s, Refused);
    return std::nullopt;
}

/// What one contact sees: what is not named stays, `same` ends it.
Exit presenceFor(const Invocation& call, const QString& name, const QString& presence) {
    Exit code = Done;
    const auto contact = contactNamed(call, name, code);
    if (!contact) return code;
    QJsonObject view = contact->value("view"_L1).toObject();
    const bool ends = presence == "same"_L1;
    if (ends) view = {};
    if (!ends && !presence.isEmpty()) view.insert("presence"_L1, presence);
    if (call.options.isSet(u"mood"_s)) view.insert("mood"_L1, call.options.value(u"mood"_s));
    if (presence.isEmpty() && !call.options.isSet(u"mood"_s)) {
        const QString line = viewLine(*contact);
        if (call.json)
            sayJson(view);
        else
            say(line.isEmpty() ? u"%1 sees the same as everybody"_s.arg(name) : line);
        return Done;
    }
    view.insert("user"_L1, name);
    return simply(call, u"setPresenceFor"_s, view);
}

Exit showPresence(const Invocation& call) {
    Exit code = Done;
    const auto now = state(call, code);
    if (!now) return code;
    const QJsonObject own = now->value("presence"_L1).toObject();
    if (call.json) {
        sayJson(own);
        return Done;
    }
    say(ownPresenceLine(own));
    for (const auto each : now->value("contacts"_L1).toArray())
        if (const QString line = viewLine(each.toObject()); !line.isEmpty()) say(line);
    return Done;
}

Exit presence(const Invocation& call) {
    const QString typed = call.words.value(0), name = call.options.value(u"for"_s);
    QString chosen = presenceFrom(typed);
    if (typed == "same"_L1 && !name.isEmpty()) chosen = typed;
    if (!typed.isEmpty() && chosen.isEmpty())
        return complain(u"A presence is online, away, not-available, do-not-disturb, open-to-calls or invisible."_s,
                        Usage);
    if (!name.isEmpty()) return presenceFor(call, name, chosen);
    QJsonObject parameters;
    if (!chosen.isEmpty()) parameters.insert("presence"_L1, chosen);
    if (call.options.isSet(u"mood"_s)) parameters.insert("mood"_L1, call.options.value(u"mood"_s));
    return parameters.isEmpty() ? showPresence(call) : simply(call, u"setPresence"_s, parameters);
}

Exit find(const Invocation& call) {
    const Reply reply = call.client.call(u"findPeople"_s, {{u"name"_s, call.words.first()}});
    if (!worked(reply)) return refused(call, reply);
    const QJsonArray people = reply.result.value("people"_L1).toArray();
    list(call, people, foundLine);
    return people.isEmpty() ? complain(u"There is nobody by this name."_s, Refused) : Done;
}

Exit search(const Invocation& call) {
    const Reply reply = call.client.call(u"searchPeople"_s, {{u"text"_s, call.words.join(u' ')}});
    if (!worked(reply)) return refused(call, reply);
    const QJsonArray people = reply.result.value("people"_L1).toArray();
    list(call, people, foundLine);
    return people.isEmpty() ? complain(u"Nobody was found."_s, Refused) : Done;
}

Exit findable(const Invocation& call) {
    if (!call.words.isEmpty()) {
        const QString wanted = call.words.first();
        if (wanted != u"everybody"_s && wanted != u"name"_s && wanted != u"nobody"_s)
            return complain(u"Findable by whom? everybody, name or nobody."_s, Usage);
        return simply(call, u"setFindable"_s, {{u"findable"_s, wanted == u"name"_s ? u"exactName"_s : wanted}});
    }
    Exit code = Done;
    const auto now = state(call, code);
    if (!now) return code;
    const QJsonValue value = now->value("account"_L1).toObject().value("findable"_L1);
    if (call.json)
        sayJson({{u"findable"_s, value}});
    else
        say(findableLine(value.toString()));
    return Done;
}

Exit add(const Invocation& call) {
    QJsonObject parameters = user(call);
    parameters.insert("text"_L1, call.words.value(1));
    return simply(call, u"addContact"_s, parameters);
}

Exit accept(const Invocation& call) {
    return simply(call, u"acceptRequest"_s, user(call));
}
Exit decline(const Invocation& call) {
    return simply(call, u"declineRequest"_s, user(call));
}
Exit remove(const Invocation& call) {
    return simply(call, u"removeContact"_s, user(call));
}
Exit withdraw(const Invocation& call) {
    return simply(call, u"withdrawRequest"_s, user(call));
}
Exit block(const Invocation& call) {
    return simply(call, u"blockPerson"_s, user(call));
}
Exit unblock(const Invocation& call) {
    return simply(call, u"unblockPerson"_s, user(call));
}
Exit acceptKey(const Invocation& call) {
    return simply(call, u"acceptKey"_s, user(call));
}

Exit with(const Invocation& call, const QString& method, QLatin1StringView name, const QJsonValue& value) {
    QJsonObject parameters = user(call);
    parameters.insert(name, value);
    return simply(call, method, parameters);
}
Exit alias(const Invocation& call) {
    return with(call, u"setAlias"_s, "alias"_L1, call.words.value(1));
}
Exit note(const Invocation& call) {
    return with(call, u"setNote"_s, "note"_L1, call.words.value(1));
}
Exit favourite(const Invocation& call) {
    return with(call, u"setFavourite"_s, "favourite"_L1, !call.options.isSet(u"off"_s));
}
Exit verify(const Invocation& call) {
    return with(call, u"setVerified"_s, "verified"_L1, !call.options.isSet(u"off"_s));
}
Exit group(const Invocation& call) {
    return with(call, u"setGroups"_s, "groups"_L1, QJsonArray::fromStringList(call.words.mid(1)));
}

Exit safetyNumber(const Invocation& call) {
    const Reply reply = call.client.call(u"getSafetyNumber"_s, user(call));
    if (!worked(reply)) return refused(call, reply);
    if (call.json)
        sayJson(reply.result);
    else
        say(safetyNumberLines(reply.result));
    return Done;
}

Exit markRead(const Invocation& call) {
    return simply(call, u"markRead"_s, user(call));
}

Exit send(const Invocation& call) {
    QString text = call.words.value(1);
    if (call.words.size() < 2) {
        QFile input;
        if (!input.open(stdin, QFile::ReadOnly)) return Usage;
        text = QString::fromUtf8(input.read(64 * 1024));
        while (text.endsWith(u'\n')) text.chop(1);
    }
    QJsonObject parameters = user(call);
    parameters.insert("text"_L1, text);
    return simply(call, u"sendText"_s, parameters);
}

Exit history(const Invocation& call) {
    QJsonObject parameters = user(call);
    if (call.options.isSet(u"limit"_s)) {
        bool number = false;
        parameters.insert("limit"_L1, call.options.value(u"limit"_s).toInt(&number));
        if (!number) return complain(u"--limit wants a number."_s, Usage);
    }
    const Reply reply = call.client.call(u"loadConversation"_s, parameters);
    if (!worked(reply)) return refused(call, reply);
    list(call, reply.result.value("entries"_L1).toArray(), entryLine);
    return Done;
}

Exit watch(const Invocation& call) {
    const Reply reply = call.client.call(u"watch"_s);
    if (!worked(reply)) return refused(call, reply);
    while (const auto event = call.client.nextEvent()) {
        if (call.json)
            sayJson(*event);
        else if (const QString line = eventLine(*event); !line.isEmpty())
            say(line);
    }
    return complain(u"Kith went away."_s, NotRunning);
}

/// Prints what becomes of a call until it is over. Done if somebody answered.
Exit follow(const Invocation& call, const QString& id) {
    bool answered = false;
    QString shown;
    while (const auto event = call.client.nextEvent()) {
        const QJsonObject is = event->value("call"_L1).toObject();
        if (event->value("type"_L1) != "callChanged"_L1 || is.value("id"_L1).toString() != id) continue;
        if (call.json)
            sayJson(is);
        else if (const QString line = callLine(is); std::exchange(shown, line) != line)
            say(line);
        answered = answered || is.contains("answered"_L1);
        if (is.value("phase"_L1) == "ended"_L1) return answered ? Done : Refused;
    }
    return complain(u"Kith went away."_s, NotRunning);
}

Exit place(const Invocation& call) {
    if (call.options.isSet(u"follow"_s))
        if (const Reply reply = call.client.call(u"watch"_s); !worked(reply)) return refused(call, reply);
    const Reply reply = call.client.call(u"placeCall"_s, user(call));
    if (!worked(reply)) return refused(call, reply);
    const QJsonObject placed = reply.result.value("call"_L1).toObject();
    if (call.json)
        sayJson(placed);
    else
        say(placed.value("id"_L1).toString());
    return call.options.isSet(u"follow"_s) ? follow(call, placed.value("id"_L1).toString()) : Done;
}

/// The call that was named by its id or its person, or the only one in a fitting phase.
std::optional<QString> chosenCall(const Invocation& call, const QStringList& phases, Exit& code) {
    const auto now = state(call, code);
    if (!now) return std::nullopt;
    QStringList fitting;
    for (const auto each : now->value("calls"_L1).toArray()) {
        const QJsonObject is = each.toObject();
        const QString id = is.value("id"_L1).toString();
        const bool named =
            call.words.isEmpty() || call.words.first() == id || call.words.first() == is.value("user"_L1).toString();
        if (named && phases.contains(is.value("phase"_L1).toString())) fitting += id;
    }
    if (fitting.size() == 1) return fitting.first();
    code = fitting.isEmpty() ? complain(u"There is no such call."_s, Refused)
                             : complain(u"There are several calls: say which one."_s, Usage);
    return std::nullopt;
}

Exit onCall(const Invocation& call, const QStringList& phases, const QString& method, QJsonObject parameters = {}) {
    Exit code = Done;
    const auto id = chosenCall(call, phases, code);
    if (!id) return code;
    parameters.insert("call"_L1, *id);
    return simply(call, method, parameters);
}

Exit answer(const Invocation& call) {
    return onCall(call, {u"incoming"_s}, u"answerCall"_s);
}
Exit declineCall(const Invocation& call) {
    return onCall(call, {u"incoming"_s}, u"declineCall"_s);
}
Exit hangUp(const Invocation& call) {
    return onCall(call, {u"connecting"_s, u"ringing"_s, u"active"_s}, u"hangUp"_s);
}
Exit mute(const Invocation& call) {
    return onCall(call, {u"connecting"_s, u"ringing"_s, u"active"_s}, u"setMuted"_s,
                  {{u"muted"_s, !call.options.isSet(u"off"_s)}});
}
Exit hold(const Invocation& call) {
    return onCall(call, {u"active"_s}, u"setHeld"_s, {{u"held"_s, !call.options.isSet(u"off"_s)}});
}

/// The list comes as an event, once somebody wants to see it.
std::optional<QJsonObject> soundDevices(const Invocation& call, Exit& code) {
    for (const QString& method : {u"watch"_s, u"watchDevices"_s}) {
        const Reply reply = call.client.call(method);
        if (worked(reply)) continue;
        code = refused(call, reply);
        return std::nullopt;
    }
    const auto now = state(call, code);
    if (!now) return std::nullopt;
    if (now->contains("devices"_L1)) return now->value("devices"_L1).toObject();
    while (const auto event = call.client.nextEvent())
        if (event->value("type"_L1) == "devicesChanged"_L1) return event->value("devices"_L1).toObject();
    code = complain(u"Kith went away."_s, NotRunning);
    return std::nullopt;
}

Exit devices(const Invocation& call) {
    Exit code = Done;
    const auto found = soundDevices(call, code);
    if (!found) return code;
    const QString input =
        call.options.isSet(u"input"_s) ? call.options.value(u"input"_s) : found->value("chosenInput"_L1).toString();
    const QString output =
        call.options.isSet(u"output"_s) ? call.options.value(u"output"_s) : found->value("chosenOutput"_L1).toString();
    if (call.options.isSet(u"input"_s) || call.options.isSet(u"output"_s))
        return simply(call, u"chooseDevices"_s, {{u"input"_s, input}, {u"output"_s, output}});
    if (call.json) {
        sayJson(*found);
        return Done;
    }
    say(u"Microphones:"_s);
    for (const auto each : found->value("inputs"_L1).toArray()) say(deviceLine(each.toObject(), input));
    say(u"Speakers:"_s);
    for (const auto each : found->value("outputs"_L1).toArray()) say(deviceLine(each.toObject(), output));
    return Done;
}

constexpr Command kCommands[] = {
    {"status", "", "who is signed in, and which calls go on", 0, 0, status},
    {"sign-up", "NAME --link LINK [--display-name TEXT] [--password-file FILE]", "make an account", 1, 1, signUp},
    {"sign-in", "NAME --link LINK [--password-file FILE]", "sign in on this device", 1, 1, signIn},
    {"recover", "NAME --link LINK [--key-file FILE] [--password-file FILE]",
     "set a new password by the recovery key, and sign in", 1, 1, recover},
    {"sign-out", "", "forget the account's keys on this device", 0, 0, signOut},
    {"find", "NAME", "look for a person by exact name", 1, 1, find},
    {"search", "TEXT", "people whose names begin so, also with a mistake in typing", 1, 8, search},
    {"findable", "[everybody|name|nobody]", "who finds you in the directory", 0, 1, findable},
    {"add", "NAME [TEXT]", "ask somebody to become a contact", 1, 2, add},
    {"accept", "NAME", "accept a request", 1, 1, accept},
    {"decline", "NAME", "decline a request", 1, 1, decline},
    {"withdraw", "NAME", "take back a request that was not answered", 1, 1, withdraw},
    {"remove", "NAME", "remove a contact, or withdraw a request", 1, 1, remove},
    {"block", "NAME", "let somebody find nobody here", 1, 1, block},
    {"unblock", "NAME", "be there for them again", 1, 1, unblock},
    {"alias", "NAME [TEXT]", "call somebody by another name; without TEXT by their own", 1, 2, alias},
    {"note", "NAME [TEXT]", "note something about somebody; without TEXT nothing", 1, 2, note},
    {"favourite", "NAME [--off]", "list somebody first", 1, 1, favourite},
    {"group", "NAME [GROUP …]", "put somebody into these groups and no others", 1, 17, group},
    {"safety-number", "NAME", "the number to compare with theirs", 1, 1, safetyNumber},
    {"verify", "NAME [--off]", "mark the safety number as compared", 1, 1, verify},
    {"accept-key", "NAME", "accept the other key that somebody shows", 1, 1, acceptKey},
    {"contacts", "", "contacts and requests", 0, 0, contacts},
    {"presence", "[STATE] [--mood TEXT] [--for NAME]",
     "what others see of you: online, away, not-available, do-not-disturb, open-to-calls, invisible; --for: what this "
     "contact sees instead, until: same",
     0, 1, presence},
    {"send", "NAME [TEXT]", "write; without TEXT what comes in", 1, 2, send},
    {"history", "NAME [--limit N]", "the newest messages and calls", 1, 1, history},
    {"read", "NAME", "mark everything as seen", 1, 1, markRead},
    {"call", "NAME [--follow]", "call somebody; --follow stays until the end", 1, 1, place},
    {"answer", "[CALL|NAME]", "answer the call that rings", 0, 1, answer},
    {"decline-call", "[CALL|NAME]", "decline the call that rings", 0, 1, declineCall},
    {"hang-up", "[CALL|NAME]", "end a call, or cancel it", 0, 1, hangUp},
    {"mute", "[CALL|NAME] [--off]", "let the other side hear nothing", 0, 1, mute},
    {"hold", "[CALL|NAME] [--off]", "put a call on hold", 0, 1, hold},
    {"devices", "[--input ID] [--output ID]", "microphones and speakers", 0, 0, devices},
    {"watch", "", "print what happens, until Kith ends", 0, 0, watch},
};

}  // namespace

const Command* findCommand(const QString& name) {
    for (const Command& each : kCommands)
        if (name == QLatin1String(each.name)) return &each;
    return nullptr;
}

QString commandList() {
    QString out;
    for (const Command& each : kCommands)
        out += u"  %1 %2\n      %3\n"_s.arg(QLatin1String(each.name), QLatin1String(each.arguments),
                                            QLatin1String(each.what));
    return out;
}

void addCommandOptions(QCommandLineParser& parser) {
    const auto option = [&](const QString& name, const QString& what, const QString& value = {}) {
        parser.addOption({name, what, value});
    };
    option(u"link"_s, u"The network's kith: link."_s, u"link"_s);
    option(u"display-name"_s, u"How others see you."_s, u"text"_s);
    option(u"password-file"_s, u"Its first line is the password; else the first line that comes in."_s, u"file"_s);
    option(u"key-file"_s, u"Its first line is the recovery key; else the first line that comes in."_s, u"file"_s);
    option(u"limit"_s, u"How many entries."_s, u"n"_s);
    option(u"input"_s, u"Id of a microphone; empty: the default."_s, u"id"_s);
    option(u"output"_s, u"Id of a speaker; empty: the default."_s, u"id"_s);
    option(u"mood"_s, u"A few words that others see beside your name; empty: none."_s, u"text"_s);
    option(u"for"_s, u"For this contact alone."_s, u"name"_s);
    option(u"off"_s, u"The other way round."_s);
    option(u"follow"_s, u"Stay until the call is over."_s);
}

}  // namespace kith::ctl
