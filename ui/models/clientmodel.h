// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QtQmlIntegration/qqmlintegration.h>
#include <QObject>

#include "ui/models/accountmodel.h"
#include "ui/models/callmodel.h"
#include "ui/models/conversationmodel.h"
#include "ui/models/networkstarter.h"
#include "ui/models/peoplemodel.h"
#include "ui/models/personmodel.h"
#include "ui/models/presencemodel.h"
#include "ui/models/requests.h"
#include "ui/models/searchmodel.h"
#include "ui/models/soundmodel.h"

namespace kith::ui {

/// The root of what QML sees of the client; hands each event to the model it concerns. GUI thread.
class ClientModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")

    Q_PROPERTY(kith::ui::AccountModel* account READ account CONSTANT)
    Q_PROPERTY(kith::ui::PeopleModel* people READ people CONSTANT)
    Q_PROPERTY(kith::ui::PresenceModel* presence READ presence CONSTANT)
    Q_PROPERTY(kith::ui::PersonModel* person READ person CONSTANT)
    Q_PROPERTY(kith::ui::SearchModel* search READ search CONSTANT)
    Q_PROPERTY(kith::ui::ConversationModel* conversation READ conversation CONSTANT)
    Q_PROPERTY(kith::ui::CallModel* call READ call CONSTANT)
    Q_PROPERTY(kith::ui::SoundModel* sound READ sound CONSTANT)
    Q_PROPERTY(kith::ui::NetworkStarter* starter READ starter CONSTANT)

public:
    /// Both outlive the model.
    ClientModel(ClientPort& port, NetworkStarter& starter, QObject* parent = nullptr);

    AccountModel* account() { return &m_account; }
    PeopleModel* people() { return &m_people; }
    PresenceModel* presence() { return &m_presence; }
    PersonModel* person() { return &m_person; }
    SearchModel* search() { return &m_search; }
    ConversationModel* conversation() { return &m_conversation; }
    CallModel* call() { return &m_call; }
    SoundModel* sound() { return &m_sound; }
    NetworkStarter* starter() { return &m_starter; }

Q_SIGNALS:
    /// A whole sentence that a person has to see now.
    void trouble(const QString& text);

private:
    void take(const engine::Event& event);

    NetworkStarter& m_starter;
    Requests m_requests;
    AccountModel m_account;
    PeopleModel m_people;
    PresenceModel m_presence;
    PersonModel m_person;
    SearchModel m_search;
    ConversationModel m_conversation;
    CallModel m_call;
    SoundModel m_sound;
};

}  // namespace kith::ui
