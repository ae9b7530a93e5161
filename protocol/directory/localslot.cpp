// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/directory/localslot.h"

#include <algorithm>
#include <utility>

#include "protocol/directory/searchanswer.h"

namespace kith::directory {

namespace {

/// What has expired is never handed out; sweeping only frees it.
constexpr Duration kSweepEvery = std::chrono::minutes(5);

Verdict refused(Refusal refusal, std::uint64_t held = 0) {
    return {refusal, held};
}
Verdict accepted(std::uint64_t held) {
    return {std::nullopt, held};
}

Verdict refusedBy(const Error& error) {
    switch (error.fault) {
        case Fault::CredentialExpired:
        case Fault::CertificateDates: return refused(Refusal::Expired);
        default: return refused(Refusal::Invalid);
    }
}

/// The same again is as good as new: a writer that lost the answer asks again.
bool isNewer(std::uint64_t sequence, ByteView blob, std::uint64_t heldSequence, ByteView heldBlob) {
    return sequence > heldSequence || (sequence == heldSequence && std::ranges::equal(blob, heldBlob));
}

bool contains(const std::vector<DeviceId>& devices, const DeviceId& device) {
    return std::find(devices.begin(), devices.end(), device) != devices.end();
}

}  // namespace

UnixTime LocalSlot::Person::firstExpiry() const {
    UnixTime first = UnixTime::max();
    if (user) first = std::min(first, user->facts.expires);
    if (devices) first = std::min(first, devices->facts.expires);
    for (const auto& [device, held] : locations) first = std::min(first, held.facts.expires);
    return first;
}

void LocalSlot::store(Now now, SlotTicket ticket, const Publish& records) {
    m_answers.push_back({ticket, storeAll(now, records)});
}

Published LocalSlot::storeAll(Now now, const Publish& records) {
    // The list before the location: a new device comes with the list that names it.
    Published out;
    if (records.user) out.user = storeUser(now, *records.user);
    if (records.devices) out.devices = storeDevices(now, *records.devices);
    if (records.location) out.location = storeLocation(now, *records.location);
    return out;
}

Verdict LocalSlot::storeUser(Now now, const SignedUserRecord& record) {
    auto facts = verify(m_judge, record, now.seconds());
    if (!facts) return refusedBy(facts.error());
    const PersonKey key = personKey(facts->record.userKey);
    Person* person = personFor(key);
    if (!person) return refused(Refusal::Full);
    const std::uint64_t held = person->user ? person->user->facts.record.sequence : 0;
    if (person->user && !isNewer(facts->record.sequence, record.record, held, person->user->record.record))
        return refused(Refusal::Stale, held);
    if (!claimName(key, *facts)) {
        changed(now, key);
        return refused(Refusal::NameHeld);
    }
    const std::uint64_t sequence = facts->record.sequence;
    setUser(key, *person, HeldUser{record, std::move(*facts)});
    changed(now, key);
    return accepted(sequence);
}

bool LocalSlot::claimName(const PersonKey& person, const VerifiedUserRecord& claim) {
    const auto at = m_names.find(claim.record.name);
    if (at == m_names.end() || at->second == person) return true;
    Person& holder = m_people.at(at->second);
    if (holder.user->facts.credentialExpires >= claim.credentialExpires) return false;
    m_unsaved.insert(at->second);
    eraseUser(holder);
    return true;
}

Verdict LocalSlot::storeDevices(Now now, const SignedDeviceList& list) {
    auto facts = verify(m_judge, list, now.seconds());
    if (!facts) return refusedBy(facts.error());
    const PersonKey key = personKey(facts->list.userKey);
    Person* person = personFor(key);
    if (!person) return refused(Refusal::Full);
    if (person->devices) {
        const auto& held = *person->devices;
        if (!isNewer(facts->list.epoch, list.list, held.facts.list.epoch, held.record.list))
            return refused(Refusal::Stale, held.facts.list.epoch);
        // The same list with a later countersignature replaces the one that would end earlier, not the other way round.
        if (facts->list.epoch == held.facts.list.epoch && facts->expires <= held.facts.expires)
            return accepted(facts->list.epoch);
    }
    const std::uint64_t epoch = facts->list.epoch;
    std::erase_if(person->locations, [&](const auto& entry) { return !contains(facts->list.devices, entry.first); });
    person->devices = HeldDevices{list, std::move(*facts)};
    changed(now, key);
    return accepted(epoch);
}

Verdict LocalSlot::storeLocation(Now now, const SignedLocation& location) {
    auto facts = verify(m_judge, location, now.seconds());
    if (!facts) return refusedBy(facts.error());
    const PersonKey key = facts->location.person;
    Person* person = personFor(key);
    if (!person) return refused(Refusal::Full);
    const DeviceId device = facts->location.device;
    if (person->devices && !contains(person->devices->facts.list.devices, device)) return refused(Refusal::Invalid);
    const auto at = person->locations.find(device);
    if (at != person->locations.end()) {
        const std::uint64_t held = at->second.facts.location.sequence;
        if (!isNewer(facts->location.sequence, location.location, held, at->second.record.location))
            return refused(Refusal::Stale, held);
    } else if (person->locations.size() >= kMaxDevices) {
        return refused(Refusal::Full);
    }
    const std::uint64_t sequence = facts->location.sequence;
    person->locations.insert_or_assign(device, HeldLocation{location, std::move(*facts)});
    changed(now, key);
    return accepted(sequence);
}

LocalSlot::Person* LocalSlot::personFor(const PersonKey& key) {
    const auto at = m_people.find(key);
    if (at != m_people.end()) return &at->second;
    if (m_people.size() >= m_options.maxPeople) return nullptr;
    return &m_people[key];
}

void LocalSlot::changed(Now now, const PersonKey& key) {
    if (const auto at = m_expiryOf.find(key); at != m_expiryOf.end()) {
        m_expiries.erase({at->second, key});
        m_expiryOf.erase(at);
    }
    const auto at = m_people.find(key);
    m_unsaved.insert(key);
    if (at->second.isEmpty()) {
        m_people.erase(at);
    } else {
        const UnixTime first = at->second.firstExpiry();
        m_expiries.insert({first, key});
        m_expiryOf[key] = first;
    }
    if (m_expiries.empty())
        m_nextSweep = kNever;
    else if (m_nextSweep == kNever)
        m_nextSweep = now.at + kSweepEvery;
}

void LocalSlot::setUser(const PersonKey& key, Person& person, HeldUser user) {
    if (person.user) eraseUser(person);
    const UserRecord& record = user.facts.record;
    m_names[record.name] = key;
    if (record.findable == Findable::Everybody) person.indexed = m_index.add(key, record.name, record.displayName);
    person.user = std::move(user);
}

void LocalSlot::eraseUser(Person& person) {
    m_names.erase(person.user->facts.record.name);
    if (person.indexed) m_index.remove(*std::exchange(person.indexed, std::nullopt));
    person.user.reset();
}

void LocalSlot::expire(Person& person, UnixTime now) {
    if (person.user && person.user->facts.expires <= now) eraseUser(person);
    if (person.devices && person.devices->facts.expires <= now) person.devices.reset();
    std::erase_if(person.locations, [&](const auto& entry) { return entry.second.facts.expires <= now; });
}

void LocalSlot::wake(Now now) {
    if (now.at < m_nextSweep) return;
    m_nextSweep = now.at + kSweepEvery;
    while (!m_expiries.empty() && m_expiries.begin()->first <= now.seconds()) {
        const PersonKey key = m_expiries.begin()->second;
        expire(m_people.at(key), now.seconds());
        changed(now, key);
    }
    if (m_expiries.empty()) m_nextSweep = kNever;
}

template <class Answer>
Answer LocalSlot::everythingOf(UnixTime now, const PersonKey& key) const {
    Answer out;
    const auto at = m_people.find(key);
    if (at == m_people.end()) return out;
    const Person& person = at->second;
    if (person.user && person.user->facts.expires > now) out.user = person.user->record;
    if (person.devices && person.devices->facts.expires > now) out.devices = person.devices->record;
    for (const auto& [device, held] : person.locations)
        if (held.facts.expires > now) out.locations.push_back(held.record);
    return out;
}

void LocalSlot::find(Now now, SlotTicket ticket, const UserName& name) {
    Found answer;
    if (const auto person = named(name)) answer = everythingOf<Found>(now.seconds(), *person);
    // Without a user record that stands, there is nobody of this name.
    if (!answer.user) answer = {};
    m_answers.push_back({ticket, std::move(answer)});
}

void LocalSlot::fetch(Now now, SlotTicket ticket, const PersonKey& person) {
    m_answers.push_back({ticket, everythingOf<Fetched>(now.seconds(), person)});
}

std::optional<PersonKey> LocalSlot::named(const UserName& name) const {
    const auto at = m_names.find(name);
    if (at == m_names.end() || m_people.at(at->second).user->facts.record.findable == Findable::Nobody)
        return std::nullopt;
    return at->second;
}

void LocalSlot::search(Now now, SlotTicket ticket, const SearchQuery& query) {
    auto people = m_index.search(query);
    const auto name = UserName::parse(query.text());
    if (const auto exactly = name ? named(*name) : std::nullopt) {
        std::erase(people, *exactly);
        people.insert(people.begin(), *exactly);
    }
    SearchAnswer answer;
    for (const PersonKey& person : people) {
        const HeldUser& user = *m_people.at(person).user;
        if (user.facts.expires > now.seconds()) answer.add(user.record);
    }
    m_answers.push_back({ticket, answer.take()});
}

void LocalSlot::take(std::vector<SlotAnswer>& answers) {
    std::move(m_answers.begin(), m_answers.end(), std::back_inserter(answers));
    m_answers.clear();
}

void LocalSlot::take(std::vector<KeepRequest>& requests) {
    for (const PersonKey& key : m_unsaved) {
        const auto at = m_people.find(key);
        if (at == m_people.end()) {
            requests.push_back(DropRecords{key});
            continue;
        }
        KeptRecords kept;
        if (at->second.user) kept.user = at->second.user->record;
        if (at->second.devices) kept.devices = at->second.devices->record;
        for (const auto& [device, held] : at->second.locations) kept.locations.push_back(held.record);
        requests.push_back(KeepRecords{key, wire::encodeObjects(kept)});
    }
    m_unsaved.clear();
}

Result<void> LocalSlot::restore(Now now, const KeepRecords& kept) {
    const auto records = wire::decodeObjects<KeptRecords>(kept.records);
    if (!records) return tl::make_unexpected(records.error());
    Publish publish{records->user, records->devices, std::nullopt};
    const Published verdicts = storeAll(now, publish);
    bool complete = !(verdicts.user && verdicts.user->refusal) && !(verdicts.devices && verdicts.devices->refusal);
    for (const SignedLocation& location : records->locations)
        complete = !storeLocation(now, location).refusal && complete;
    // What was taken as it was needs no saving again; what was left out goes at the next change.
    if (complete) m_unsaved.erase(kept.person);
    if (!complete) return fail(Fault::Malformed, "kept records");
    return {};
}

}  // namespace kith::directory
