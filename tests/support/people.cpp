// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/people.h"

#include <algorithm>

namespace kith::test {

UserName person(std::string_view user) {
    return UserName::parse(user).value();
}

peer::Device deviceOf(std::string_view user, int which) {
    DeviceId id;
    std::copy_n(asBytes(user).begin(), std::min<std::size_t>(user.size(), 31), id.bytes.begin());
    id.bytes[31] = static_cast<std::byte>(which);
    return {person(user), id};
}

void PeopleWorld::remove(PersonNode& node) {
    setOnline(node, false);
    std::erase(m_nodes, &node);
}

PersonNode* PeopleWorld::find(const peer::Device& device) {
    const auto at = std::find_if(m_nodes.begin(), m_nodes.end(), [&](auto* node) { return node->self == device; });
    return at == m_nodes.end() ? nullptr : *at;
}

bool PeopleWorld::linked(const peer::Device& a, const peer::Device& b) const {
    return m_links.contains(pairOf(a, b));
}

void PeopleWorld::after(Duration wait, std::function<void()> what) {
    m_events.emplace(now().at + wait, std::move(what));
}

void PeopleWorld::setOnline(PersonNode& node, bool online) {
    node.online = online;
    if (!online) dropLinks(node);
    settle();
}

void PeopleWorld::dropLinks(PersonNode& node) {
    std::vector<peer::Device> others;
    for (auto at = m_links.begin(); at != m_links.end();) {
        const auto& [a, b] = at->first;
        if (a == node.self || b == node.self) {
            others.push_back(a == node.self ? b : a);
            at = m_links.erase(at);
        } else {
            ++at;
        }
    }
    for (const peer::Device& other : others) {
        node.deviceDown(now(), other);
        after(delay, [this, other, self = node.self] {
            PersonNode* const there = find(other);
            if (there && !linked(other, self)) there->deviceDown(now(), self);
        });
    }
    settle();
}

void PeopleWorld::settle() {
    while (drainAll()) {
    }
}

bool PeopleWorld::drainAll() {
    bool any = false;
    for (PersonNode* node : std::vector<PersonNode*>(m_nodes)) {
        peer::Output output = node->drain(now());
        any |= !output.reach.empty() || !output.sends.empty();
        handle(*node, std::move(output));
    }
    return any;
}

void PeopleWorld::handle(PersonNode& node, peer::Output output) {
    // Commands for links that are open go before links that are asked for in the same turn.
    for (const peer::Send& what : output.sends) send(node, what);
    for (const UserName& user : output.reach) reach(node, user);
}

void PeopleWorld::reach(PersonNode& from, const UserName& user) {
    ++reaches;
    bool any = false;
    for (PersonNode* node : m_nodes) {
        if (node->self.user != user || !node->online || !from.online || node == &from) continue;
        any = true;
        after(linked(from.self, node->self) ? Duration{} : 2 * delay, [this, a = from.self, b = node->self] {
            PersonNode* const one = find(a);
            PersonNode* const other = find(b);
            if (!one || !other || !one->online || !other->online) return;
            if (linked(a, b))
                one->deviceUp(now(), b);
            else
                open(*one, *other);
        });
    }
    if (any) return;
    after(2 * delay, [this, a = from.self, user] {
        if (PersonNode* const one = find(a)) one->reachFailed(now(), user);
    });
}

void PeopleWorld::open(PersonNode& a, PersonNode& b) {
    m_links[pairOf(a.self, b.self)] = ++m_lastLink;
    a.deviceUp(now(), b.self);
    b.deviceUp(now(), a.self);
}

double PeopleWorld::chance() {
    return static_cast<double>(m_random.below(1000)) / 1000.0;
}

void PeopleWorld::send(const PersonNode& from, const peer::Send& what) {
    const auto link = m_links.find(pairOf(from.self, what.to));
    if (link == m_links.end()) return;
    ++commands;
    const int copies = chance() < duplicates ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
        const Duration extra = scatter > Duration{} ? m_random.within(scatter) : Duration{};
        after(delay + extra, [this, number = link->second, a = from.self, b = what.to, command = what.command] {
            const auto still = m_links.find(pairOf(a, b));
            if (still == m_links.end() || still->second != number) return;
            if (PersonNode* const there = find(b)) there->receive(now(), a, command);
        });
    }
}

bool PeopleWorld::step(Instant until) {
    Instant next = m_events.empty() ? kNever : m_events.begin()->first;
    for (PersonNode* node : m_nodes) next = std::min(next, std::max(node->nextWake(), now().at));
    if (next > until) return false;
    m_elapsed = next - Instant{};
    if (!m_events.empty() && m_events.begin()->first <= next) {
        const auto what = std::move(m_events.begin()->second);
        m_events.erase(m_events.begin());
        what();
    } else {
        for (PersonNode* node : std::vector<PersonNode*>(m_nodes))
            if (node->nextWake() <= next) node->wake(now());
    }
    settle();
    return true;
}

void PeopleWorld::run(Duration span) {
    settle();
    const Instant until = now().at + span;
    while (step(until)) {
    }
    m_elapsed = until - Instant{};
}

bool PeopleWorld::runUntil(const std::function<bool()>& condition, Duration most) {
    settle();
    const Instant until = now().at + most;
    while (!condition())
        if (!step(until)) return condition();
    return true;
}

}  // namespace kith::test
