// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "ui/models/clientport.h"
#include "ui/models/networkstarter.h"

namespace kith::ui {

/// A made-up client: tells what a scene says and keeps what it is asked. For the gallery and the tests of the window.
class ScriptedPort : public ClientPort {
    Q_OBJECT

public:
    struct Asked {
        engine::RequestNumber number;
        engine::Request request;
    };

    using ClientPort::ClientPort;

    void submit(engine::RequestNumber number, const engine::Request& request) override;
    void tell(const engine::Event& event) { Q_EMIT happened(event); }
    /// What the next LoadConversation of this person is answered with.
    void setConversation(std::vector<engine::ConversationEntry> entries);
    [[nodiscard]] const std::vector<Asked>& asked() const { return m_asked; }

private:
    void answer(engine::RequestNumber number, const engine::GetSafetyNumber& wanted);

    std::vector<Asked> m_asked;
    std::vector<engine::ConversationEntry> m_conversation;
};

/// Starts nothing; answers at once.
class ScriptedStarter : public NetworkStarter {
    Q_OBJECT

public:
    using NetworkStarter::NetworkStarter;
    [[nodiscard]] bool isPresent() const override { return true; }
    void invite() override;
    void start(const QString& networkName) override;
};

}  // namespace kith::ui
