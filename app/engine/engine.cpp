// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/engine.h"

#include "protocol/base/takeall.h"

namespace kith::engine {

namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace

Engine::Engine(const Environment& environment) : m_shared{environment} {}

void Engine::execute(Now now, RequestNumber number, const Request& request) {
    const auto signing = [&](const auto& it) { m_signingIn.execute(now, number, it); };
    const auto list = [&](const auto& it) { m_contactList.execute(now, number, it); };
    const auto talk = [&](const auto& it) { m_conversations.execute(now, number, it); };
    const auto show = [&](const auto& it) { m_ownPresence.execute(now, number, it); };
    const auto card = [&](const auto& it) { m_personCard.execute(now, number, it); };
    std::visit(Overloaded{
                   [&](const SignUp& it) { signing(it); },
                   [&](const SignIn& it) { signing(it); },
                   [&](const RecoverAccount& it) { signing(it); },
                   [&](const SignOut& it) { signing(it); },
                   [&](const FindPeople& it) { list(it); },
                   [&](const SearchPeople& it) { m_searches.execute(now, number, it); },
                   [&](const SetFindable& it) { signing(it); },
                   [&](const AddContact& it) { list(it); },
                   [&](const AcceptRequest& it) { list(it); },
                   [&](const DeclineRequest& it) { list(it); },
                   [&](const RemoveContact& it) { list(it); },
                   [&](const SetPresence& it) { show(it); },
                   [&](const SetPresenceFor& it) { show(it); },
                   [&](const SetIdle& it) { show(it); },
                   [&](const WithdrawRequest& it) { card(it); },
                   [&](const BlockPerson& it) { card(it); },
                   [&](const UnblockPerson& it) { card(it); },
                   [&](const SetAlias& it) { card(it); },
                   [&](const SetNote& it) { card(it); },
                   [&](const SetFavourite& it) { card(it); },
                   [&](const SetGroups& it) { card(it); },
                   [&](const GetSafetyNumber& it) { card(it); },
                   [&](const SetVerified& it) { card(it); },
                   [&](const AcceptKey& it) { card(it); },
                   [&](const SendText& it) { talk(it); },
                   [&](const MarkRead& it) { talk(it); },
                   [&](const LoadConversation& it) { talk(it); },
                   [&](const Refresh&) {
                       refresh();
                       m_shared.done(number);
                   },
                   [&](const auto& it) { m_callRoom.execute(now, number, it); },
               },
               request);
}

void Engine::refresh() {
    m_signingIn.tellAgain();
    m_contactList.tellAll();
    m_ownPresence.tell();
    m_callRoom.tellAll();
}

void Engine::answer(Now now, client::StoreAnswer answer) {
    if (auto* opened = std::get_if<client::StoreOpened>(&answer)) return m_signingIn.opened(now, std::move(*opened));
    if (const auto* page = std::get_if<client::HistoryRead>(&answer)) return m_conversations.read(*page);
    if (auto* items = std::get_if<client::ItemsRead>(&answer)) {
        if (m_shared.client) m_shared.client->receive(now, std::move(*items));
        return;
    }
    const auto& written = std::get<client::Written>(answer);
    // What fails of chat and of the account is told by those who know what it was.
    if (!written.stored.error)
        m_shared.storeWorks();
    else if (written.room != client::Room::Chat && written.room != client::Room::Client)
        m_shared.storeFails(written.stored.error->fault);
    if (m_shared.client) m_shared.client->receive(now, written);
}

void Engine::resolved(Now now, const std::string& host, const std::vector<IpAddress>& addresses) {
    if (m_shared.client) m_shared.client->resolved(now, host, addresses);
}

void Engine::receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) {
    if (auto* transport = m_shared.carriers.transport())
        transport->receiveDatagram(m_shared.corrected(now), remote, datagram);
}

void Engine::receive(Now now, const link::TcpConnected& event) {
    m_shared.carriers.receive(m_shared.corrected(now), event);
}

void Engine::receive(Now now, const link::TcpClosed& event) {
    m_shared.carriers.receive(m_shared.corrected(now), event);
}

void Engine::receiveTcp(Now now, link::TcpNumber connection, ByteView bytes) {
    m_shared.carriers.receiveTcp(m_shared.corrected(now), connection, bytes);
}

void Engine::tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes) {
    m_shared.carriers.tcpBacklog(m_shared.corrected(now), connection, bytes);
}

void Engine::wake(Now now) {
    if (auto* transport = m_shared.carriers.transport()) transport->wake(m_shared.corrected(now));
    if (m_shared.client) m_shared.client->wake(now);
    m_contactList.wake(now);
    m_callRoom.wake(now);
    m_callRoom.pump(now);
}

Instant Engine::nextWake() const {
    auto next = std::min({m_callRoom.nextWake(), m_contactList.nextWake(), m_signingIn.nextWake()});
    if (const auto* transport = m_shared.carriers.transport()) next = std::min(next, transport->nextWake());
    if (m_shared.client) next = std::min(next, m_shared.client->nextWake());
    return next;
}

void Engine::take(Now now, link::CarrierOutput& out) {
    do {
        while (settleTransport(now, out) | settleClient(now)) {
        }
    } while (m_signingIn.finishLeaving(now));
    m_signingIn.tellChanges();
}

void Engine::take(std::vector<Event>& events, Orders& orders) {
    takeAll(m_shared.events, events);
    takeAll(m_shared.orders.store, orders.store);
    takeAll(m_shared.orders.passwords, orders.passwords);
    takeAll(m_shared.orders.resolve, orders.resolve);
}

bool Engine::settleTransport(Now now, link::CarrierOutput& out) {
    std::vector<session::Event> events;
    m_shared.carriers.take(out, events);
    for (const auto& event : events)
        if (m_shared.client) m_shared.client->receive(now, event);
    return !events.empty();
}

bool Engine::settleClient(Now now) {
    const bool signedIn = m_shared.people() != nullptr;
    if (signedIn && !m_wasSignedIn) m_contactList.begin(m_signingIn.takeSummaries());
    if (signedIn && !m_wasSignedIn) {
        m_contactList.tellAll();
        m_ownPresence.begin(now);
        m_ownPresence.tell();
    }
    if (!signedIn && m_wasSignedIn) ended();
    m_wasSignedIn = signedIn;
    if (!m_shared.client) return false;

    client::Client::Output output;
    m_shared.client->take(now, output);
    for (auto& write : output.writes) {
        if (const auto* call = std::get_if<call::AddRecord>(&write)) m_conversations.recorded(call->record);
        if (const auto* trust = std::get_if<contacts::AddTrustEvent>(&write)) m_conversations.recorded(trust->event);
        m_shared.orders.store.emplace_back(std::move(write));
    }
    if (output.read) m_shared.orders.store.emplace_back(*output.read);
    std::ranges::move(output.resolve, std::back_inserter(m_shared.orders.resolve));
    for (const auto& event : output.events) heed(now, event);
    return !output.events.empty();
}

void Engine::ended() {
    m_signingIn.ended();
    m_contactList.end();
    m_searches.end();
    m_conversations.end();
    m_callRoom.end();
}

void Engine::heed(Now now, const client::ClientEvent& event) {
    const auto* online = std::get_if<client::OnlineEvent>(&event);
    if (!online) return m_signingIn.heed(now, event);
    if (const auto* people = std::get_if<client::PeopleEvent>(online)) return heed(now, *people);
    if (const auto* down = std::get_if<client::NetworkDown>(online)) return m_signingIn.heed(now, *down);
    if (const auto* up = std::get_if<client::NetworkUp>(online)) {
        m_signingIn.heed(now, *up);
        if (m_signingIn.takeIsNew()) m_contactList.addEcho(now);
    }
}

void Engine::heed(Now now, const client::PeopleEvent& event) {
    const auto list = [&](const auto& it) { m_contactList.heed(now, it); };
    const auto talk = [&](const auto& it) { m_conversations.heed(now, it); };
    const auto room = [&](const auto& it) { m_callRoom.heed(now, it); };
    const auto ignored = [](const auto&) {};
    std::visit(Overloaded{
                   [&](const client::Found& it) { list(it); },
                   [&](const client::Searched& it) { m_searches.heed(it); },
                   [&](const client::Added& it) { list(it); },
                   [&](const client::MediaIn& it) { room(it); },
                   [&](const client::VaultSavedElsewhere&) {},
                   [&](const client::KeyChanged& it) { m_contactList.keyChanged(it.user); },
                   [&](const contacts::Event& it) {
                       std::visit(
                           Overloaded{[&](const contacts::RecordChanged& change) { list(change); },
                                      [&](const contacts::KeyMismatch& other) { m_contactList.keyChanged(other.user); },
                                      ignored},
                           it);
                   },
                   [&](const presence::Event& it) {
                       std::visit(Overloaded{[&](const presence::PresenceChanged& change) { list(change); },
                                             [&](const presence::ViewChanged& change) { list(change); },
                                             [&](const presence::OwnChanged&) { m_ownPresence.tell(); }, ignored},
                                  it);
                   },
                   [&](const chat::Event& it) { std::visit(talk, it); },
                   [&](const call::Event& it) { std::visit(room, it); },
               },
               event);
}

}  // namespace kith::engine
