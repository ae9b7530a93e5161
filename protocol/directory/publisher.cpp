// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/directory/publisher.h"

#include <algorithm>

#include "protocol/crypto/keys.h"

namespace kith::directory {

void Publisher::set(Now now, std::optional<OwnRecords> records) {
    m_records = std::move(records);
    m_nextPublish = kNever;
    m_published = false;
    if (m_home && m_records) publishNow(now);
}

void Publisher::setFindable(Now now, Findable findable) {
    if (!m_records || m_records->findable == findable) return;
    m_records->findable = findable;
    m_pause = kAskAgainAfter;
    if (m_home) publishNow(now);
}

void Publisher::attached(Now now, const NodeId& home, const LocationId& location) {
    m_home = Home{home, location};
    m_pause = kAskAgainAfter;
    if (m_records) publishNow(now);
}

void Publisher::detached() {
    m_home.reset();
    m_nextPublish = kNever;
    m_published = false;
}

void Publisher::publishNow(Now now) {
    Publish publish;
    if (m_records->userKey) publish.user = userRecord(now);
    if (m_records->devices) publish.devices = *m_records->devices;
    publish.location = locationRecord(now);
    m_published = false;
    m_commands.push_back(wire::encodeCommand(publish, ++m_request));
    m_nextPublish = now.at + m_pause;
    m_pause = std::min<Duration>(m_pause * 2, kLongestPause);
}

std::uint64_t Publisher::nextSequence(Now now, std::uint64_t& last) const {
    // Milliseconds order the records of several devices; the largest seen counts where a clock went back.
    const auto millis = std::max<std::int64_t>(now.wall.time_since_epoch().count(), 0);
    last = std::max(static_cast<std::uint64_t>(millis), last + 1);
    return last;
}

SignedUserRecord Publisher::userRecord(Now now) {
    const UserRecord record{
        m_records->name,     UserKey{m_records->userKey->publicKey()}, m_records->displayName,
        m_records->findable, nextSequence(now, m_userSequence),        now.seconds() + kUserRecordLife};
    return sign(m_suite, m_network, record, *m_records->userKey, m_records->device->chain);
}

SignedLocation Publisher::locationRecord(Now now) {
    const Location location{m_records->person,
                            DeviceId{m_records->device->key->publicKey()},
                            m_home->node,
                            m_home->location,
                            m_records->sealingKey,
                            nextSequence(now, m_locationSequence),
                            now.seconds() + kLocationLife};
    return sign(m_suite, m_network, location, *m_records->device->key, m_records->device->chain);
}

void Publisher::receive(Now now, ByteView command) {
    const auto view = wire::parseCommand(command);
    if (!view || view->number != Published::kNumber || view->requestId != m_request) return;
    const auto answer = wire::decode<Published>(*view);
    if (!answer || !m_home || !m_records || m_published) return;

    if (answer->user) heard(now, answer->user->held, m_userSequence);
    if (answer->location) heard(now, answer->location->held, m_locationSequence);
    m_refusal.reset();
    bool stale = false;
    for (const auto& [verdict, signedNow] :
         {std::pair{answer->user, true}, std::pair{answer->devices, false}, std::pair{answer->location, true}}) {
        if (!verdict || !verdict->refusal) continue;
        const bool ours = *verdict->refusal == Refusal::Stale;
        // A device list that is older than the one held: another device of ours has published a newer one.
        if (ours && !signedNow) continue;
        stale = stale || ours;
        m_refusal = verdict->refusal;
    }
    if (stale && m_pause <= 4 * kAskAgainAfter) return publishNow(now);
    if (m_refusal) return;  // again after the pause
    m_published = true;
    m_pause = kAskAgainAfter;
    m_nextPublish = now.at + kRefreshAfter * 3 / 4 + m_random.within(kRefreshAfter / 2);
}

void Publisher::heard(Now now, std::uint64_t held, std::uint64_t& last) {
    // Nothing of ours is further ahead than a clock may be; believing more would use the numbers up.
    const UnixMillis latest = now.wall + 2 * kClockTolerance;
    if (held <= static_cast<std::uint64_t>(std::max<std::int64_t>(latest.time_since_epoch().count(), 0)))
        last = std::max(last, held);
}

void Publisher::wake(Now now) {
    if (now.at >= m_nextPublish) publishNow(now);
}

void Publisher::take(std::vector<Bytes>& commands) {
    std::move(m_commands.begin(), m_commands.end(), std::back_inserter(commands));
    m_commands.clear();
}

}  // namespace kith::directory
