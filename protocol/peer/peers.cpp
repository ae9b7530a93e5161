// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/peer/peers.h"

#include <algorithm>

namespace kith::peer {

Peers::Peers(Environment environment) : m_shared{environment} {}

void Peers::signOut(Now now) {
    supernodeDown(now);
    m_shared.own.reset();
    m_shared.devices.clear();
    m_inCall.clear();
    m_answering.setSealingKeys({});
}

void Peers::setSealingKeys(std::vector<std::shared_ptr<const crypto::SealingKey>> keys) {
    m_answering.setSealingKeys(std::move(keys));
}

void Peers::supernodeDown(Now now) {
    m_shared.supernode.reset();
    m_reaching.stopAll(now, Fault::ConnectionLost);
    m_answering.stopAll();
    closeAll(now, Fault::ConnectionLost);
    m_shared.locating.clear();
}

void Peers::reach(Now now, const UserName& user, bool urgent) {
    bool any = false;
    for (const auto& [number, link] : m_shared.links.all()) {
        if (link.device.user != user || m_shared.links.preferred(link.device) != &link) continue;
        any = true;
        m_shared.tell(DeviceUp{link.device, link.key});
    }
    if (!any || urgent || !m_shared.devices.fresh(now, user)) m_reaching.reach(now, user, urgent);
}

void Peers::send(Now now, const Send& send) {
    auto* link = m_shared.links.preferred(send.to);
    if (!link) return;
    link->lastUsed = now.at;
    m_shared.environment.transport.send(now, link->number, send.stream, send.command);
}

void Peers::sendMedia(Now now, const Device& to, ByteView packet) {
    auto* link = m_shared.links.preferred(to);
    if (!link) return;
    link->lastUsed = now.at;
    m_shared.environment.transport.sendMedia(now, link->number, packet);
}

void Peers::setInCall(Now now, const UserName& user, bool inCall) {
    if (inCall) {
        m_inCall.insert(user);
        return;
    }
    if (m_inCall.erase(user) == 0) return;
    for (auto& [number, link] : m_shared.links.all())
        if (link.device.user == user) link.lastUsed = now.at;
}

void Peers::drop(Now now, const UserName& user) {
    m_reaching.forget(now, user);
    m_answering.forget(user);
    m_shared.devices.forget(user);
    m_inCall.erase(user);
    std::vector<Link> gone;
    for (const auto& [number, link] : m_shared.links.all())
        if (link.device.user == user) gone.push_back(link);
    // As if it had not been used for long: nobody is to see that they are blocked.
    for (const auto& link : gone) closeLink(now, link, Fault::TimedOut);
}

std::optional<session::LinkNumber> Peers::linkOf(const Device& device) const {
    const auto* link = m_shared.links.preferred(device);
    return link ? std::optional(link->number) : std::nullopt;
}

bool Peers::isDrained() const {
    const auto& transport = m_shared.environment.transport;
    return std::ranges::all_of(m_shared.links.all(),
                               [&](const auto& entry) { return transport.backlog(entry.first) == 0; });
}

bool Peers::owns(const Device& device, const UserKey& key) const {
    const auto* link = m_shared.links.preferred(device);
    return link && link->key == key;
}

void Peers::located(Now now, const UserName& user, const directory::Person& person) {
    if (m_shared.locating.erase(user) == 0) return;
    const auto pinned = m_shared.environment.book.pinnedKey(user);
    if (person.record.name != user || (pinned && *pinned != person.record.userKey)) {
        const bool isOther = person.record.name == user;
        m_shared.tell(KeyMismatch{user, isOther ? std::optional(person.record.userKey) : std::nullopt});
        refuseUnapproved(now, user);
        return m_reaching.locateFailed(now, user, Fault::BadKey);
    }
    m_shared.devices.enter(now, user, person);
    judge(now, user);
    m_reaching.located(now, user, person);
}

void Peers::locateFailed(Now now, const UserName& user, Fault reason) {
    const auto looked = m_shared.locating.extract(user);
    if (looked.empty()) return;
    const bool byKey = looked.mapped();
    const bool waits = m_shared.links.has(user, false);
    // The directory has forgotten the key that we know; somebody else may go by the name now, which is worth telling.
    if (byKey && !waits && reason == Fault::NotFound && m_shared.environment.book.pinnedKey(user))
        return m_shared.locateByName(user);
    m_reaching.locateFailed(now, user, reason);
    // Who is not findable by name may still call us: their credential names the key.
    if (!byKey && waits) return m_shared.locate(user, hashOf(user));
    refuseUnapproved(now, user);
}

void Peers::receiveFromSupernode(Now now, const wire::CommandView& command) {
    switch (command.number) {
        case overlay::PassedOn::kNumber: return m_reaching.passedOn(now, command);
        case overlay::Reached::kNumber: return m_answering.reached(now, command);
        case overlay::CloseChannel::kNumber:
            if (const auto close = wire::decode<overlay::CloseChannel>(command)) channelClosed(now, close->channel);
            return;
        default: return;
    }
}

bool Peers::receive(Now now, const session::Event& event) {
    if (const auto* it = std::get_if<session::LinkOpened>(&event)) return opened(now, *it);
    if (const auto* it = std::get_if<session::CommandReceived>(&event)) return commandReceived(now, *it);
    if (const auto* it = std::get_if<session::MediaReceived>(&event)) return mediaReceived(now, *it);
    if (const auto* it = std::get_if<session::LinkClosed>(&event)) return closed(now, *it);
    return false;
}

bool Peers::opened(Now now, const session::LinkOpened& event) {
    if (event.role != session::Role::Peer) return false;
    if (event.incoming)
        openedByThem(now, event);
    else if (const auto attempt = m_reaching.takeOpened(event.link))
        openedByUs(now, event, attempt->first, attempt->second);
    else
        refuse(now, event.link, {});
    return true;
}

void Peers::openedByUs(Now now, const session::LinkOpened& event, const Device& device, const ChannelId& channel) {
    const auto* person = std::get_if<crypto::PersonIdentity>(&event.peer);
    if (!person || person->user != device.user || person->device != device.device) {
        refuse(now, event.link, channel);
        m_shared.tell(KeyMismatch{device.user});
        return m_reaching.unlinked(now, device.user, Fault::CertificateInvalid);
    }
    adopt(now, {event.link, device, person->userKeyHash, m_shared.own->device, channel, now.at, now.at});
}

void Peers::openedByThem(Now now, const session::LinkOpened& event) {
    const auto* path = std::get_if<session::ChannelPath>(&event.path);
    const auto* person = std::get_if<crypto::PersonIdentity>(&event.peer);
    if (!path) return refuse(now, event.link, {});
    const auto expected = m_answering.takeExpected(now, path->channel);
    if (!expected || !person || person->user != expected->user || person->device != expected->device ||
        person->userKeyHash != expected->userKeyHash)
        return refuse(now, event.link, path->channel);
    adopt(now, {event.link,
                {person->user, person->device},
                person->userKeyHash,
                person->device,
                path->channel,
                now.at,
                now.at});
}

void Peers::refuse(Now now, session::LinkNumber link, const std::optional<ChannelId>& channel) {
    m_shared.environment.transport.close(now, link, Fault::Refused);
    if (channel) m_shared.tell(ToSupernode{wire::encodeCommand(overlay::CloseChannel{*channel})});
}

void Peers::adopt(Now now, Link link) {
    const auto user = link.device.user;
    const auto hash = link.userKeyHash;
    m_shared.links.add(std::move(link));
    if (m_shared.devices.fresh(now, user))
        judge(now, user);
    else
        m_shared.locate(user, directory::PersonKey{hash});
}

void Peers::judge(Now now, const UserName& user) {
    const auto* entry = m_shared.devices.fresh(now, user);
    if (!entry) return;
    std::vector<session::LinkNumber> waiting;
    for (const auto& [number, link] : m_shared.links.all())
        if (link.device.user == user && !link.approved) waiting.push_back(number);
    for (const auto number : waiting) {
        auto* link = m_shared.links.find(number);
        if (DeviceBook::isListed(*entry, link->device.device, link->userKeyHash))
            approve(now, *link);
        else if (entry->lookedUp < link->since)
            m_shared.locate(user, entry->hash);  // a device that is newer than what we know
        else
            closeLink(now, Link(*link), Fault::Refused);
    }
}

void Peers::approve(Now now, Link& link) {
    auto* other = m_shared.links.preferred(link.device);
    link.approved = true;
    const auto waiting = std::exchange(link.waiting, {});
    const auto device = link.device;
    const auto key = link.key = m_shared.devices.fresh(now, device.user)->key;
    if (!other) {
        m_shared.tell(DeviceUp{device, key});
    } else {
        auto& winner = LinkTable::isBetter(link, *other) ? link : *other;
        auto& loser = &winner == &link ? *other : link;
        // Opened at about the same time, both are alive and nothing is lost; otherwise the old one's other end has
        // restarted and knows nothing of what was sent on it.
        if (winner.since - loser.since >= LinkTable::kTogether) {
            closeLink(now, Link(loser), Fault::ConnectionLost);
            m_shared.tell(DeviceDown{device, Fault::ConnectionLost});
            m_shared.tell(DeviceUp{device, key});
        } else {
            loser.leaves = now.at + kLeaving;
        }
    }
    for (const auto& received : waiting) m_shared.tell(received);
    m_reaching.linked(device.user);
}

std::optional<directory::PersonKey> Peers::hashOf(const UserName& user) const {
    for (const auto& [number, link] : m_shared.links.all())
        if (link.device.user == user) return directory::PersonKey{link.userKeyHash};
    return std::nullopt;
}

void Peers::refuseUnapproved(Now now, const UserName& user) {
    std::vector<Link> refused;
    for (const auto& [number, link] : m_shared.links.all())
        if (link.device.user == user && !link.approved) refused.push_back(link);
    for (const auto& link : refused) closeLink(now, link, Fault::Refused);
}

bool Peers::commandReceived(Now now, const session::CommandReceived& event) {
    auto* link = m_shared.links.find(event.link);
    if (!link) return false;
    link->lastUsed = now.at;
    Received received{link->device, event.stream, event.command};
    if (link->approved)
        m_shared.tell(std::move(received));
    else if (link->waiting.size() < LinkTable::kMostWaiting)
        link->waiting.push_back(std::move(received));
    else
        closeLink(now, Link(*link), Fault::TooLarge);
    return true;
}

bool Peers::mediaReceived(Now now, const session::MediaReceived& event) {
    auto* link = m_shared.links.find(event.link);
    if (!link) return false;
    link->lastUsed = now.at;
    if (link->approved) m_shared.tell(MediaArrived{link->device, event.packet});
    return true;
}

bool Peers::closed(Now now, const session::LinkClosed& event) {
    if (m_reaching.closed(now, event.link, event.reason)) return true;
    const auto* link = m_shared.links.find(event.link);
    if (!link) return false;
    lose(now, *link, event.reason);
    return true;
}

void Peers::lose(Now now, Link link, Fault reason) {
    const auto* before = m_shared.links.preferred(link.device);
    const bool wasPreferred = before && before->number == link.number;
    m_shared.links.erase(link.number);
    if (link.channel && m_shared.supernode)
        m_shared.tell(ToSupernode{wire::encodeCommand(overlay::CloseChannel{*link.channel})});
    m_reaching.unlinked(now, link.device.user, reason);
    if (!wasPreferred) return;
    m_shared.tell(DeviceDown{link.device, reason});
    if (const auto* other = m_shared.links.preferred(link.device)) m_shared.tell(DeviceUp{link.device, other->key});
}

void Peers::closeLink(Now now, const Link& link, Fault reason) {
    m_shared.environment.transport.close(now, link.number, reason);
    lose(now, link, reason);
}

void Peers::closeAll(Now now, Fault reason) {
    std::vector<Link> links;
    for (const auto& [number, link] : m_shared.links.all()) links.push_back(link);
    for (const auto& link : links) closeLink(now, link, reason);
}

void Peers::channelClosed(Now now, const ChannelId& channel) {
    m_answering.channelClosed(channel);
    if (const auto* link = m_shared.links.findChannel(channel)) closeLink(now, Link(*link), Fault::ConnectionLost);
}

Instant Peers::idleSince(const Link& link) const {
    return m_inCall.contains(link.device.user) ? kNever : link.lastUsed;
}

void Peers::wake(Now now) {
    m_reaching.wake(now);
    m_answering.wake(now);
    std::vector<Link> idle;
    for (auto& [number, link] : m_shared.links.all()) {
        const bool unused = idleSince(link) != kNever && link.lastUsed + kIdle <= now.at;
        if (!unused && link.leaves > now.at) continue;
        if (m_shared.environment.transport.backlog(number) == 0)
            idle.push_back(link);
        else if (unused)
            link.lastUsed = now.at;
        else
            link.leaves = now.at + kLeaving;
    }
    for (const auto& link : idle) closeLink(now, link, Fault::TimedOut);
}

Instant Peers::nextWake() const {
    auto next = std::min(m_reaching.nextWake(), m_answering.nextWake());
    for (const auto& [number, link] : m_shared.links.all()) {
        next = std::min(next, link.leaves);
        if (idleSince(link) != kNever) next = std::min(next, link.lastUsed + kIdle);
    }
    return next;
}

void Peers::take(std::vector<Happening>& out) {
    std::ranges::move(m_shared.happenings, std::back_inserter(out));
    m_shared.happenings.clear();
}

}  // namespace kith::peer
