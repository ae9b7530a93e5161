// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>
#include <QJsonObject>

#include "app/engine/events.h"

namespace kith::api {

/// What is the case, as the events told it: for programs that ask once.
class Facts {
public:
    void take(const engine::Event& event);
    [[nodiscard]] QJsonObject toJson() const;
    /// A call that is not over, placed to this person.
    [[nodiscard]] const engine::Call* placedTo(const UserName& user) const;

private:
    engine::Account m_account;
    engine::OwnPresence m_presence;
    std::map<UserName, engine::Contact> m_contacts;
    std::map<CallId, engine::Call> m_calls;
    std::optional<engine::SoundDevices> m_devices;  ///< nothing until somebody asked for them
};

}  // namespace kith::api
