// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/presence/leases.h"

namespace kith::presence {

namespace {

/// A command has a limit of objects and of bytes; this many leases stay below both.
constexpr std::size_t kMaxLeasesInAnswer = 48;
/// Devices of a person; more under one topic are refused.
constexpr std::size_t kMaxLeasesOfTopic = 16;

}  // namespace

Leases::Client& Leases::clientOf(Now now, session::LinkNumber link) {
    return m_clients
        .try_emplace(link, Client{{},
                                  {},
                                  overlay::TokenBucket(m_options.leases, now.at),
                                  overlay::TokenBucket(m_options.watches, now.at)})
        .first->second;
}

void Leases::receive(Now now, session::LinkNumber link, ByteView command) {
    const auto view = wire::parseCommand(command);
    if (!view || !handle(now, link, *view)) ++m_refusedCommands;
}

bool Leases::handle(Now now, session::LinkNumber link, const wire::CommandView& command) {
    switch (command.number) {
        case Lease::kNumber:
            if (const auto message = wire::decode<Lease>(command)) return lease(now, link, *message, command.requestId);
            return false;
        case Watch::kNumber:
            if (const auto message = wire::decode<Watch>(command)) return watch(now, link, *message, command.requestId);
            return false;
        case Unwatch::kNumber:
            if (const auto message = wire::decode<Unwatch>(command)) return unwatch(link, *message), true;
            return false;
        case EndLease::kNumber:
            if (const auto message = wire::decode<EndLease>(command)) return endLease(link, *message), true;
            return false;
        default: return false;
    }
}

bool Leases::lease(Now now, session::LinkNumber link, const Lease& message, std::optional<wire::RequestId> request) {
    Client& client = clientOf(now, link);
    if (!client.leaseRate.take(now.at, 1)) return false;
    const LeaseName name{topicOf(message.lease.body.topicKey), message.lease.body.lease};
    const auto refusal = judge(now, client, name, message.lease);
    if (!refusal) hold(now, link, name, message.lease);
    send(link, Leased{refusal}, request);
    return true;
}

std::optional<LeaseRefusal> Leases::judge(Now now, const Client& client, const LeaseName& name,
                                          const SignedLease& lease) {
    const LeaseBody& body = lease.body;
    if (body.supernode != m_options.node) return LeaseRefusal::NotMine;
    if (body.expires <= now.seconds()) return LeaseRefusal::Stale;
    if (body.expires > now.seconds() + kLeaseLife + kLeaseTolerance) return LeaseRefusal::TooLong;
    const auto topic = m_topics.find(name.first);
    const Held* held = nullptr;
    if (topic != m_topics.end())
        if (const auto at = topic->second.leases.find(name.second); at != topic->second.leases.end())
            held = &at->second;
    if (held && body.sequence <= held->lease.body.sequence) return LeaseRefusal::Stale;
    if (!held && (m_leaseCount >= m_options.maxLeases ||
                  (topic != m_topics.end() && topic->second.leases.size() >= kMaxLeasesOfTopic)))
        return LeaseRefusal::TooMany;
    if (!client.leases.contains(name) && client.leases.size() >= m_options.maxLeasesOfLink)
        return LeaseRefusal::TooMany;
    if (!verifyLease(m_suite, m_options.network, lease)) return LeaseRefusal::BadSignature;
    return std::nullopt;
}

void Leases::hold(Now now, session::LinkNumber link, const LeaseName& name, const SignedLease& lease) {
    auto [at, isNew] = m_topics[name.first].leases.try_emplace(name.second);
    Held& held = at->second;
    if (isNew) {
        ++m_leaseCount;
    } else {
        m_ends.erase({held.ends, name});
        // The device came back on another link: the old one's end must not end the lease.
        if (held.link != 0 && held.link != link) m_clients.at(held.link).leases.erase(name);
    }
    held = {lease, link, now.at + (lease.body.expires - now.seconds())};
    m_ends.insert({held.ends, name});
    m_clients.at(link).leases.insert(name);
    tellWatchers(name.first, TopicChanged{name.first, lease, std::nullopt});
}

void Leases::end(const LeaseName& name) {
    Held& held = m_topics.at(name.first).leases.at(name.second);
    if (held.link == 0) return;
    m_clients.at(held.link).leases.erase(name);
    held.link = 0;
    held.lease.body.sealedState.clear();
    held.lease.body.sealedState.shrink_to_fit();
    tellWatchers(name.first, TopicChanged{name.first, std::nullopt, name.second});
}

void Leases::forget(const LeaseName& name) {
    end(name);
    Topic& topic = m_topics.at(name.first);
    m_ends.erase({topic.leases.at(name.second).ends, name});
    topic.leases.erase(name.second);
    --m_leaseCount;
    eraseIfEmpty(name.first);
}

void Leases::endLease(session::LinkNumber link, const EndLease& message) {
    const auto client = m_clients.find(link);
    const LeaseName name{message.topic, message.lease};
    if (client != m_clients.end() && client->second.leases.contains(name)) end(name);
}

bool Leases::watch(Now now, session::LinkNumber link, const Watch& message, std::optional<wire::RequestId> request) {
    Client& client = clientOf(now, link);
    if (!client.watchRate.take(now.at, message.topics.size())) return false;
    Watched answer;
    for (const TopicId& topic : message.topics) {
        if (!client.watched.contains(topic)) {
            if (client.watched.size() >= m_options.maxWatchesOfLink || m_watchCount >= m_options.maxWatches) {
                ++answer.refused;
                continue;
            }
            client.watched.insert(topic);
            m_topics[topic].watchers.insert(link);
            ++m_watchCount;
        }
        tellAll(link, topic, answer);
    }
    send(link, answer, request);
    return true;
}

void Leases::tellAll(session::LinkNumber link, const TopicId& topic, Watched& answer) {
    for (const auto& [id, held] : m_topics.at(topic).leases) {
        if (held.link == 0) continue;
        if (answer.leases.size() < kMaxLeasesInAnswer)
            answer.leases.push_back(held.lease);
        else
            send(link, TopicChanged{topic, held.lease, std::nullopt});
    }
}

void Leases::unwatch(session::LinkNumber link, const Unwatch& message) {
    const auto client = m_clients.find(link);
    if (client == m_clients.end()) return;
    for (const TopicId& topic : message.topics)
        if (client->second.watched.erase(topic)) removeWatcher(topic, link);
}

void Leases::removeWatcher(const TopicId& topic, session::LinkNumber link) {
    m_topics.at(topic).watchers.erase(link);
    --m_watchCount;
    eraseIfEmpty(topic);
}

void Leases::eraseIfEmpty(const TopicId& topic) {
    const auto at = m_topics.find(topic);
    if (at->second.leases.empty() && at->second.watchers.empty()) m_topics.erase(at);
}

void Leases::linkClosed(session::LinkNumber link) {
    const auto client = m_clients.find(link);
    if (client == m_clients.end()) return;
    for (const TopicId& topic : client->second.watched) removeWatcher(topic, link);
    const std::set<LeaseName> leases = client->second.leases;
    for (const LeaseName& name : leases) end(name);
    m_clients.erase(client);
}

void Leases::wake(Now now) {
    while (!m_ends.empty() && m_ends.begin()->first <= now.at) {
        const LeaseName name = m_ends.begin()->second;
        forget(name);
    }
}

Instant Leases::nextWake() const {
    return m_ends.empty() ? kNever : m_ends.begin()->first;
}

void Leases::tellWatchers(const TopicId& topic, const TopicChanged& change) {
    const auto& watchers = m_topics.at(topic).watchers;
    if (watchers.empty()) return;
    const Bytes command = wire::encodeCommand(change);
    for (const session::LinkNumber link : watchers)
        m_out.commands.push_back({link, session::Stream::Presence, command});
}

template <wire::Message M>
void Leases::send(session::LinkNumber link, const M& message, std::optional<wire::RequestId> request) {
    m_out.commands.push_back({link, session::Stream::Presence, wire::encodeCommand(message, request)});
}

}  // namespace kith::presence
