// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/ctl/words.h"

#include <QDateTime>
#include <QHash>
#include <QJsonArray>

namespace kith::ctl {

using namespace Qt::StringLiterals;

namespace {

QString word(const QJsonObject& object, QLatin1StringView name) {
    return printable(object.value(name).toString());
}

QString clockSentence(const QString& detail) {
    const qint64 seconds = detail.toLongLong();
    const qint64 off = std::abs(seconds);
    const auto amount = [&](qint64 unit, const QString& name) {
        const qint64 count = off / unit;
        return u"%1 %2%3"_s.arg(count).arg(name, count == 1 ? u""_s : u"s"_s);
    };
    const QString much = off >= 2 * 86400  ? amount(86400, u"day"_s)
                         : off >= 2 * 3600 ? amount(3600, u"hour"_s)
                                           : amount(60, u"minute"_s);
    return u"Your clock is %1 %2. Correct it and try again."_s.arg(much, seconds < 0 ? u"behind"_s : u"ahead"_s);
}

QString cantReach(const QString& rungs) {
    if (rungs.isEmpty()) return u"Can't reach the network. Check your connection."_s;
    QStringList tried = rungs.split(u' ', Qt::SkipEmptyParts);
    for (QString& rung : tried) rung = rung == u"udp"_s || rung == u"tcp"_s ? rung.toUpper() : u"port "_s + rung;
    const QString last = tried.takeLast();
    const QString all = tried.isEmpty() ? last + u" failed"_s
                                        : u"%1 and %2 %3 failed"_s.arg(tried.join(u", "_s), last,
                                                                       tried.size() == 1 ? u"both"_s : u"all"_s);
    return u"Can't reach the network: %1. Check your connection."_s.arg(all);
}

const QHash<QString, QString>& sentences() {
    static const QHash<QString, QString> table{
        {u"wrongPassword"_s, u"Name or password is wrong."_s},
        {u"wrongRecoveryKey"_s, u"Name or recovery key is wrong. Compare it with what you wrote down."_s},
        {u"nameTaken"_s, u"This name is taken. Choose another one."_s},
        {u"nameInvalid"_s,
         u"A name has 3 to 32 letters, digits, dots, dashes or underscores, and begins with a letter."_s},
        {u"passwordInvalid"_s, u"A password has 8 to 256 bytes."_s},
        {u"invitationInvalid"_s, u"This invitation is not valid, or was used. Ask for a new link."_s},
        {u"registrationClosed"_s, u"New accounts are made by whoever runs the network. Ask for one."_s},
        {u"accountDisabled"_s, u"This account was disabled by whoever runs the network."_s},
        {u"tooManyTries"_s, u"Too many tries. Wait a moment and try again."_s},
        {u"credentialExpired"_s, u"You were away for long. Sign in again with your password."_s},
        {u"linkInvalid"_s, u"This link can't be read. Copy the whole link, beginning with kith:"_s},
        {u"wrongRootKey"_s, u"This link's key does not match the server. Ask for a new link."_s},
        {u"connectionLost"_s, u"The connection to the network was lost. It is tried again."_s},
        {u"diskFull"_s, u"The disk is full: your message is kept here and not sent yet. Make room."_s},
        {u"storageBroken"_s, u"What was stored on this computer can't be read. Look at the folder and its backup."_s},
        {u"noPermission"_s, u"Kith may not write to its folder. Check its permissions."_s},
        {u"alreadyRunning"_s, u"Kith is already running for this account."_s},
        {u"notFound"_s, u"There is nothing by this name."_s},
        {u"notAContact"_s, u"This person is not among your contacts. Send a request first: kithctl add NAME"_s},
        {u"alreadyAContact"_s, u"This person is among your contacts already, or was asked."_s},
        {u"blocked"_s, u"You blocked this person. To undo it: kithctl unblock NAME"_s},
        {u"tooLarge"_s, u"This is too long."_s},
        {u"searchInvalid"_s, u"Type at least two letters or digits, and at most 64 characters."_s},
        {u"notSignedIn"_s, u"Sign in first: kithctl sign-in NAME --link LINK"_s},
        {u"noMicrophone"_s, u"No microphone was found: the others can't hear you. Connect one."_s},
        {u"noSpeaker"_s, u"No speaker was found: you can't hear the others. Connect one."_s},
        {u"deviceFailed"_s, u"A sound device stopped working. Choose another one: kithctl devices"_s},
        {u"notPossibleNow"_s, u"This isn't possible right now."_s},
        {u"internal"_s, u"Something went wrong inside Kith. Try again."_s},
    };
    return table;
}

QString at(const QJsonValue& millis) {
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(millis.toDouble())).toString(u"yyyy-MM-dd HH:mm:ss"_s);
}

QString seconds(const QJsonValue& millis) {
    const auto total = static_cast<qint64>(millis.toDouble() / 1000);
    return u"%1:%2"_s.arg(total / 60).arg(total % 60, 2, 10, QLatin1Char('0'));
}

QString messageLine(const QJsonObject& message) {
    const bool ours = message.value("ours"_L1).toBool();
    return u"%1  %2: %3  (%4)"_s.arg(at(message.value("written"_L1)), ours ? u"me"_s : word(message, "conversation"_L1),
                                     word(message, "text"_L1), word(message, "status"_L1));
}

QString recordLine(const QJsonObject& record) {
    const QString who = word(record, "conversation"_L1);
    const QString kind = record.value("missed"_L1).toBool() ? u"missed call"_s
                         : record.value("ours"_L1).toBool() ? u"call to"_s
                                                            : u"call from"_s;
    QString line =
        u"%1  %2 %3: %4"_s.arg(at(record.value("started"_L1)), kind, who, endSentence(word(record, "end"_L1), who));
    if (record.value("talked"_L1).toDouble() > 0) line += u" after %1"_s.arg(seconds(record.value("talked"_L1)));
    return line;
}

QString trustSentence(const QString& change, const QString& who) {
    static const QHash<QString, QString> table{
        {u"newDevice"_s, u"%1 uses a new device"_s},
        {u"keyChanged"_s, u"%1 has another key than before: nothing is sent there"_s},
        {u"keyAccepted"_s, u"the other key of %1 was accepted"_s},
        {u"verified"_s, u"%1 was verified"_s},
        {u"unverified"_s, u"%1 is verified no longer"_s},
    };
    return table.value(change, change).replace(u"%1"_s, who);
}

QString trustLine(const QJsonObject& event) {
    return u"%1  %2"_s.arg(at(event.value("at"_L1)),
                           trustSentence(word(event, "change"_L1), word(event, "conversation"_L1)));
}

/// As we call them; with their own name behind it.
QString shownName(const QJsonObject& contact) {
    const QString alias = word(contact, "alias"_L1), name = word(contact, "displayName"_L1);
    return alias.isEmpty() ? name : u"%1 (%2)"_s.arg(alias, name);
}

QString groupsOf(const QJsonObject& contact) {
    QStringList names;
    for (const auto each : contact.value("groups"_L1).toArray()) names += printable(each.toString());
    return names.join(u", "_s);
}

}  // namespace

QString printable(const QString& text) {
    QString out;
    for (const QChar c : text) {
        const bool control = c.category() == QChar::Other_Control || (c.unicode() >= 0x202a && c.unicode() <= 0x202e) ||
                             (c.unicode() >= 0x2066 && c.unicode() <= 0x2069);
        if (c == u'\n')
            out += u" ⏎ "_s;
        else
            out += control ? QChar(QChar::ReplacementCharacter) : c;
    }
    return out;
}

QString failureSentence(const QJsonObject& failure) {
    const QString reason = failure.value("reason"_L1).toString();
    const QString detail = failure.value("detail"_L1).toString();
    if (reason == u"clockOff"_s) return clockSentence(detail);
    if (reason == u"cantReach"_s) return cantReach(detail);
    if (reason == u"keyChanged"_s)
        return u"%1 has another key than before: nothing is sent there. Ask them whether they began anew, and compare: "
               u"kithctl safety-number %1; if it fits: kithctl accept-key %1"_s.arg(printable(detail));
    return sentences().value(reason, u"It was refused: %1"_s.arg(printable(reason)));
}

QString endSentence(const QString& reason, const QString& who) {
    static const QHash<QString, QString> table{
        {u"hungUp"_s, u"hung up"_s},
        {u"cancelled"_s, u"cancelled"_s},
        {u"declined"_s, u"declined"_s},
        {u"busy"_s, u"busy"_s},
        {u"noAnswer"_s, u"no answer"_s},
        {u"doNotDisturb"_s, u"%1 does not want to be disturbed"_s},
        {u"notAContact"_s, u"%1 takes calls from contacts only"_s},
        {u"unreachable"_s, u"%1 can't be reached now"_s},
        {u"answeredElsewhere"_s, u"answered on another device"_s},
        {u"noCommonCodec"_s, u"the two programs have no sound format in common"_s},
        {u"deviceFailed"_s, u"a sound device failed"_s},
        {u"connectionLost"_s, u"the connection was lost"_s},
        {u"identityMismatch"_s, u"the other side could not prove to be %1"_s},
    };
    return table.value(reason, reason).replace(u"%1"_s, who);
}

namespace {

struct PresenceWord {
    const char* name;
    const char* words;
};
constexpr PresenceWord kPresences[] = {{"offline", "offline"},
                                       {"online", "online"},
                                       {"away", "away"},
                                       {"notAvailable", "not available"},
                                       {"doNotDisturb", "do not disturb"},
                                       {"openToCalls", "open to calls"},
                                       {"invisible", "invisible"}};

QString withMood(const QString& presence, const QString& mood) {
    return mood.isEmpty() ? presence : u"%1  \"%2\""_s.arg(presence, mood);
}

}  // namespace

QString presenceWords(const QString& presence) {
    for (const PresenceWord& each : kPresences)
        if (presence == QLatin1String(each.name)) return QLatin1String(each.words);
    return printable(presence);
}

QString presenceFrom(const QString& typed) {
    const auto plain = [](QString text) { return text.remove(u'-').remove(u' ').toLower(); };
    for (const PresenceWord& each : kPresences)
        if (plain(typed) == plain(QLatin1String(each.words))) return QLatin1String(each.name);
    return {};
}

QString ownPresenceLine(const QJsonObject& presence) {
    const QString chosen = presence.value("chosen"_L1).toString(), shown = presence.value("shown"_L1).toString();
    QString line = withMood(presenceWords(chosen), word(presence, "mood"_L1));
    if (chosen != shown) line += u"  (seen as %1: nobody touched this computer)"_s.arg(presenceWords(shown));
    return line;
}

QString viewLine(const QJsonObject& contact) {
    if (!contact.contains("view"_L1)) return {};
    const QJsonObject view = contact.value("view"_L1).toObject();
    const QString presence = view.value("presence"_L1).toString();
    QString line = presence == "invisible"_L1 ? u"nothing"_s
                   : presence.isEmpty()       ? u"as everybody"_s
                                              : presenceWords(presence);
    if (view.contains("mood"_L1)) line += u"  \"%1\""_s.arg(word(view, "mood"_L1));
    return u"%1 sees %2"_s.arg(word(contact, "user"_L1), line);
}

QString accountLine(const QJsonObject& account) {
    const QString connection = account.value("connection"_L1).toString();
    const QString user = word(account, "user"_L1), network = word(account, "network"_L1);
    const QJsonObject failure = account.value("failure"_L1).toObject();
    const QString why = failure.value("reason"_L1).toString() == u"none"_s ? QString() : failureSentence(failure);
    QString line;
    if (connection == u"online"_s)
        line = u"Signed in as %1 on %2, over %3."_s.arg(user, network, word(account, "rung"_L1));
    else if (connection == u"offline"_s)
        line = u"Signed in as %1 on %2, off line."_s.arg(user, network);
    else if (connection == u"signedOut"_s)
        line = u"Signed out."_s;
    else
        line = u"Connecting as %1 to %2."_s.arg(user, network);
    return why.isEmpty() ? line : line + u' ' + why;
}

QString contactLine(const QJsonObject& contact) {
    const QString relation = contact.value("relation"_L1).toString();
    const QString state = relation == u"blocked"_s           ? u"blocked"_s
                          : relation == u"requestSent"_s     ? u"asked"_s
                          : relation == u"requestReceived"_s ? u"asks"_s
                                                             : presenceWords(contact.value("presence"_L1).toString());
    QString line =
        u"%1  %2  %3"_s.arg(word(contact, "user"_L1).leftJustified(20), state.leftJustified(14), shownName(contact));
    if (const QString mood = word(contact, "mood"_L1); !mood.isEmpty()) line += u"  \"%1\""_s.arg(mood);
    if (contact.value("favourite"_L1).toBool()) line += u"  ★"_s;
    if (contact.value("verified"_L1).toBool()) line += u"  verified"_s;
    if (contact.value("keyChanged"_L1).toBool()) line += u"  key changed"_s;
    const QString groups = groupsOf(contact);
    if (!groups.isEmpty()) line += u"  [%1]"_s.arg(groups);
    if (const QString text = word(contact, "requestText"_L1); !text.isEmpty()) line += u"  \"%1\""_s.arg(text);
    if (const int unread = contact.value("unread"_L1).toInt(); unread > 0) line += u"  %1 unread"_s.arg(unread);
    return line;
}

QString safetyNumberLines(const QJsonObject& answer) {
    const QString who = word(answer, "user"_L1);
    return word(answer, "number"_L1) + u'\n' +
           (answer.value("verified"_L1).toBool()
                ? u"Verified."_s
                : u"If %1 sees the same number, nobody stands between you: kithctl verify %1"_s.arg(who));
}

QString foundLine(const QJsonObject& person) {
    const QString relation = person.value("relation"_L1).toString();
    QString line = u"%1  %2"_s.arg(word(person, "user"_L1).leftJustified(20), word(person, "displayName"_L1));
    if (relation == u"contact"_s) line += u"  (contact)"_s;
    if (relation == u"requestSent"_s) line += u"  (asked)"_s;
    if (relation == u"requestReceived"_s) line += u"  (asks)"_s;
    if (person.value("match"_L1) == "mistake"_L1) line += u"  (similar)"_s;
    return line;
}

QString findableLine(const QString& findable) {
    if (findable == u"everybody"_s) return u"Everybody finds you, by your names."_s;
    if (findable == u"nobody"_s) return u"Nobody finds you but your contacts."_s;
    return u"Whoever knows your user name finds you."_s;
}

QString entryLine(const QJsonObject& entry) {
    if (entry.value("type"_L1) == "trust"_L1) return trustLine(entry);
    return entry.value("type"_L1) == "call"_L1 ? recordLine(entry) : messageLine(entry);
}

QString callLine(const QJsonObject& call) {
    const QString who = word(call, "user"_L1), phase = word(call, "phase"_L1);
    QString line = u"%1  %2 %3: "_s.arg(word(call, "id"_L1),
                                        call.value("incoming"_L1).toBool() ? u"call from"_s : u"call to"_s, who);
    line += phase == u"ended"_s ? endSentence(word(call, "end"_L1), who) : phase;
    if (call.value("muted"_L1).toBool()) line += u", muted"_s;
    if (call.value("heldByUs"_L1).toBool()) line += u", held"_s;
    if (call.value("heldByThem"_L1).toBool()) line += u", held by %1"_s.arg(who);
    return line;
}

QString deviceLine(const QJsonObject& device, const QString& chosen) {
    const QString id = device.value("id"_L1).toString();
    const bool used = chosen.isEmpty() ? device.value("isDefault"_L1).toBool() : id == chosen;
    return u"%1 %2  %3"_s.arg(used ? u"*"_s : u" "_s, printable(id), word(device, "description"_L1));
}

QString eventLine(const QJsonObject& event) {
    const QString type = event.value("type"_L1).toString();
    const auto inner = [&](QLatin1StringView name) { return event.value(name).toObject(); };
    if (type == u"accountChanged"_s) return accountLine(inner("account"_L1));
    if (type == u"contactChanged"_s) return contactLine(inner("contact"_L1));
    if (type == u"ownPresenceChanged"_s) return u"You are %1"_s.arg(ownPresenceLine(inner("presence"_L1)));
    if (type == u"contactRemoved"_s) return u"%1 is no contact any more"_s.arg(word(event, "user"_L1));
    if (type == u"messageAdded"_s) return entryLine(inner("message"_L1));
    if (type == u"messageChanged"_s)
        return u"message to or from %1: %2"_s.arg(word(event, "conversation"_L1), word(event, "status"_L1));
    if (type == u"trustChanged"_s) return trustLine(inner("event"_L1));
    if (type == u"callChanged"_s) return callLine(inner("call"_L1));
    if (type == u"trouble"_s) return failureSentence(inner("failure"_L1));
    return {};
}

}  // namespace kith::ctl
