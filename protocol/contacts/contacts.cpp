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

Record Contacts::Entry::record() const {
    Record out;
    out.user = user;
    out.key = key;
    out.displayName = displayName;
    out.weWant = weWant;
    out.ourVersion = ourVersion;
    out.toldVersion = toldVersion;
    out.theyWant = theyWant;
    out.theirVersion = theirVersion;
    out.refusedVersion = refusedVersion;
    if (remarks) out.remarks = *remarks;
    if (!texts) return out;
    out.ourText = texts->ours;
    out.theirText = texts->theirs;
    return out;
}

void Contacts::Entry::set(const Record& record) {
    key = record.key;
    displayName = record.displayName;
    weWant = record.weWant;
    ourVersion = record.ourVersion;
    toldVersion = record.toldVersion;
    theyWant = record.theyWant;
    theirVersion = record.theirVersion;
    refusedVersion = record.refusedVersion;
    const bool hasTexts = !record.ourText.empty() || !record.theirText.empty();
    texts = hasTexts ? std::make_unique<Texts>(Texts{record.ourText, record.theirText}) : nullptr;
    remarks = record.remarks ? std::make_unique<Remarks>(*record.remarks) : nullptr;
}

Contacts::Business& Contacts::Entry::begin() {
    if (business) return *business;
    business = std::make_unique<Business>();
    business->ourStored = ourVersion;
    business->theirStored = theirVersion;
    return *business;
}

void Contacts::Entry::rest() {
    if (!business || !business->links.empty() || business->nextTry != kNever || business->unsaved) return;
    if (business->ourStored >= ourVersion && business->theirStored >= theirVersion) business.reset();
}

Contacts::Contacts(Profile own, const std::vector<Record>& stored, Environment environment)
    : m_own(std::move(own)), m_environment(environment) {
    m_entries.reserve(stored.size());
    for (const Record& record : stored) {
        Entry& entry = *m_entries.insert(Entry(record)).first;
        if (entry.isUntold()) entry.begin().nextTry = Instant{};
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
    if (entry->key != key && !entry->key.isNull()) trust(now, *entry, key);
    entry->key = key;
    if (isDisplayName(displayName)) entry->displayName = displayName;
    setOurStance(now, *entry, true, text);
    return {};
}

Result<void> Contacts::accept(Now now, const UserName& user) {
    if (relation(user) != Relation::RequestReceived) return fail(Fault::NotFound, "contact request");
    setOurStance(now, *m_entries.find(user), true, {});
    return {};
}

Result<void> Contacts::decline(Now now, const UserName& user) {
    if (relation(user) != Relation::RequestReceived) return fail(Fault::NotFound, "contact request");
    setOurStance(now, *m_entries.find(user), false, {});
    return {};
}

Result<void> Contacts::withdraw(Now now, const UserName& user) {
    if (relation(user) != Relation::RequestSent) return fail(Fault::NotFound, "contact request");
    setOurStance(now, *m_entries.find(user), false, {});
    return {};
}

Result<void> Contacts::remove(Now now, const UserName& user) {
    Entry* entry = m_entries.find(user);
    if (!entry || !entry->weWant) return fail(Fault::NotFound, "contact");
    forgetRemarks(now, *entry);
    setOurStance(now, *entry, false, {});
    return {};
}

void Contacts::merge(Now now, const std::vector<Record>& fromVault) {
    for (const Record& record : fromVault) {
        if (record.user == m_own.user || record.user.isEmpty()) continue;
        Entry* entry = entryFor(record.user);
        if (!entry) continue;
        const Record before = entry->record();
        const Record next = merged(before, record);
        if (next != before) change(now, *entry, next, next == record);
    }
}

void Contacts::seen(Now now, const UserName& user) {
    Entry* entry = m_entries.find(user);
    if (!entry || !entry->isUntold()) return;
    Business& business = entry->begin();
    business.backoff.reset();
    business.nextTry = now.at;
    wake(now);
}

std::optional<Record> Contacts::find(const UserName& user) const {
    const Entry* entry = m_entries.find(user);
    return entry ? std::optional(entry->record()) : std::nullopt;
}

Relation Contacts::relation(const UserName& user) const {
    const Entry* entry = m_entries.find(user);
    return entry ? relationOf(*entry) : Relation::Stranger;
}

std::vector<Record> Contacts::records() const {
    std::vector<Record> out;
    out.reserve(m_entries.size());
    for (const Entry& entry : m_entries) out.push_back(entry.record());
    return out;
}

Contacts::Entry* Contacts::entryFor(const UserName& user) {
    if (Entry* entry = m_entries.find(user)) return entry;
    if (m_entries.size() >= kMaxRecords && !makeRoom()) return nullptr;
    return m_entries.insert(Entry(user)).first;
}

// What is over and was told may go: the oldest first.
bool Contacts::makeRoom() {
    const Entry* oldest = nullptr;
    const auto age = [](const Entry& e) { return std::max(e.ourVersion, e.theirVersion); };
    for (const Entry& entry : m_entries) {
        if (relationOf(entry) != Relation::Stranger || entry.isUntold()) continue;
        if (!oldest || age(entry) < age(*oldest)) oldest = &entry;
    }
    if (!oldest) return false;
    m_output.stores.push_back(EraseRecord{++m_lastTicket, oldest->user});
    m_entries.erase(UserName(oldest->user));
    return true;
}

std::size_t Contacts::receivedRequests() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        m_entries, [](const Entry& each) { return relationOf(each) == Relation::RequestReceived; }));
}

std::uint64_t Contacts::nextVersion(Now now, const Entry& entry) const {
    const auto wall = static_cast<std::uint64_t>(std::max<std::int64_t>(0, now.wall.time_since_epoch().count()));
    return std::max(wall, entry.ourVersion + 1);
}

void Contacts::setOurStance(Now now, Entry& entry, bool wants, const std::string& text) {
    Record next = entry.record();
    next.weWant = wants;
    next.ourText = text;
    next.ourVersion = nextVersion(now, entry);
    if (!wants) next.refusedVersion = next.theirVersion;
    change(now, entry, next);
}

void Contacts::change(Now now, Entry& entry, const Record& next, bool elsewhere) {
    const Record before = entry.record();
    const bool newStance = next.ourVersion != entry.ourVersion || entry.isBlocked();
    Business& business = entry.begin();
    entry.set(next);
    save(entry);
    if (newStance && entry.isUntold()) {
        business.backoff.reset();
        business.nextTry = now.at + kLongestRetry;
    }
    const bool isTrustedAgain = contacts::isKeyInDoubt(before) && !contacts::isKeyInDoubt(entry);
    const bool hasNewKey = !before.key.isNull() && before.key != entry.key;
    m_output.events.push_back(
        RecordChanged{entry.user, relationOf(before), relationOf(entry), isTrustedAgain, hasNewKey});
    m_output.events.push_back(VaultOutdated{elsewhere});
    tellTrust(now, before, next);
}

void Contacts::save(Entry& entry) {
    entry.begin().unsaved = false;
    m_writes[++m_lastTicket] = {entry.user, entry.ourVersion, entry.theirVersion};
    m_output.stores.push_back(SaveRecord{m_lastTicket, entry.record()});
}

// On every link that hasn't had it; and looks for links if nobody has confirmed it.
void Contacts::tell(Entry& entry) {
    if (!entry.isSayable()) return;
    if (entry.business)
        for (Link& link : entry.business->links)
            if (link.sent < entry.ourVersion) sendTo(entry, link);
    if (entry.isUntold()) m_output.peer.reach.push_back(entry.user);
}

void Contacts::sendTo(const Entry& entry, Link& link) {
    link.sent = entry.ourVersion;
    const bool asking = relationOf(entry) == Relation::RequestSent && entry.texts;
    const Stance stance{entry.weWant, entry.ourVersion,  entry.refusedVersion,
                        m_own.key,    m_own.displayName, asking ? entry.texts->ours : std::string()};
    m_output.peer.sends.push_back({{entry.user, link.device}, session::Stream::Contacts, wire::encodeCommand(stance)});
}

void Contacts::confirm(const Entry& entry) {
    if (!entry.business) return;
    for (const Link& link : entry.business->links)
        m_output.peer.sends.push_back({{entry.user, link.device},
                                       session::Stream::Contacts,
                                       wire::encodeCommand(StanceKept{entry.theirStored()})});
}

void Contacts::deviceUp(Now now, const peer::Device& device) {
    Entry* entry = m_entries.find(device.user);
    if (!entry) return;
    Link& link = linkTo(*entry, device.device);
    if (!entry->isSayable()) return;
    if (link.sent < entry->ourVersion) sendTo(*entry, link);
    if (entry->isUntold()) entry->begin().nextTry = now.at + kLongestRetry;
}

Contacts::Link& Contacts::linkTo(Entry& entry, const DeviceId& device) {
    auto& links = entry.begin().links;
    const auto at = std::ranges::find(links, device, &Link::device);
    if (at != links.end()) return *at;
    if (links.size() >= kMaxLinks) links.erase(links.begin());
    return links.emplace_back(Link{device});
}

void Contacts::deviceDown(Now now, const peer::Device& device, Fault) {
    Entry* entry = m_entries.find(device.user);
    if (!entry || !entry->business) return;
    Business& business = *entry->business;
    std::erase_if(business.links, [&](const Link& link) { return link.device == device.device; });
    if (entry->isUntold() && business.links.empty())
        business.nextTry = now.at + business.backoff.next(m_environment.random);
    entry->rest();
}

void Contacts::reachFailed(Now now, const UserName& user, Fault) {
    Entry* entry = m_entries.find(user);
    if (!entry || !entry->isUntold()) return;
    Business& business = entry->begin();
    business.nextTry = now.at + business.backoff.next(m_environment.random);
}

void Contacts::receive(Now now, const peer::Device& from, ByteView command) {
    const auto view = wire::parseCommand(command);
    if (!view || from.user == m_own.user || relation(from.user) == Relation::Blocked) return;
    if (const auto stance = wire::decode<Stance>(*view)) return onStance(now, from, *stance);
    if (const auto kept = wire::decode<StanceKept>(*view)) onStanceKept(from, *kept);
}

bool Contacts::mayHear(Now now, const peer::Device& from, const Stance& stance) {
    if (!isRequestText(stance.text) || !isDisplayName(stance.displayName)) return false;
    if (stance.version == 0 || stance.version > kMaxVersion) return false;
    if (!m_environment.owners.owns(from, stance.key)) return false;
    const Entry* entry = m_entries.find(from.user);
    if (entry && !entry->key.isNull() && entry->key != stance.key) {
        m_output.events.push_back(KeyMismatch{from.user});
        keySeen(now, from.user, stance.key);
        return false;
    }
    const bool newRequest = stance.wants && relation(from.user) == Relation::Stranger;
    return !newRequest || receivedRequests() < kMaxReceivedRequests;
}

void Contacts::onStance(Now now, const peer::Device& from, const Stance& stance) {
    if (!mayHear(now, from, stance)) return;
    // From somebody we have nothing to do with, who wants nothing: nothing to keep.
    if (!m_entries.find(from.user) && !stance.wants) {
        m_output.peer.sends.push_back(
            {from, session::Stream::Contacts, wire::encodeCommand(StanceKept{stance.version})});
        return;
    }
    Entry* entry = entryFor(from.user);
    if (!entry) return;
    linkTo(*entry, from.device);
    const Record before = entry->record();
    Record next = withTheirStance(before, stance);
    next.key = stance.key;
    if (next.weWant && stance.refused >= next.ourVersion) {
        next.weWant = false;
        next.ourVersion = nextVersion(now, *entry);
    }
    if (next != before)
        change(now, *entry, next);
    else if (entry->business->unsaved)
        save(*entry);
    if (stance.version <= entry->theirStored()) confirm(*entry);
}

void Contacts::onStanceKept(const peer::Device& from, const StanceKept& kept) {
    Entry* entry = m_entries.find(from.user);
    if (!entry || kept.version <= entry->toldVersion || kept.version > entry->ourVersion) return;
    Business& business = entry->begin();
    entry->toldVersion = kept.version;
    if (!entry->isUntold()) {
        business.nextTry = kNever;
        business.backoff.reset();
    }
    save(*entry);
}

void Contacts::receive(Now now, const Stored& stored) {
    const auto write = m_writes.extract(stored.ticket);
    if (write.empty()) return;
    Entry* entry = m_entries.find(write.mapped().user);
    if (!entry) return;
    Business& business = entry->begin();
    if (stored.error) {
        business.unsaved = true;
        business.nextTry = std::min(business.nextTry, now.at + business.backoff.next(m_environment.random));
        m_output.events.push_back(StoringFailed{*stored.error});
        return;
    }
    const bool newTheirs = write.mapped().theirVersion > business.theirStored;
    business.ourStored = std::max(business.ourStored, write.mapped().ourVersion);
    business.theirStored = std::max(business.theirStored, write.mapped().theirVersion);
    if (newTheirs) confirm(*entry);
    if (!entry->isUntold() && !business.unsaved) business.nextTry = kNever;
    tell(*entry);
    entry->rest();
}

void Contacts::wake(Now now) {
    for (Entry& entry : m_entries) {
        if (entry.nextTry() > now.at) continue;
        Business& business = entry.begin();
        business.nextTry = kNever;
        if (business.unsaved) save(entry);
        if (!entry.isUntold()) {
            entry.rest();
            continue;
        }
        // What was sent and not confirmed is sent again: the link may be up and their disk full.
        for (Link& link : business.links) link.sent = 0;
        tell(entry);
        business.nextTry = now.at + kLongestRetry;
    }
}

Instant Contacts::nextWake() const {
    Instant next = kNever;
    for (const Entry& entry : m_entries) next = std::min(next, entry.nextTry());
    return next;
}

void Contacts::take(Output& out) {
    appendTo(out, m_output);
}

}  // namespace kith::contacts
