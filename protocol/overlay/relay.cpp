// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/overlay/relay.h"

namespace kith::overlay {

namespace {

/// Expiry needs no more precision than this; what was kept for too long is not passed on whenever it is swept.
constexpr Duration kSweepEvery = std::chrono::seconds(5);

}  // namespace

ChannelId Relay::freshId() {
    ChannelId id = ChannelId::random(m_random);
    while (id.isNull() || m_places.contains(id)) id = ChannelId::random(m_random);
    return id;
}

std::optional<Relay::Channel> Relay::open(Now now, session::LinkNumber caller,
                                          std::optional<session::LinkNumber> callee) {
    if (m_channels.size() >= m_options.maxChannels) return std::nullopt;
    const auto isFull = [&](session::LinkNumber link) {
        const auto at = m_byLink.find(link);
        return at != m_byLink.end() && at->second.size() >= m_options.maxChannelsOfLink;
    };
    if (isFull(caller) || (callee && isFull(*callee))) return std::nullopt;

    const Number number = ++m_lastNumber;
    const Channel ids{freshId(), freshId()};
    const TokenBucket bucket(m_options.bytes, now.at);
    State& state =
        m_channels
            .emplace(number, State{{Side{ids.caller, caller, bucket}, Side{ids.callee, callee.value_or(0), bucket}},
                                   false,
                                   now.at + m_options.acceptWithin})
            .first->second;
    m_places.emplace(ids.caller, Place{number, &state, Caller});
    m_places.emplace(ids.callee, Place{number, &state, Callee});
    m_byLink[caller].insert(number);
    if (callee) m_byLink[*callee].insert(number);
    if (m_nextSweep == kNever) m_nextSweep = now.at + kSweepEvery;
    return ids;
}

std::optional<Relay::Place> Relay::placeOf(session::LinkNumber link, const ChannelId& channel) const {
    const auto at = m_places.find(channel);
    if (at == m_places.end() || at->second.state->sides[at->second.side].link != link) return std::nullopt;
    return at->second;
}

void Relay::accept(Now now, session::LinkNumber callee, const ChannelId& channel) {
    const auto place = placeOf(callee, channel);
    if (!place || place->side != Callee || place->state->accepted) return;
    State& state = *place->state;
    state.accepted = true;
    state.expires = now.at + m_options.idleFor;
    for (const PendingFrame& kept : state.pending)
        if (now.at - kept.since <= m_options.pendingFor) m_forwards.add(callee, channel, kept.frame);
    state.pending.clear();
}

void Relay::close(session::LinkNumber by, const ChannelId& channel) {
    if (const auto place = placeOf(by, channel)) end(place->number, place->side);
}

void Relay::linkGone(session::LinkNumber link) {
    const auto at = m_byLink.find(link);
    if (at == m_byLink.end()) return;
    const std::set<Number> numbers = std::move(at->second);
    m_byLink.erase(at);
    for (const Number number : numbers) {
        // To a caller, somebody who left before accepting is somebody who doesn't accept.
        State& state = m_channels.at(number);
        Side& callee = state.sides[Callee];
        if (!state.accepted && callee.link == link && state.sides[Caller].link != link)
            callee.link = 0;
        else
            end(number, state.sides[Caller].link == link ? Caller : Callee);
    }
}

void Relay::forward(Now now, session::LinkNumber from, const ChannelId& channel, ByteView innerFrame) {
    const auto place = placeOf(from, channel);
    if (!place || innerFrame.size() > m_options.maxFrame) return;
    State& state = *place->state;
    if (!state.sides[place->side].bucket.take(now.at, innerFrame.size())) return;
    if (!state.accepted) {
        if (place->side == Caller) keepPending(now, state, innerFrame);
        return;
    }
    state.bytes += innerFrame.size();
    if (state.bytes > m_options.maxBytes) return end(place->number, std::nullopt);
    state.expires = now.at + m_options.idleFor;
    const Side& other = state.sides[place->side == Caller ? Callee : Caller];
    m_forwards.add(other.link, other.id, innerFrame);
}

void Relay::keepPending(Now now, State& channel, ByteView innerFrame) {
    if (channel.sides[Callee].link == 0) return;
    if (channel.pending.size() >= m_options.maxPendingFrames) channel.pending.pop_front();
    channel.pending.push_back({now.at, toBytes(innerFrame)});
}

void Relay::end(Number number, std::optional<SideIndex> by) {
    const auto at = m_channels.find(number);
    for (const SideIndex side : {Caller, Callee}) {
        const Side& it = at->second.sides[side];
        if (it.link != 0 && at->second.accepted && by != side) m_ended.push_back({it.link, it.id});
        m_places.erase(it.id);
        forget(it.link, number);
    }
    m_channels.erase(at);
}

void Relay::forget(session::LinkNumber link, Number number) {
    const auto at = m_byLink.find(link);
    if (at == m_byLink.end()) return;
    at->second.erase(number);
    if (at->second.empty()) m_byLink.erase(at);
}

void Relay::wake(Now now) {
    if (now.at < m_nextSweep) return;
    std::vector<Number> expired;
    for (auto& [number, state] : m_channels) {
        if (now.at >= state.expires) expired.push_back(number);
        while (!state.pending.empty() && now.at - state.pending.front().since > m_options.pendingFor)
            state.pending.pop_front();
    }
    for (const Number number : expired) end(number, std::nullopt);
    m_nextSweep = m_channels.empty() ? kNever : now.at + kSweepEvery;
}

Instant Relay::nextWake() const {
    return m_nextSweep;
}

void Relay::take(ForwardBatch& forwards, std::vector<Ended>& ended) {
    forwards.append(m_forwards);
    m_forwards.clear();
    ended.insert(ended.end(), m_ended.begin(), m_ended.end());
    m_ended.clear();
}

}  // namespace kith::overlay
