// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QString>

#include "app/engine/state.h"

/// The sentences people read, translated: what happened, why, what to do.
namespace kith::ui {

/// Empty for Reason::None. `network`: the name people know it by.
QString sentence(const engine::Failure& failure, const QString& network);
/// "Do not disturb".
QString presenceWords(engine::Presence presence);
/// How a call ended, seen from this side.
QString sentence(engine::EndReason reason, const QString& who);
/// One line for a call in the conversation, e.g. "Missed call".
QString line(const engine::CallRecord& record);
QString line(engine::TrustChange change, const QString& who);
/// As we call them: alias, else display name, else user name.
QString shownName(const engine::Contact& contact);
/// "4:07" or "1:02:09".
QString duration(std::chrono::seconds length);

}  // namespace kith::ui
