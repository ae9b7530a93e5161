// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "app/engine/callroom.h"
#include "app/engine/contactlist.h"
#include "app/engine/conversations.h"
#include "app/engine/ownpresence.h"
#include "app/engine/personcard.h"
#include "app/engine/searches.h"
#include "app/engine/signingin.h"

namespace kith::engine {

/// The one client object that window, command line, gateway and tests drive: requests in, events out. Joins the
/// machines of the protocol with the sound; owns no socket, file, thread or clock, those are handed in.
///
/// Lives on the network thread. After any call: take(), both of them.
class Engine final : public link::CarrierUser {
public:
    explicit Engine(const Environment& environment);

    /// Goes on with the account that was signed in when the program ended; without one the engine waits for SignUp or
    /// SignIn.
    void resume(Now now, const client::OpenStore& kept) { m_signingIn.resume(now, kept); }
    void execute(Now now, RequestNumber number, const Request& request);
    /// The program ends: calls are hung up and others see us go. The account stays for the next start. Takes a moment,
    /// half a second at most: until hasLeft().
    void leave(Now now) { m_signingIn.leave(now); }
    [[nodiscard]] bool hasLeft() const { return !m_signingIn.isLeaving(); }

    // Answers to orders.
    void answer(Now now, client::StoreAnswer answer);
    void answer(Now now, PasswordDerived answer) { m_signingIn.derived(now, std::move(answer)); }
    void resolved(Now now, const std::string& host, const std::vector<IpAddress>& addresses);
    /// The sound system has packets or events.
    void soundReady(Now now) { m_callRoom.pump(now); }

    // Doors.
    void receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) override;
    void receive(Now now, const link::TcpConnected& event) override;
    /// A client listens nowhere.
    void receive(Now, const link::TcpAccepted&) override {}
    void receive(Now now, const link::TcpClosed& event) override;
    void receiveTcp(Now now, link::TcpNumber connection, ByteView bytes) override;
    void tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes) override;
    void wake(Now now) override;
    [[nodiscard]] Instant nextWake() const override;
    /// Lets everything that happened have its consequences first.
    void take(Now now, link::CarrierOutput& out) override;
    void take(std::vector<Event>& events, Orders& orders);

    /// Null: nobody is signed in.
    [[nodiscard]] client::People* people() const { return m_shared.people(); }
    [[nodiscard]] const Account& account() const { return m_signingIn.account(); }

private:
    bool settleTransport(Now now, link::CarrierOutput& out);
    bool settleClient(Now now);
    void heed(Now now, const client::ClientEvent& event);
    void heed(Now now, const client::PeopleEvent& event);
    void refresh();
    void ended();

    Shared m_shared;
    SigningIn m_signingIn{m_shared};
    ContactList m_contactList{m_shared};
    Searches m_searches{m_shared};
    Conversations m_conversations{m_shared, m_contactList};
    PersonCard m_personCard{m_shared};
    CallRoom m_callRoom{m_shared};
    OwnPresenceRoom m_ownPresence{m_shared};
    bool m_wasSignedIn = false;
};

}  // namespace kith::engine
