// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/contacts/contacts.h"

#include <algorithm>
#include <utility>

namespace kith::contacts {

namespace {

void appendTo(Output& out, Output& from) {
    const auto move = [](auto& to, auto& what) {
        to.insert(to.end(), std::make_move_iterator(what.begin()), std::make_move_iterator(what.end()));
        what.clear();
    };
    move(out.peer.reach, from.peer.reach);
    move(out.peer.sends, from.peer.sends);
    move(out.stores, from.stores);
    move(out.events, from.events);
}

// The versions are ours to compare only with themselves; a clock that runs far ahead does no harm.
Record withTheirStance(Record record, const Stance& stance) {
    if (stance.version <= record.theirVersion) return record;
    record.theirVersion = stance.version;
    record.theyWant = stance.wants;
    record.theirText = stance.text;
    record.displayName = stance.displayName;
    return record;
}

}  // namespace

Contacts::Contacts(Profile own, std::vector<Record> stored, Environment environment)
    : m_own(std::move(own)), m_environment(environment) {
    for (Record& record : stored) {
        Entry entry;
        entry.ourStored = record.ourVersion;
        entry.theirStored = record.theirVersion;
        if (record.toldVersion < record.ourVersion) entry.nextTry = Instant{};
        const UserName user = record.user;
        entry.record = std::move(record);
        m_entries.insert_or_assign(user, std::move(entry));
    }
}

Result<void> Contacts::request(Now now, const UserName& user, const UserKey& key, const std::string& displayName,
                               const std::string& text) {
    if (user == m_own.user || user.isEmpty() || !isRequestText(text))
        return fail(Fault::InvalidArgument, "contact request");
    if (const Relation is = relation(user); is == Relation::RequestReceived)
        return accept(now, user);
    else if (is != Relation::Stranger)
        return fail(Fault::AlreadyExists, "contact");
    Entry* entry = entryFor(user);
    if (!entry) return fail(Fault::TooLarge, "contact list is full");
    entry->record.key = key;
    if (isDisplayName(displayName)) entry->record.displayName = displayName;
    setOurStance(now, *entry, true, text);
    return {};
}

Result<void> Contacts::accept(Now now, const UserName& user) {
    if (relation(user) != Relation::RequestReceived) return fail(Fault::NotFound, "contact request");
    setOurStance(now, m_entries.at(user), true, {});
    return {};
}

Result<void> Contacts::decline(Now now, const UserName& user) {
    if (relation(user) != Relation::RequestReceived) return fail(Fault::NotFound, "contact request");
    setOurStance(now, m_entries.at(user), false, {});
    return {};
}

Result<void> Contacts::remove(Now now, const UserName& user) {
    const Relation is = relation(user);
    if (is != Relation::Contact && is != Relation::RequestSent) return fail(Fault::NotFound, "contact");
    setOurStance(now, m_entries.at(user), false, {});
    return {};
}

void Contacts::merge(Now now, const std::vector<Record>& fromVault) {
    for (const Record& record : fromVault) {
        if (record.user == m_own.user || record.user.isEmpty()) continue;
        Entry* entry = entryFor(record.user);
        if (!entry) continue;
        Record next = merged(entry->record, record);
        if (next != entry->record) change(now, *entry, std::move(next));
    }
}

void Contacts::seen(Now now, const UserName& user) {
    const auto at = m_entries.find(user);
    if (at == m_entries.end() || !isUntold(at->second)) return;
    at->second.backoff.reset();
    at->second.nextTry = now.at;
    wake(now);
}

const Record* Contacts::find(const UserName& user) const {
    const auto at = m_entries.find(user);
    return at == m_entries.end() ? nullptr : &at->second.record;
}

Relation Contacts::relation(const UserName& user) const {
    const Record* record = find(user);
    return record ? relationOf(*record) : Relation::Stranger;
}

std::vector<Record> Contacts::records() const {
    std::vector<Record> out;
    for (const auto& [user, entry] : m_entries) out.push_back(entry.record);
    return out;
}

Contacts::Entry* Contacts::entryFor(const UserName& user) {
    if (const auto at = m_entries.find(user); at != m_entries.end()) return &at->second;
    if (m_entries.size() >= kMaxRecords && !makeRoom()) return nullptr;
    Entry& entry = m_entries[user];
    entry.record.user = user;
    return &entry;
}

// What is over and was told may go: the oldest first.
bool Contacts::makeRoom() {
    auto oldest = m_entries.end();
    const auto age = [](const Entry& e) { return std::max(e.record.ourVersion, e.record.theirVersion); };
    for (auto at = m_entries.begin(); at != m_entries.end(); ++at) {
        if (relationOf(at->second.record) != Relation::Stranger || isUntold(at->second)) continue;
        if (oldest == m_entries.end() || age(at->second) < age(oldest->second)) oldest = at;
    }
    if (oldest == m_entries.end()) return false;
    m_output.stores.push_back(EraseRecord{++m_lastTicket, oldest->first});
    m_entries.erase(oldest);
    return true;
}

std::size_t Contacts::receivedRequests() const {
    return static_cast<std::size_t>(std::count_if(m_entries.begin(), m_entries.end(), [](const auto& each) {
        return relationOf(each.second.record) == Relation::RequestReceived;
    }));
}

std::uint64_t Contacts::nextVersion(Now now, const Entry& entry) const {
    const auto wall = static_cast<std::uint64_t>(std::max<std::int64_t>(0, now.wall.time_since_epoch().count()));
    return std::max(wall, entry.record.ourVersion + 1);
}

void Contacts::setOurStance(Now now, Entry& entry, bool wants, const std::string& text) {
    Record next = entry.record;
    next.weWant = wants;
    next.ourText = text;
    next.ourVersion = nextVersion(now, entry);
    if (!wants) next.refusedVersion = next.theirVersion;
    change(now, entry, std::move(next));
}

void Contacts::change(Now now, Entry& entry, Record next) {
    const Relation before = relationOf(entry.record);
    const bool newStance = next.ourVersion != entry.record.ourVersion;
    entry.record = std::move(next);
    save(entry);
    if (newStance) {
        entry.backoff.reset();
        entry.nextTry = now.at + kLongestRetry;
    }
    m_output.events.push_back(RecordChanged{entry.record.user, before, relationOf(entry.record)});
    m_output.events.push_back(VaultOutdated{});
}

void Contacts::save(Entry& entry) {
    entry.unsaved = false;
    m_writes[++m_lastTicket] = {entry.record.user, entry.record.ourVersion, entry.record.theirVersion};
    m_output.stores.push_back(SaveRecord{m_lastTicket, entry.record});
}

// On every link that hasn't had it; and looks for links if nobody has confirmed it.
void Contacts::tell(Entry& entry) {
    if (!isSayable(entry)) return;
    for (Link& link : entry.links)
        if (link.sent < entry.record.ourVersion) sendTo(entry, link);
    if (isUntold(entry)) m_output.peer.reach.push_back(entry.record.user);
}

void Contacts::sendTo(const Entry& entry, Link& link) {
    const Record& record = entry.record;
    link.sent = record.ourVersion;
    const bool asking = relationOf(record) == Relation::RequestSent;
    const Stance stance{record.weWant, record.ourVersion, record.refusedVersion,
                        m_own.key,     m_own.displayName, asking ? record.ourText : std::string()};
    m_output.peer.sends.push_back({{record.user, link.device}, session::Stream::Contacts, wire::encodeCommand(stance)});
}

void Contacts::confirm(const Entry& entry) {
    for (const Link& link : entry.links)
        m_output.peer.sends.push_back({{entry.record.user, link.device},
                                       session::Stream::Contacts,
                                       wire::encodeCommand(StanceKept{entry.theirStored})});
}

void Contacts::deviceUp(Now now, const peer::Device& device) {
    const auto at = m_entries.find(device.user);
    if (at == m_entries.end()) return;
    Entry& entry = at->second;
    Link& link = linkTo(entry, device.device);
    if (!isSayable(entry)) return;
    if (link.sent < entry.record.ourVersion) sendTo(entry, link);
    if (isUntold(entry)) entry.nextTry = now.at + kLongestRetry;
}

Contacts::Link& Contacts::linkTo(Entry& entry, const DeviceId& device) {
    const auto at =
        std::find_if(entry.links.begin(), entry.links.end(), [&](const Link& link) { return link.device == device; });
    if (at != entry.links.end()) return *at;
    if (entry.links.size() >= kMaxLinks) entry.links.erase(entry.links.begin());
    return entry.links.emplace_back(Link{device});
}

void Contacts::deviceDown(Now now, const peer::Device& device, Fault) {
    const auto at = m_entries.find(device.user);
    if (at == m_entries.end()) return;
    std::erase_if(at->second.links, [&](const Link& link) { return link.device == device.device; });
    if (isUntold(at->second) && at->second.links.empty())
        at->second.nextTry = now.at + at->second.backoff.next(m_environment.random);
}

void Contacts::reachFailed(Now now, const UserName& user, Fault) {
    const auto at = m_entries.find(user);
    if (at == m_entries.end() || !isUntold(at->second)) return;
    at->second.nextTry = now.at + at->second.backoff.next(m_environment.random);
}

void Contacts::receive(Now now, const peer::Device& from, ByteView command) {
    const auto view = wire::parseCommand(command);
    if (!view || from.user == m_own.user) return;
    if (const auto stance = wire::decode<Stance>(*view)) return onStance(now, from, *stance);
    if (const auto kept = wire::decode<StanceKept>(*view)) onStanceKept(from, *kept);
}

bool Contacts::mayHear(const peer::Device& from, const Stance& stance) {
    if (!isRequestText(stance.text) || !isDisplayName(stance.displayName)) return false;
    if (stance.version == 0 || stance.version > kMaxVersion) return false;
    if (!m_environment.owners.owns(from, stance.key)) return false;
    const Record* record = find(from.user);
    if (record && !record->key.isNull() && record->key != stance.key) {
        m_output.events.push_back(KeyMismatch{from.user});
        return false;
    }
    const bool newRequest = stance.wants && relation(from.user) == Relation::Stranger;
    return !newRequest || receivedRequests() < kMaxReceivedRequests;
}

void Contacts::onStance(Now now, const peer::Device& from, const Stance& stance) {
    if (!mayHear(from, stance)) return;
    // From somebody we have nothing to do with, who wants nothing: nothing to keep.
    if (!find(from.user) && !stance.wants) {
        m_output.peer.sends.push_back(
            {from, session::Stream::Contacts, wire::encodeCommand(StanceKept{stance.version})});
        return;
    }
    Entry* entry = entryFor(from.user);
    if (!entry) return;
    linkTo(*entry, from.device);
    Record next = withTheirStance(entry->record, stance);
    next.key = stance.key;
    if (next.weWant && stance.refused >= next.ourVersion) {
        next.weWant = false;
        next.ourVersion = nextVersion(now, *entry);
    }
    if (next != entry->record)
        change(now, *entry, std::move(next));
    else if (entry->unsaved)
        save(*entry);
    if (stance.version <= entry->theirStored) confirm(*entry);
}

void Contacts::onStanceKept(const peer::Device& from, const StanceKept& kept) {
    const auto at = m_entries.find(from.user);
    if (at == m_entries.end()) return;
    Entry& entry = at->second;
    if (kept.version <= entry.record.toldVersion || kept.version > entry.record.ourVersion) return;
    entry.record.toldVersion = kept.version;
    if (!isUntold(entry)) {
        entry.nextTry = kNever;
        entry.backoff.reset();
    }
    save(entry);
}

void Contacts::receive(Now now, const Stored& stored) {
    const auto write = m_writes.extract(stored.ticket);
    if (write.empty()) return;
    const auto at = m_entries.find(write.mapped().user);
    if (at == m_entries.end()) return;
    Entry& entry = at->second;
    if (stored.error) {
        entry.unsaved = true;
        entry.nextTry = std::min(entry.nextTry, now.at + entry.backoff.next(m_environment.random));
        m_output.events.push_back(StoringFailed{*stored.error});
        return;
    }
    const bool newTheirs = write.mapped().theirVersion > entry.theirStored;
    entry.ourStored = std::max(entry.ourStored, write.mapped().ourVersion);
    entry.theirStored = std::max(entry.theirStored, write.mapped().theirVersion);
    if (newTheirs) confirm(entry);
    if (!isUntold(entry) && !entry.unsaved) entry.nextTry = kNever;
    tell(entry);
}

void Contacts::wake(Now now) {
    for (auto& [user, entry] : m_entries) {
        if (entry.nextTry > now.at) continue;
        entry.nextTry = kNever;
        if (entry.unsaved) save(entry);
        if (!isUntold(entry)) continue;
        // What was sent and not confirmed is sent again: the link may be up and their disk full.
        for (Link& link : entry.links) link.sent = 0;
        tell(entry);
        entry.nextTry = now.at + kLongestRetry;
    }
}

Instant Contacts::nextWake() const {
    Instant next = kNever;
    for (const auto& [user, entry] : m_entries) next = std::min(next, entry.nextTry);
    return next;
}

void Contacts::take(Output& out) {
    appendTo(out, m_output);
}

}  // namespace kith::contacts
