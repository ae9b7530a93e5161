// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

// What we alone say of people: the part of Contacts that nobody else is told of.

#include <algorithm>

#include "protocol/contacts/contacts.h"

namespace kith::contacts {

namespace {

auto notListed() {
    return fail(Fault::NotFound, "contact");
}

std::uint64_t beginningOf(const DeviceId& device) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < sizeof(out); ++i) out = out << 8 | std::to_integer<std::uint64_t>(device.bytes[i]);
    return out;
}

std::uint64_t newestOf(const Remarks& r) {
    return std::max({r.aliasVersion, r.noteVersion, r.favouriteVersion, r.groupsVersion, r.blockedVersion, r.keyVersion,
                     r.verifiedVersion, r.offeredVersion, r.devicesVersion});
}

template <class T>
void put(Remarks& remarks, std::uint64_t version, T Remarks::*field, std::uint64_t Remarks::*fieldVersion, T value) {
    if (remarks.*field == value) return;
    remarks.*field = std::move(value);
    remarks.*fieldVersion = version;
}

const std::vector<std::uint64_t>& devicesOf(const Record& record) {
    static const std::vector<std::uint64_t> kNone;
    return record.remarks ? record.remarks->devices : kNone;
}

bool hasNewDevice(const Record& before, const Record& after) {
    if (before.key != after.key || devicesOf(before).empty()) return false;
    return std::ranges::any_of(devicesOf(after), [&](std::uint64_t device) {
        return std::ranges::find(devicesOf(before), device) == devicesOf(before).end();
    });
}

}  // namespace

template <class Set>
void Contacts::remark(Now now, Entry& entry, Set set) {
    Record next = entry.record();
    Remarks remarks = next.remarks.value_or(Remarks());
    const auto wall = static_cast<std::uint64_t>(std::max<std::int64_t>(0, now.wall.time_since_epoch().count()));
    set(remarks, std::max(wall, newestOf(remarks) + 1));
    if (remarks == next.remarks.value_or(Remarks())) return;
    next.remarks = std::move(remarks);
    change(now, entry, next);
}

template <class Set>
Result<void> Contacts::remarkOnListed(Now now, const UserName& user, Set set) {
    Entry* entry = m_entries.find(user);
    if (!entry || relationOf(*entry) == Relation::Stranger) return notListed();
    remark(now, *entry, set);
    return {};
}

Result<void> Contacts::block(Now now, const UserName& user) {
    if (user == m_own.user || user.isEmpty()) return fail(Fault::InvalidArgument, "block");
    Entry* entry = entryFor(user);
    if (!entry) return fail(Fault::TooLarge, "contact list is full");
    remark(now, *entry, [](Remarks& remarks, std::uint64_t version) {
        put(remarks, version, &Remarks::blocked, &Remarks::blockedVersion, true);
    });
    return {};
}

Result<void> Contacts::unblock(Now now, const UserName& user) {
    if (relation(user) != Relation::Blocked) return notListed();
    Entry& entry = *m_entries.find(user);
    remark(now, entry, [](Remarks& remarks, std::uint64_t version) {
        put(remarks, version, &Remarks::blocked, &Remarks::blockedVersion, false);
    });
    return {};
}

Result<void> Contacts::setAlias(Now now, const UserName& user, const std::string& alias) {
    if (!isAlias(alias)) return fail(Fault::InvalidArgument, "alias");
    return remarkOnListed(now, user, [&](Remarks& remarks, std::uint64_t version) {
        put(remarks, version, &Remarks::alias, &Remarks::aliasVersion, alias);
    });
}

Result<void> Contacts::setNote(Now now, const UserName& user, const std::string& note) {
    if (!isNote(note)) return fail(Fault::InvalidArgument, "note");
    if (bytesOfNotes(user) + note.size() > kMaxNotes) return fail(Fault::TooLarge, "notes");
    return remarkOnListed(now, user, [&](Remarks& remarks, std::uint64_t version) {
        put(remarks, version, &Remarks::note, &Remarks::noteVersion, note);
    });
}

Result<void> Contacts::setFavourite(Now now, const UserName& user, bool favourite) {
    return remarkOnListed(now, user, [&](Remarks& remarks, std::uint64_t version) {
        put(remarks, version, &Remarks::favourite, &Remarks::favouriteVersion, favourite);
    });
}

Result<void> Contacts::setGroups(Now now, const UserName& user, std::vector<std::string> groups) {
    std::ranges::sort(groups);
    if (!isGroupList(groups)) return fail(Fault::InvalidArgument, "groups");
    return remarkOnListed(now, user, [&](Remarks& remarks, std::uint64_t version) {
        put(remarks, version, &Remarks::groups, &Remarks::groupsVersion, std::move(groups));
    });
}

Result<void> Contacts::setVerified(Now now, const UserName& user, bool verified) {
    const Entry* entry = m_entries.find(user);
    if (!entry || entry->key.isNull() || contacts::isKeyInDoubt(*entry)) return notListed();
    const auto key = verified ? std::optional(entry->key) : std::nullopt;
    return remarkOnListed(now, user, [&](Remarks& remarks, std::uint64_t version) {
        put(remarks, version, &Remarks::verified, &Remarks::verifiedVersion, key);
    });
}

bool Contacts::isKeyInDoubt(const UserName& user) const {
    const Entry* entry = m_entries.find(user);
    return entry && contacts::isKeyInDoubt(*entry);
}

Result<void> Contacts::acceptKey(Now now, const UserName& user) {
    Entry* entry = m_entries.find(user);
    if (!entry || !contacts::isKeyInDoubt(*entry)) return fail(Fault::NotFound, "key");
    trust(now, *entry, *entry->remarks->offered);
    return {};
}

void Contacts::trust(Now now, Entry& entry, const UserKey& key) {
    Record next = entry.record();
    Remarks remarks = next.remarks.value_or(Remarks());
    const auto wall = static_cast<std::uint64_t>(std::max<std::int64_t>(0, now.wall.time_since_epoch().count()));
    const auto version = std::max(wall, newestOf(remarks) + 1);
    next.key = key;
    remarks.keyVersion = version;
    // Their first list under this key is nothing new.
    put(remarks, version, &Remarks::devices, &Remarks::devicesVersion, {});
    next.remarks = std::move(remarks);
    change(now, entry, next);
}

void Contacts::keySeen(Now now, const UserName& user, const UserKey& key) {
    Entry* entry = m_entries.find(user);
    if (!entry || entry->key.isNull() || entry->key == key || key.isNull()) return;
    remark(now, *entry, [&](Remarks& remarks, std::uint64_t version) {
        put(remarks, version, &Remarks::offered, &Remarks::offeredVersion, std::optional(key));
    });
}

void Contacts::devicesSeen(Now now, const UserName& user, const std::vector<DeviceId>& devices) {
    Entry* entry = m_entries.find(user);
    if (!entry || devices.empty() || stanceOf(*entry) == Relation::Stranger || entry->isBlocked()) return;
    remark(now, *entry, [&](Remarks& remarks, std::uint64_t version) {
        auto known = remarks.devices;
        for (const DeviceId& device : devices)
            if (const auto id = beginningOf(device); std::ranges::find(known, id) == known.end()) known.push_back(id);
        if (known.size() > kMaxKnownDevices)
            known.erase(known.begin(), known.end() - static_cast<std::ptrdiff_t>(kMaxKnownDevices));
        put(remarks, version, &Remarks::devices, &Remarks::devicesVersion, std::move(known));
    });
}

/// Removing somebody leaves nothing that we wrote of them. A block stays, and what is known of their keys.
void Contacts::forgetRemarks(Now now, Entry& entry) {
    if (!entry.remarks) return;
    remark(now, entry, [](Remarks& remarks, std::uint64_t version) {
        put(remarks, version, &Remarks::alias, &Remarks::aliasVersion, {});
        put(remarks, version, &Remarks::note, &Remarks::noteVersion, {});
        put(remarks, version, &Remarks::favourite, &Remarks::favouriteVersion, false);
        put(remarks, version, &Remarks::groups, &Remarks::groupsVersion, {});
    });
}

std::size_t Contacts::bytesOfNotes(const UserName& butOf) const {
    std::size_t bytes = 0;
    for (const Entry& entry : m_entries)
        if (entry.remarks && entry.user != butOf) bytes += entry.remarks->note.size();
    return bytes;
}

void Contacts::tellTrust(Now now, const Record& before, const Record& after) {
    const Relation is = relationOf(after);
    if (is == Relation::Stranger || is == Relation::Blocked) return;
    if (!contacts::isKeyInDoubt(before) && contacts::isKeyInDoubt(after))
        addTrustEvent(now, after.user, TrustChange::KeyChanged);
    if (!before.key.isNull() && before.key != after.key) addTrustEvent(now, after.user, TrustChange::KeyAccepted);
    if (!isVerified(before) && isVerified(after)) addTrustEvent(now, after.user, TrustChange::Verified);
    if (isVerified(before) && !isVerified(after) && before.key == after.key)
        addTrustEvent(now, after.user, TrustChange::Unverified);
    if (hasNewDevice(before, after)) addTrustEvent(now, after.user, TrustChange::NewDevice);
}

void Contacts::addTrustEvent(Now now, const UserName& user, TrustChange change) {
    m_lastTrust = std::max(now.wall, m_lastTrust + std::chrono::milliseconds(1));
    m_output.stores.push_back(AddTrustEvent{++m_lastTicket, {user, m_lastTrust, change}});
}

}  // namespace kith::contacts
