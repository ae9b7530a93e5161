// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/models/words.h"

#include <cstdlib>
#include <QCoreApplication>

namespace kith::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Words)
};

QString clockSentence(const std::string& detail) {
    const long long seconds = std::atoll(detail.c_str());
    const long long off = std::llabs(seconds);
    QString amount;
    if (off >= 2 * 86400)
        amount = Words::tr("%n day(s)", nullptr, static_cast<int>(off / 86400));
    else if (off >= 2 * 3600)
        amount = Words::tr("%n hour(s)", nullptr, static_cast<int>(off / 3600));
    else
        amount = Words::tr("%n minute(s)", nullptr, static_cast<int>(off / 60));
    return (seconds < 0 ? Words::tr("Your clock is %1 behind. Correct it and try again.")
                        : Words::tr("Your clock is %1 ahead. Correct it and try again."))
        .arg(amount);
}

QString rungs(const std::string& detail) {
    QStringList words;
    const QStringList given = QString::fromStdString(detail).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const QString& rung : given) {
        if (rung == QLatin1String("udp"))
            words += Words::tr("UDP");
        else if (rung == QLatin1String("tcp"))
            words += Words::tr("TCP");
        else
            words += Words::tr("port %1").arg(rung);
    }
    return words.join(Words::tr(", "));
}

QString cantReach(const engine::Failure& failure, const QString& network) {
    const QString tried = rungs(failure.detail);
    if (tried.isEmpty()) return Words::tr("Can't reach %1. Check your connection.").arg(network);
    return Words::tr("Can't reach %1: %2 failed. Check your connection.").arg(network, tried);
}

}  // namespace

QString sentence(const engine::Failure& failure, const QString& network) {
    using engine::Reason;
    const QString where = network.isEmpty() ? Words::tr("the network") : network;
    switch (failure.reason) {
        case Reason::None: return {};
        case Reason::WrongPassword: return Words::tr("Name or password is wrong.");
        case Reason::WrongRecoveryKey:
            return Words::tr("Name or recovery key is wrong. Compare it with what you wrote down.");
        case Reason::NameTaken: return Words::tr("This name is taken. Choose another one.");
        case Reason::NameInvalid:
            return Words::tr(
                "A name has 3 to 32 letters, digits, dots, dashes or underscores, and begins with a letter.");
        case Reason::PasswordInvalid: return Words::tr("A password has at least 8 characters.");
        case Reason::InvitationInvalid:
            return Words::tr("This invitation is not valid, or was used. Ask for a new link.");
        case Reason::RegistrationClosed:
            return Words::tr("%1 doesn't take new people this way. Ask whoever runs it for an account.").arg(where);
        case Reason::AccountDisabled: return Words::tr("This account was disabled by whoever runs %1.").arg(where);
        case Reason::TooManyTries: return Words::tr("Too many tries. Wait a moment and try again.");
        case Reason::ClockOff: return clockSentence(failure.detail);
        case Reason::CredentialExpired:
            return Words::tr("You were away for long. Enter your password to sign in again.");
        case Reason::LinkInvalid:
            return Words::tr("This link can't be read. Copy the whole link, beginning with kith:");
        case Reason::WrongRootKey: return Words::tr("This link's key does not match the server. Ask for a new link.");
        case Reason::CantReach: return cantReach(failure, where);
        case Reason::ConnectionLost: return Words::tr("The connection to %1 was lost. Trying again.").arg(where);
        case Reason::DiskFull:
            return Words::tr("The disk is full: your message is kept here and not sent yet. Make room and try again.");
        case Reason::StorageBroken:
            return Words::tr("Kith can't read what it stored on this computer. Look at the folder and its backup.");
        case Reason::NoPermission: return Words::tr("Kith may not write to its folder. Check its permissions.");
        case Reason::AlreadyRunning: return Words::tr("Kith is already running for this account.");
        case Reason::NotFound: return Words::tr("There is nobody by this name.");
        case Reason::NotAContact: return Words::tr("This person is not among your contacts. Send a request first.");
        case Reason::AlreadyAContact: return Words::tr("This person is among your contacts already.");
        case Reason::KeyChanged:
            return Words::tr(
                       "%1 has another key than before: nothing is sent there. Ask them whether they began anew; "
                       "if so, open their details and accept the new key.")
                .arg(QString::fromStdString(failure.detail));
        case Reason::Blocked:
            return Words::tr("You blocked %1. Unblock them first.").arg(QString::fromStdString(failure.detail));
        case Reason::TooLarge: return Words::tr("This text is too long to send at once.");
        case Reason::SearchInvalid: return Words::tr("Type at least two letters or digits.");
        case Reason::NotSignedIn: return Words::tr("Sign in first.");
        case Reason::NoMicrophone: return Words::tr("No microphone was found: the others can't hear you. Connect one.");
        case Reason::NoSpeaker: return Words::tr("No speaker was found: you can't hear the others. Connect one.");
        case Reason::DeviceFailed: return Words::tr("A sound device stopped working. Choose another one.");
        case Reason::NotPossibleNow: return Words::tr("This isn't possible right now.");
        case Reason::Internal: return Words::tr("Something went wrong inside Kith. Try again.");
    }
    return {};
}

QString presenceWords(engine::Presence presence) {
    using engine::Presence;
    switch (presence) {
        case Presence::Offline: return Words::tr("Offline");
        case Presence::Online: return Words::tr("Online");
        case Presence::Away: return Words::tr("Away");
        case Presence::NotAvailable: return Words::tr("Not available");
        case Presence::DoNotDisturb: return Words::tr("Do not disturb");
        case Presence::OpenToCalls: return Words::tr("Open to calls");
        case Presence::Invisible: return Words::tr("Invisible");
    }
    return {};
}

QString sentence(engine::EndReason reason, const QString& who) {
    using engine::EndReason;
    switch (reason) {
        case EndReason::HungUp: return Words::tr("Call ended");
        case EndReason::Cancelled: return Words::tr("Call cancelled");
        case EndReason::Declined: return Words::tr("%1 declined the call").arg(who);
        case EndReason::Busy: return Words::tr("%1 is in another call").arg(who);
        case EndReason::NoAnswer: return Words::tr("%1 did not answer").arg(who);
        case EndReason::DoNotDisturb: return Words::tr("%1 does not want to be disturbed").arg(who);
        case EndReason::NotAContact: return Words::tr("%1 takes calls from contacts only").arg(who);
        case EndReason::Unreachable: return Words::tr("%1 can't be reached now").arg(who);
        case EndReason::AnsweredElsewhere: return Words::tr("Answered on another device");
        case EndReason::NoCommonCodec: return Words::tr("The two programs have no sound format in common");
        case EndReason::DeviceFailed: return Words::tr("A sound device failed");
        case EndReason::ConnectionLost: return Words::tr("The connection was lost");
        case EndReason::IdentityMismatch: return Words::tr("The other side could not prove to be %1").arg(who);
    }
    return {};
}

QString line(engine::TrustChange change, const QString& who) {
    using engine::TrustChange;
    switch (change) {
        case TrustChange::NewDevice: return Words::tr("%1 uses a new device").arg(who);
        case TrustChange::KeyChanged:
            return Words::tr("%1 has another key than before: nothing is sent there").arg(who);
        case TrustChange::KeyAccepted: return Words::tr("You accepted the new key of %1").arg(who);
        case TrustChange::Verified: return Words::tr("You verified %1").arg(who);
        case TrustChange::Unverified: return Words::tr("%1 is verified no longer").arg(who);
    }
    return {};
}

QString shownName(const engine::Contact& contact) {
    const std::string& name = !contact.alias.empty()         ? contact.alias
                              : !contact.displayName.empty() ? contact.displayName
                                                             : contact.user.text();
    return QString::fromStdString(name);
}

QString duration(std::chrono::seconds length) {
    const auto total = length.count();
    const QLatin1Char zero('0');
    const QString seconds = QString::number(total % 60).rightJustified(2, zero);
    if (total < 3600) return QStringLiteral("%1:%2").arg(total / 60).arg(seconds);
    return QStringLiteral("%1:%2:%3")
        .arg(total / 3600)
        .arg(QString::number(total / 60 % 60).rightJustified(2, zero), seconds);
}

QString line(const engine::CallRecord& record) {
    using engine::EndReason;
    if (record.talked.count() > 0) return Words::tr("Call, %1").arg(duration(record.talked));
    if (!record.ours) {
        if (record.end == EndReason::AnsweredElsewhere) return Words::tr("Call answered on another device");
        if (record.end == EndReason::Declined || record.end == EndReason::Busy) return Words::tr("Call declined");
        return Words::tr("Missed call");
    }
    switch (record.end) {
        case EndReason::Cancelled: return Words::tr("Call cancelled");
        case EndReason::Declined: return Words::tr("Call declined");
        case EndReason::Busy: return Words::tr("Busy");
        case EndReason::NoAnswer: return Words::tr("No answer");
        case EndReason::DoNotDisturb: return Words::tr("Not to be disturbed");
        case EndReason::Unreachable: return Words::tr("Could not be reached");
        default: return Words::tr("Call failed");
    }
}

}  // namespace kith::ui
