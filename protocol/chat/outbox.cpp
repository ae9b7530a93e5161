// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/chat/outbox.h"

#include <algorithm>

namespace kith::chat {

namespace {

bool contains(const std::vector<DeviceId>& list, const DeviceId& device) {
    return std::find(list.begin(), list.end(), device) != list.end();
}

}  // namespace

void Outbox::add(StoredMessage message, bool onDisk) {
    const std::uint64_t order = message.order;
    m_bytes += message.text.size();
    m_orders[message.id] = order;
    m_byOrder.insert_or_assign(order, Outgoing{std::move(message), onDisk, false, {}});
}

void Outbox::markOnDisk(const MessageId& id) {
    if (const auto at = m_orders.find(id); at != m_orders.end()) m_byOrder.at(at->second).onDisk = true;
}

Outbox::Change Outbox::setDevices(const std::vector<DeviceId>& devices) {
    m_devices = devices;
    if (m_devices.size() > kMaxDevices) m_devices.resize(kMaxDevices);
    for (const auto& [device, order] : m_sentUpTo)
        if (!contains(m_devices, device)) m_devices.push_back(device);
    Change change;
    for (auto at = m_byOrder.begin(); at != m_byOrder.end();) {
        const auto each = at++;
        if (!isSettled(each->second)) continue;
        settle(change, each->second);
        remove(each);
    }
    return change;
}

void Outbox::up(const DeviceId& device) {
    m_sentUpTo[device] = 0;
    if (!contains(m_devices, device)) m_devices.push_back(device);
    if (m_devices.size() > kMaxDevices) m_devices.erase(m_devices.begin());
}

std::vector<MessageId> Outbox::down(const DeviceId& device) {
    std::vector<MessageId> out;
    m_sentUpTo.erase(device);
    for (auto& [order, each] : m_byOrder) {
        const auto carries = [at = order](const auto& link) { return link.second >= at; };
        if (!each.sent || std::any_of(m_sentUpTo.begin(), m_sentUpTo.end(), carries)) continue;
        each.sent = false;
        if (each.message.status == StoredStatus::Waiting) out.push_back(each.message.id);
    }
    return out;
}

void Outbox::forgetSent() {
    for (auto& [device, order] : m_sentUpTo) order = 0;
}

std::vector<Outbox::Sending> Outbox::next(const DeviceId& device) {
    std::vector<Sending> out;
    const auto link = m_sentUpTo.find(device);
    if (link == m_sentUpTo.end()) return out;
    std::size_t count = 0, bytes = 0;
    for (auto& [order, each] : m_byOrder) {
        if (contains(each.keptBy, device)) continue;
        // What is not on disk yet holds up what was written after it: the order is kept.
        if (!each.onDisk || count >= kWindow || bytes >= kWindowBytes) break;
        ++count;
        bytes += each.message.text.size();
        if (order <= link->second) continue;
        link->second = order;
        out.push_back({&each.message, !each.sent});
        each.sent = true;
    }
    return out;
}

bool Outbox::isSettled(const Outgoing& out) const {
    return !out.keptBy.empty() && std::all_of(m_devices.begin(), m_devices.end(),
                                              [&](const auto& each) { return contains(out.keptBy, each); });
}

void Outbox::remove(std::map<std::uint64_t, Outgoing>::iterator at) {
    m_bytes -= at->second.message.text.size();
    m_orders.erase(at->second.message.id);
    m_byOrder.erase(at);
}

void Outbox::settle(Change& change, const Outgoing& out) {
    (out.message.status == StoredStatus::Read ? change.settledRead : change.settled).push_back(out.message.id);
}

Outbox::Change Outbox::kept(const DeviceId& by, const std::vector<MessageId>& ids) {
    Change change;
    for (const MessageId& id : ids) {
        const auto at = m_orders.find(id);
        if (at == m_orders.end()) continue;
        const auto entry = m_byOrder.find(at->second);
        Outgoing& each = entry->second;
        if (!each.onDisk || contains(each.keptBy, by)) continue;
        each.keptBy.push_back(by);
        if (each.message.status == StoredStatus::Waiting) {
            each.message.status = StoredStatus::Delivered;
            change.delivered.push_back(id);
        }
        if (!isSettled(each)) continue;
        settle(change, each);
        remove(entry);
    }
    return change;
}

std::vector<MessageId> Outbox::read(const std::vector<MessageId>& ids) {
    std::vector<MessageId> out;
    for (const MessageId& id : ids) {
        const auto at = m_orders.find(id);
        if (at == m_orders.end()) continue;
        m_byOrder.at(at->second).message.status = StoredStatus::Read;
        out.push_back(id);
    }
    return out;
}

Outbox::Change Outbox::giveUp(UnixMillis written) {
    Change change;
    for (auto at = m_byOrder.begin(); at != m_byOrder.end();) {
        const auto each = at++;
        const StoredMessage& message = each->second.message;
        if (message.status == StoredStatus::Waiting || message.written >= written) continue;
        settle(change, each->second);
        remove(each);
    }
    return change;
}

const StoredMessage* Outbox::find(const MessageId& id) const {
    const auto at = m_orders.find(id);
    return at == m_orders.end() ? nullptr : &m_byOrder.at(at->second).message;
}

bool Outbox::hasUndelivered() const {
    return std::any_of(m_byOrder.begin(), m_byOrder.end(),
                       [](const auto& each) { return each.second.message.status == StoredStatus::Waiting; });
}

bool Outbox::lacksAtALink() const {
    return std::any_of(m_byOrder.begin(), m_byOrder.end(), [&](const auto& each) {
        return std::any_of(m_sentUpTo.begin(), m_sentUpTo.end(),
                           [&](const auto& link) { return !contains(each.second.keptBy, link.first); });
    });
}

}  // namespace kith::chat
