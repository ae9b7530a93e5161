// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/directory/lookup.h"

#include <algorithm>

namespace kith::directory {

LookupNumber Lookup::find(Now now, const UserName& name) {
    return start(now, name);
}

LookupNumber Lookup::fetch(Now now, const PersonKey& person) {
    return start(now, person);
}

LookupNumber Lookup::start(Now now, Question question) {
    const LookupNumber number = ++m_lastNumber;
    if (m_waiting.size() >= kMaxWaiting) {
        m_events.push_back(LookupFailed{number, Fault::Busy});
        return number;
    }
    m_waiting.emplace(number, Waiting{std::move(question), now.at + kGiveUpAfter});
    askNext(now);
    return number;
}

void Lookup::linkUp(Now now) {
    m_linkUp = true;
    askNext(now);
}

void Lookup::linkDown() {
    m_linkUp = false;
    for (auto& [number, waiting] : m_waiting) waiting.askAgain = kNever;
}

void Lookup::askNext(Now now) {
    if (!m_linkUp) return;
    auto asked = std::count_if(m_waiting.begin(), m_waiting.end(),
                               [](const auto& entry) { return entry.second.askAgain != kNever; });
    for (auto& [number, waiting] : m_waiting) {
        if (asked >= static_cast<std::ptrdiff_t>(kMaxAtOnce)) return;
        if (waiting.askAgain != kNever) continue;
        ask(now, waiting);
        ++asked;
    }
}

void Lookup::ask(Now now, Waiting& waiting) {
    waiting.request = ++m_lastRequest;
    waiting.askAgain = now.at + kAskAgainAfter;
    if (const auto* name = std::get_if<UserName>(&waiting.question))
        m_commands.push_back(wire::encodeCommand(FindName{*name}, waiting.request));
    else
        m_commands.push_back(wire::encodeCommand(FetchPerson{std::get<PersonKey>(waiting.question)}, waiting.request));
}

void Lookup::receive(Now now, ByteView command) {
    const auto view = wire::parseCommand(command);
    if (!view) return;
    if (view->number == Found::kNumber) answered<Found>(now, *view, Question(UserName()).index());
    if (view->number == Fetched::kNumber) answered<Fetched>(now, *view, Question(PersonKey()).index());
}

template <class Answer>
void Lookup::answered(Now now, const wire::CommandView& command, std::size_t questionKind) {
    const auto at = std::find_if(m_waiting.begin(), m_waiting.end(), [&](const auto& entry) {
        const Waiting& waiting = entry.second;
        return waiting.askAgain != kNever && command.requestId == waiting.request &&
               waiting.question.index() == questionKind;
    });
    if (at == m_waiting.end()) return;
    const auto answer = wire::decode<Answer>(command);
    auto person = answer ? judge(now.seconds(), at->second.question, *answer)
                         : Result<Person>(tl::make_unexpected(answer.error()));
    if (person)
        m_events.push_back(PersonFound{at->first, std::move(*person)});
    else
        m_events.push_back(LookupFailed{at->first, person.error().fault});
    m_waiting.erase(at);
    askNext(now);
}

template <class Answer>
Result<Person> Lookup::judge(UnixTime now, const Question& question, const Answer& answer) const {
    if (!answer.user) return fail(Fault::NotFound);
    const auto user = verify(m_judge, *answer.user, now);
    if (!user) return tl::make_unexpected(user.error());
    Person out{personKey(user->record.userKey), user->record, {}, {}};
    const auto* name = std::get_if<UserName>(&question);
    if (name ? *name != out.record.name : std::get<PersonKey>(question) != out.key)
        return fail(Fault::NotFound, "somebody else");
    if (isWithdrawn(answer.user->credential) || (m_revocations && m_revocations->hasUserKey(out.key.bytes)))
        return fail(Fault::NotFound, "withdrawn");
    judgeLocations(now, answer, out);
    return out;
}

bool Lookup::isWithdrawn(ByteView chain) const {
    const auto decoded = crypto::decodeChain(chain);
    return m_revocations && decoded && m_revocations->isUnderRevoked(*decoded);
}

template <class Answer>
void Lookup::judgeLocations(UnixTime now, const Answer& answer, Person& person) const {
    if (!answer.devices) return;
    const auto devices = verify(m_judge, *answer.devices, now);
    if (!devices || devices->list.userKey != person.record.userKey || isWithdrawn(answer.devices->server)) return;
    person.devices = devices->list;
    for (const SignedLocation& location : answer.locations) {
        auto verified = verify(m_judge, location, now);
        if (!verified || verified->location.person != person.key || verified->user != person.record.name) continue;
        if (isWithdrawn(location.credential)) continue;
        const auto& listed = person.devices.devices;
        if (std::find(listed.begin(), listed.end(), verified->location.device) == listed.end()) continue;
        person.locations.push_back(std::move(*verified));
    }
}

void Lookup::wake(Now now) {
    for (auto at = m_waiting.begin(); at != m_waiting.end();) {
        if (now.at < at->second.giveUp) {
            if (now.at >= at->second.askAgain) ask(now, at->second);
            ++at;
            continue;
        }
        m_events.push_back(LookupFailed{at->first, Fault::Unreachable});
        at = m_waiting.erase(at);
    }
    askNext(now);
}

Instant Lookup::nextWake() const {
    Instant next = kNever;
    for (const auto& [number, waiting] : m_waiting) next = std::min({next, waiting.giveUp, waiting.askAgain});
    return next;
}

void Lookup::take(std::vector<Bytes>& commands, std::vector<LookupEvent>& events) {
    std::move(m_commands.begin(), m_commands.end(), std::back_inserter(commands));
    std::move(m_events.begin(), m_events.end(), std::back_inserter(events));
    m_commands.clear();
    m_events.clear();
}

}  // namespace kith::directory
