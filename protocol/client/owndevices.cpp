// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/owndevices.h"

#include <algorithm>
#include <utility>

#include "protocol/base/bytereader.h"
#include "protocol/base/takeall.h"
#include "protocol/crypto/hash.h"

namespace kith::client {

namespace {

/// Leaves room for the header of an entry and for one entry of the largest size.
constexpr std::size_t kFull = kMaxVaultPart / 2;

/// Cut where one entry of the vault ends and the next begins, whatever it is about.
std::vector<ByteView> entriesOf(ByteView all) {
    std::vector<ByteView> out;
    ByteReader reader(all);
    while (!reader.atEnd()) {
        const auto begin = all.size() - reader.remaining();
        const auto kind = reader.u8();
        const auto size = kind ? reader.varint() : tl::make_unexpected(kind.error());
        if (!size || !reader.bytes(*size)) break;
        out.push_back(all.subspan(begin, all.size() - reader.remaining() - begin));
    }
    return out;
}

}  // namespace

template <class M>
void OwnDevices::sendTo(const DeviceId& device, const M& message) {
    m_output.peer.sends.push_back(
        {{m_environment.self, device}, session::Stream::Contacts, wire::encodeCommand(message)});
}

void OwnDevices::sendTo(const DeviceId& device, const VaultPeople& people) {
    const Bytes all = encode(people);
    Bytes part;
    for (const ByteView entry : entriesOf(all)) {
        if (!part.empty() && part.size() + entry.size() > kFull) sendTo(device, VaultPart{std::exchange(part, {})});
        append(part, entry);
    }
    if (!part.empty()) sendTo(device, VaultPart{std::move(part)});
}

ByteArray<32> OwnDevices::digest() const {
    auto people = m_environment.shelf.everything();
    // Each device finds out by itself what others have heard; that two know it at different times is no difference.
    for (auto& record : people.contacts) record.toldVersion = 0;
    return crypto::sha256(encode(people));
}

void OwnDevices::networkUp(Now now) {
    m_up = true;
    if (hasOthers()) seek(now);
}

void OwnDevices::networkDown() {
    m_up = false;
    m_nextTry = kNever;
}

void OwnDevices::seek(Now now) {
    m_seekUntil = now.at + kPersist;
    m_backoff.reset();
    m_nextTry = m_links.size() < m_others ? now.at : kNever;
}

void OwnDevices::saved() {
    const VaultState state{digest(), true};
    for (const auto& device : m_links) sendTo(device, state);
}

void OwnDevices::deviceUp(Now, const peer::Device& device) {
    if (std::ranges::find(m_links, device.device) != m_links.end()) return;
    if (m_links.size() >= kMaxLinks) m_links.erase(m_links.begin());
    m_links.push_back(device.device);
    // One that our list doesn't name yet.
    m_others = std::max(m_others, m_links.size());
    if (m_links.size() == m_others) m_nextTry = kNever;
    sendTo(device.device, VaultState{digest(), false});
}

void OwnDevices::deviceDown(Now, const peer::Device& device) {
    std::erase(m_links, device.device);
}

void OwnDevices::receive(Now now, const peer::Device& from, ByteView command) {
    const auto view = wire::parseCommand(command);
    if (!view) return;
    if (const auto state = wire::decode<VaultState>(*view)) {
        if (state->digest != digest())
            sendTo(from.device, m_environment.shelf.everything());
        else if (state->saved)
            m_output.savedElsewhere = true;
    } else if (const auto part = wire::decode<VaultPart>(*view)) {
        if (const auto people = decodeVaultPeople(part->people)) m_environment.shelf.merge(now, *people);
    }
}

void OwnDevices::tellChanges(Now now) {
    if (m_changed.empty()) return;
    const auto changes = m_environment.shelf.about(std::exchange(m_changed, {}));
    for (const auto& device : m_links) sendTo(device, changes);
    // Those that are linked have it; who else is on line is looked for.
    if (hasOthers() && m_up) seek(now);
}

void OwnDevices::wake(Now now) {
    if (m_nextTry > now.at) return;
    m_output.peer.reach.push_back(m_environment.self);
    const auto again = now.at + m_backoff.next(m_environment.random);
    m_nextTry = m_links.size() < m_others && again < m_seekUntil ? again : kNever;
}

void OwnDevices::take(Now now, Output& out) {
    tellChanges(now);
    takeAll(m_output.peer.reach, out.peer.reach);
    takeAll(m_output.peer.sends, out.peer.sends);
    out.savedElsewhere |= std::exchange(m_output.savedElsewhere, false);
}

}  // namespace kith::client
