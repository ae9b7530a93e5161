// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <map>
#include <vector>

#include "protocol/peer/person.h"
#include "tests/support/seededrandom.h"

/// A world in virtual time for the machines of people: it stands where Peers and the links between devices stand, with
/// a delay, and loses, doubles and mixes up what it carries if it is told to.
namespace kith::test {

/// One device with the machine under test on it.
class PersonNode {
public:
    explicit PersonNode(peer::Device device) : self(std::move(device)) {}
    virtual ~PersonNode() = default;
    PersonNode(const PersonNode&) = delete;
    PersonNode& operator=(const PersonNode&) = delete;

    virtual void deviceUp(Now now, const peer::Device& device) = 0;
    virtual void deviceDown(Now now, const peer::Device& device) = 0;
    virtual void reachFailed(Now now, const UserName& user) = 0;
    virtual void receive(Now now, const peer::Device& from, ByteView command) = 0;
    virtual void wake(Now now) = 0;
    virtual Instant nextWake() = 0;
    /// Takes what the machine wants from Peers; stores and events are the node's own to look after.
    virtual peer::Output drain(Now now) = 0;

    const peer::Device self;
    bool online = true;
};

class PeopleWorld {
public:
    explicit PeopleWorld(std::uint64_t seed = 1) : m_random(seed) {}

    Duration delay = std::chrono::milliseconds(40);
    double duplicates = 0;  ///< share of commands that arrive twice
    Duration scatter{};     ///< > 0: commands overtake each other by up to this

    void add(PersonNode& node) { m_nodes.push_back(&node); }
    void remove(PersonNode& node);
    [[nodiscard]] Now now() const { return {Instant{} + m_elapsed, UnixMillis{} + kStart + toMillis(m_elapsed)}; }

    /// Off line: its links go down for both ends, at once for itself, after the delay for the others.
    void setOnline(PersonNode& node, bool online);
    void dropLinks(PersonNode& node);
    /// A link between two, as if one of them had asked for it.
    void link(PersonNode& a, PersonNode& b) { open(a, b), settle(); }
    void after(Duration wait, std::function<void()> what);
    /// Lets everything happen that is due at this instant. After every verb of a machine.
    void settle();
    void run(Duration span);
    /// Until the condition holds; false if it doesn't within `most`.
    bool runUntil(const std::function<bool()>& condition, Duration most = std::chrono::minutes(10));
    [[nodiscard]] bool linked(const peer::Device& a, const peer::Device& b) const;
    RandomSource& random() { return m_random; }

    std::size_t reaches = 0;   ///< how often somebody was looked for
    std::size_t commands = 0;  ///< sent

private:
    static constexpr std::chrono::milliseconds kStart{1'700'000'000'000};
    static std::chrono::milliseconds toMillis(Duration d) {
        return std::chrono::duration_cast<std::chrono::milliseconds>(d);
    }
    using Pair = std::pair<peer::Device, peer::Device>;  ///< smaller first
    static Pair pairOf(const peer::Device& a, const peer::Device& b) { return a < b ? Pair{a, b} : Pair{b, a}; }

    PersonNode* find(const peer::Device& device);
    bool step(Instant until);
    bool drainAll();
    void handle(PersonNode& node, peer::Output output);
    void reach(PersonNode& from, const UserName& user);
    void open(PersonNode& a, PersonNode& b);
    void send(const PersonNode& from, const peer::Send& what);
    double chance();

    SeededRandom m_random;
    Duration m_elapsed{};
    std::vector<PersonNode*> m_nodes;
    std::map<Pair, std::uint64_t> m_links;  ///< open ones, by number
    std::uint64_t m_lastLink = 0;
    std::multimap<Instant, std::function<void()>> m_events;
};

/// A device of this person; `which` tells several apart.
peer::Device deviceOf(std::string_view user, int which = 1);
UserName person(std::string_view user);

}  // namespace kith::test
