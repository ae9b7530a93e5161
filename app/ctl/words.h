// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QJsonObject>
#include <QString>

/// What kithctl prints for people.
namespace kith::ctl {

/// What happened, why, and what to do. `failure`: reason and detail, as the local API gives them.
QString failureSentence(const QJsonObject& failure);
/// Why a call is over.
QString endSentence(const QString& reason, const QString& who);

/// "do not disturb" for doNotDisturb.
QString presenceWords(const QString& presence);
/// The other way round, as people type it, with hyphens or as one word; empty: there is none.
QString presenceFrom(const QString& typed);

QString accountLine(const QJsonObject& account);
QString ownPresenceLine(const QJsonObject& presence);
/// What this contact sees of us; empty: the same as everybody.
QString viewLine(const QJsonObject& contact);
QString contactLine(const QJsonObject& contact);
/// What getSafetyNumber answered.
QString safetyNumberLines(const QJsonObject& answer);
QString foundLine(const QJsonObject& person);
QString findableLine(const QString& findable);
/// A message or a call of the history.
QString entryLine(const QJsonObject& entry);
QString callLine(const QJsonObject& call);
QString deviceLine(const QJsonObject& device, const QString& chosen);
/// Empty for what is not worth a line.
QString eventLine(const QJsonObject& event);

/// What others wrote, harmless for a terminal: control characters are shown, not obeyed.
QString printable(const QString& text);

}  // namespace kith::ctl
