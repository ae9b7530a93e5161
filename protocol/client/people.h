// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <deque>
#include <variant>

#include "protocol/client/circle.h"
#include "protocol/client/finder.h"
#include "protocol/client/identity.h"
#include "protocol/client/owndevices.h"
#include "protocol/client/storage.h"
#include "protocol/presence/presence.h"

namespace kith::client {

/// Answer to a search, or to the wish to add somebody.
struct Found {
    Ticket ticket;
    Result<directory::Person> person;
};
/// Answer to a search for whom a text fits.
using Searched = Finder::Searched;
/// What became of the wish to add somebody.
struct Added {
    Ticket ticket;
    Result<void> outcome;
};
/// The key that a person shows is not the one we know them by; nothing goes there.
struct KeyChanged {
    UserName user;
};
/// Voice of a call, sealed.
struct MediaIn {
    peer::Device from;
    Bytes packet;
};
/// What is here is in the vault already: another device of ours saved it.
struct VaultSavedElsewhere {};
using PeopleEvent = std::variant<Found, Searched, Added, KeyChanged, MediaIn, VaultSavedElsewhere, contacts::Event,
                                 presence::Event, chat::Event, call::Event>;

/// What we do with other people: the machines of contacts, presence, chat and calls, and the links they share. Routes
/// between them, the directory and the store; decides nothing itself.
class People final : private VaultShelf {
public:
    struct Environment {
        session::Transport& transport;
        crypto::Suite& suite;
        RandomSource& random;
        LogSink& log;
        call::Policy calls{};
    };

    /// `environment` stays where it is.
    People(Now now, const Environment& environment, const crypto::Trust& trust, const Identity& identity,
           StoredState state);

    /// The credential or the weekly keys are new.
    void renew(const Identity& identity);
    void networkUp(Now now, session::LinkNumber supernode, const NodeId& node);
    void networkDown(Now now);
    /// Signing out: off line for others at once, not only when our link dies.
    void leave(Now now);

    // What all devices of ours hold in common.
    [[nodiscard]] VaultPeople everything() const override;
    void merge(Now now, const VaultPeople& people) override;
    /// The login server has it: the others needn't save it, too.
    void vaultSaved() { m_ownDevices.saved(); }
    [[nodiscard]] bool hasOtherDevices() const { return m_ownDevices.hasOthers(); }

    // Verbs. Machines' verbs are called on the machine, between two rounds of settle().
    void search(Now now, Ticket ticket, const UserName& name) { m_finder.find(now, name, Finder::Search{ticket}); }
    /// By the beginning of names, with a mistake in typing; ends with Searched unless it is taken back.
    void searchPeople(Now now, Ticket ticket, std::string_view text) { m_finder.search(now, ticket, text); }
    void cancelSearch(Ticket ticket) { m_finder.cancelSearch(ticket); }
    void add(Now now, Ticket ticket, const UserName& user, const std::string& text);
    [[nodiscard]] contacts::Contacts& contacts() { return m_contacts; }
    [[nodiscard]] const contacts::Contacts& contacts() const { return m_contacts; }
    [[nodiscard]] presence::Presence& presence() { return m_presence; }
    [[nodiscard]] const presence::Presence& presence() const { return m_presence; }
    [[nodiscard]] chat::Chat& chat() { return m_chat; }
    [[nodiscard]] call::Calls& calls() { return m_calls; }
    [[nodiscard]] peer::Peers& peers() { return m_peers; }
    [[nodiscard]] const peer::Peers& peers() const { return m_peers; }

    // Doors.
    /// True if it was about a link between people.
    bool receive(Now now, const session::Event& event) { return m_peers.receive(now, event); }
    void receiveFromSupernode(Now now, session::Stream stream, ByteView command);
    void receive(Now now, const Written& written);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    /// Lets what one machine said reach the others until nothing is left to say. Before take().
    void settle(Now now);
    void take(std::vector<Write>& writes, std::vector<PeopleEvent>& events);

private:
    [[nodiscard]] VaultPeople about(const std::set<UserName>& users) const override;
    bool settleOwnDevices(Now now);
    bool settlePeers(Now now);
    bool settleFinder(Now now);
    template <class Machine, class Output>
    bool settleMachine(Now now, Machine& machine);
    void route(Now now, const peer::Output& output, bool urgent);
    void route(Now now, peer::Happening& happening);
    void received(Now now, const peer::Received& received);
    void answered(Now now, Finder::Answer answer);
    void sendToSupernode(Now now, session::Stream stream, ByteView command);
    template <class Verb>
    void tellAll(Verb verb);
    template <class Event>
    void heed(Now now, const Event& event);
    void heed(Now now, const contacts::RecordChanged& change);
    void heed(Now now, const presence::PresenceChanged& change);
    void heed(Now now, const presence::VaultOutdated& outdated);
    void heed(Now now, const call::CallChanged& change);

    const Environment& m_environment;
    crypto::Trust m_trust;
    Circle m_circle;
    peer::Peers m_peers;
    Finder m_finder;
    contacts::Contacts m_contacts;
    presence::Presence m_presence;
    chat::Chat m_chat;
    call::Calls m_calls;
    OwnDevices m_ownDevices;
    std::optional<session::LinkNumber> m_supernode;
    std::vector<Write> m_writes;
    std::vector<PeopleEvent> m_events;
};

}  // namespace kith::client
