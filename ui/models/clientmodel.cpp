// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/models/clientmodel.h"

#include "ui/models/words.h"

namespace kith::ui {

namespace {

template <class... F>
struct Each : F... {
    using F::operator()...;
};
template <class... F>
Each(F...) -> Each<F...>;

}  // namespace

ClientModel::ClientModel(ClientPort& port, NetworkStarter& starter, QObject* parent)
    : QObject(parent),
      m_starter(starter),
      m_requests(port),
      m_account(m_requests, this),
      m_people(m_requests, this),
      m_presence(m_requests, this),
      m_person(m_requests, m_people, this),
      m_search(
          m_requests, [this](const UserName& user) { return m_people.shows(user); }, this),
      m_conversation(m_requests, m_people, this),
      m_call(m_requests, m_people, this),
      m_sound(m_requests, this) {
    connect(&port, &ClientPort::happened, this, &ClientModel::take);
    connect(&m_people, &PeopleModel::contactChanged, this, [this](const UserName& user) {
        const engine::Contact* contact = m_people.find(user);
        m_search.update(user, contact ? contact->relation : engine::Relation::Stranger);
    });
    connect(&m_people, &PeopleModel::filterChanged, &m_search, &SearchModel::listChanged);
    connect(&m_people, &PeopleModel::failed, this, &ClientModel::trouble);
    connect(&m_presence, &PresenceModel::failed, this, &ClientModel::trouble);
    connect(&m_account, &AccountModel::failed, this, &ClientModel::trouble);
    connect(&m_call, &CallModel::failed, this, &ClientModel::trouble);
    connect(&m_starter, &NetworkStarter::trouble, this, &ClientModel::trouble);
    m_requests.submit(engine::Refresh{});
}

void ClientModel::take(const engine::Event& event) {
    std::visit(Each{
                   [this](const engine::Done& e) { m_requests.take(e); },
                   [this](const engine::AccountChanged& e) {
                       const bool gone = e.account.user.isEmpty();
                       m_account.take(e);
                       m_search.setOnline(e.account.connection == engine::Connection::Online);
                       if (!gone) return;
                       m_conversation.setUser({});
                       m_person.setUser({});
                   },
                   [this](const engine::RecoveryKeyMade& e) { m_account.take(e); },
                   [this](const engine::ContactsReset& e) { m_people.take(e); },
                   [this](const engine::ContactChanged& e) { m_people.take(e); },
                   [this](const engine::ContactRemoved& e) { m_people.take(e); },
                   [this](const engine::OwnPresenceChanged& e) { m_presence.take(e); },
                   [this](const engine::PeopleFound& e) { m_search.take(e); },
                   [this](const engine::MessageAdded& e) { m_conversation.take(e); },
                   [this](const engine::MessageChanged& e) { m_conversation.take(e); },
                   [this](const engine::CallRecorded& e) { m_conversation.take(e); },
                   [this](const engine::TrustChanged& e) { m_conversation.take(e); },
                   [this](const engine::SafetyNumberMade& e) { m_person.take(e); },
                   [this](const engine::ConversationLoaded& e) { m_conversation.take(e); },
                   [this](const engine::CallChanged& e) { m_call.take(e); },
                   [this](const engine::DevicesChanged& e) { m_sound.take(e); },
                   [this](const engine::Trouble& e) { Q_EMIT trouble(sentence(e.failure, m_account.network())); },
               },
               event);
}

}  // namespace kith::ui
