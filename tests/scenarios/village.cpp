// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/scenarios/village.h"

#include <algorithm>

namespace kith::test {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view kPassword = "correct horse";
constexpr Duration kGlance = 200ms;
/// Until who came back is found again by everybody.
constexpr Duration kRecovery = 10s;

}  // namespace

Village::Village(std::uint64_t seed, std::size_t size) : SmallNetwork(seed), m_signingUp(size), m_calmFrom(size) {
    world.conditions.delay = 80ms;
    world.conditions.jitter = 20ms;
    world.conditions.loss = 0.05;
    world.conditions.duplication = 0.02;
    world.conditions.reordering = 0.05;
    for (std::size_t i = 0; i < size; ++i) m_people.push_back(&add("person" + std::to_string(i), toneOf(i)));
}

bool Village::eventually(const std::function<bool()>& condition, Duration most, Duration glance) {
    const auto until = world.at() + most;
    while (!condition()) {
        if (world.at() >= until) return false;
        world.run(glance);
    }
    return true;
}

bool Village::allArriveWithin(Duration most) {
    return eventually([this] { return allHaveArrived(); }, most, 2s);
}

void Village::mendDisks() {
    disk.faults = {};
    for (auto* who : m_people) who->store.faults = {};
}

bool Village::everybodySignsUp() {
    for (std::size_t i = 0; i < size(); ++i) {
        m_signingUp[i] = person(i).ask(
            engine::SignUp{link(), person(i).name.text(), "The " + person(i).name.text(), std::string(kPassword)});
        world.run(world.random.within(kGlance));
    }
    const auto allDone = [&] {
        bool all = true;
        for (std::size_t i = 0; i < size(); ++i) all &= signUpGoesOn(i);
        return all;
    };
    return eventually(allDone, 5min) && everybodyIsOnline();
}

bool Village::signUpGoesOn(std::size_t number) {
    auto& who = person(number);
    const auto outcome = who.outcome(m_signingUp[number]);
    if (!outcome) return false;
    if (outcome->reason == engine::Reason::None) return true;
    // A disk that failed: signed in nevertheless, and what is to be kept is written once more.
    if (outcome->reason == engine::Reason::StorageBroken && who.account().connection == engine::Connection::Online)
        return true;
    // As people do: once more. If the account was made and the answer lost, the name is theirs.
    if (outcome->reason == engine::Reason::NameTaken)
        m_signingUp[number] = who.ask(engine::SignIn{link(), who.name.text(), std::string(kPassword)});
    else
        m_signingUp[number] =
            who.ask(engine::SignUp{link(), who.name.text(), "The " + who.name.text(), std::string(kPassword)});
    return false;
}

bool Village::everybodyIsOnline() {
    const auto isOnline = [](const PersonAtWork* who) {
        return who->program && who->program->engine.account().connection == engine::Connection::Online;
    };
    return eventually([&] { return std::all_of(m_people.begin(), m_people.end(), isOnline); }, 5min);
}

engine::Relation Village::relation(std::size_t from, std::size_t to) const {
    const auto contact = person(from).contact(person(to).name);
    return contact ? contact->relation : engine::Relation::Stranger;
}

bool Village::hasFound(const Meeting& meeting) const {
    const auto& name = person(meeting.to).name;
    for (const auto& found : person(meeting.from).all<engine::PeopleFound>())
        if (found.request == meeting.search && found.people.size() == 1)
            return found.people.front().user == name && found.people.front().displayName == "The " + name.text();
    return false;
}

bool Village::meetingGoesOn(Meeting& meeting) {
    using engine::Relation;
    auto& [from, to, search] = meeting;
    if (!isAlive(from) || !isAlive(to)) return false;
    const auto here = relation(from, to);
    const auto there = relation(to, from);
    if (here == Relation::Stranger && there == Relation::Stranger) {
        if (search != 0 && hasFound(meeting))
            person(from).ask(engine::AddContact{person(to).name, "It's me"});
        else
            search = person(from).ask(engine::FindPeople{person(to).name.text()});
    }
    if (there == Relation::RequestReceived) person(to).ask(engine::AcceptRequest{person(from).name});
    return here == Relation::Contact && there == Relation::Contact;
}

bool Village::neighboursMeet(std::size_t count) {
    std::vector<Meeting> left;
    for (std::size_t i = 0; i < size(); ++i)
        for (std::size_t step = 1; step <= count; ++step) left.push_back({i, (i + step) % size()});
    const auto until = world.at() + 10min;
    while (!left.empty() && world.at() < until) {
        std::erase_if(left, [this](Meeting& meeting) { return meetingGoesOn(meeting); });
        world.run(5s);
    }
    return left.empty();
}

void Village::kill(std::size_t number) {
    lookAtOutcomes();
    misfortune(number);
    person(number).kill();
}

void Village::restart(std::size_t number) {
    person(number).restart();
    misfortune(number);
}

void Village::misfortune(std::optional<std::size_t> number) {
    for (auto& conversation : m_conversations)
        if (!conversation.over && (!number || conversation.from == *number || conversation.to == *number))
            conversation.disturbed = true;
    for (std::size_t i = 0; i < size(); ++i)
        if (!number || i == *number) m_calmFrom[i] = world.at() + kRecovery;
}

void Village::killSoon(std::size_t number, Duration wait, Duration dead) {
    world.after(wait, [this, number, dead] {
        if (!isAlive(number)) return;
        kill(number);
        world.after(dead, [this, number] { restart(number); });
    });
}

void Village::killServerSoon(Duration wait, Duration dead) {
    world.after(wait, [this, dead] {
        if (!server) return;
        killServer();
        misfortune();
        world.after(dead, [this] {
            restartServer();
            misfortune();
        });
    });
}

void Village::write(std::size_t from, std::size_t to) {
    if (!isAlive(from)) return;
    auto text = std::to_string(m_said.size()) + " from " + std::to_string(from);
    const auto number = person(from).ask(engine::SendText{person(to).name, text});
    m_said.push_back({from, to, std::move(text), number});
}

void Village::lookAtOutcomes() {
    for (auto& said : m_said) {
        if (said.number == 0 || !isAlive(said.from)) continue;
        const auto outcome = person(said.from).outcome(said.number);
        if (!outcome) continue;
        said.accepted = outcome->reason == engine::Reason::None;
        said.number = 0;
    }
}

std::size_t Village::acceptedCount() {
    lookAtOutcomes();
    return static_cast<std::size_t>(
        std::count_if(m_said.begin(), m_said.end(), [](const Said& said) { return said.accepted; }));
}

std::vector<std::string> Village::textsOf(std::size_t holder, std::size_t other, bool ours) {
    std::vector<std::string> out;
    for (const auto& entry : person(holder).store.history(person(other).name))
        if (const auto* message = std::get_if<chat::StoredMessage>(&entry); message && message->ours == ours)
            out.push_back(message->text);
    return out;
}

bool Village::allHaveArrived() {
    lookAtOutcomes();
    return std::all_of(m_said.begin(), m_said.end(), [&](const Said& said) {
        if (!said.accepted) return true;
        const auto texts = textsOf(said.to, said.from, false);
        return std::find(texts.begin(), texts.end(), said.text) != texts.end();
    });
}

std::string Village::wrong(Order order) {
    lookAtOutcomes();
    std::map<std::pair<std::size_t, std::size_t>, std::vector<const Said*>> conversations;
    for (const auto& said : m_said) conversations[{said.from, said.to}].push_back(&said);
    for (const auto& [ends, all] : conversations) {
        auto read = textsOf(ends.second, ends.first, false);
        const auto kept = textsOf(ends.first, ends.second, true);
        if (order == Order::AsTheyCame && std::is_permutation(read.begin(), read.end(), kept.begin(), kept.end()))
            read = kept;
        // What the writer's disk has, its other end has, in the same order, once. The rest was never said to be there.
        if (read != kept) return "from " + std::to_string(ends.first) + " to " + std::to_string(ends.second);
        std::vector<std::string> said;
        for (const auto* one : all)
            if (one->accepted || std::find(kept.begin(), kept.end(), one->text) != kept.end())
                said.push_back(one->text);
        if (said != kept) return "said by " + std::to_string(ends.first) + " to " + std::to_string(ends.second);
    }
    return {};
}

bool Village::hears(std::size_t listener, std::size_t speaker) {
    const auto& sound = person(listener).sound;
    return sound.share(toneOf(speaker)) > 0.7 && sound.loudness() > 0.01;
}

std::optional<engine::CallPhase> Village::phaseOf(std::size_t number) const {
    const auto call = isAlive(number) ? person(number).call() : std::nullopt;
    return call ? std::optional(call->phase) : std::nullopt;
}

bool Village::hasCall(std::size_t number) const {
    return phaseOf(number).value_or(engine::CallPhase::Ended) != engine::CallPhase::Ended;
}

void Village::call(std::size_t from, std::size_t to) {
    if (!isAlive(from)) return;
    const bool calm = server && world.at() >= std::max(m_calmFrom[from], m_calmFrom[to]);
    m_conversations.push_back({from, to, world.at(), !calm});
    person(from).ask(engine::PlaceCall{person(to).name});
}

void Village::callsGoOn() {
    for (auto& conversation : m_conversations)
        if (!conversation.over) goesOn(conversation);
}

void Village::goesOn(Conversation& conversation) {
    using engine::CallPhase;
    auto& [from, to, begun, disturbed, heard, over] = conversation;
    if (phaseOf(to) == CallPhase::Incoming) person(to).ask(engine::AnswerCall{person(to).call()->id});
    const bool both = phaseOf(from) == CallPhase::Active && phaseOf(to) == CallPhase::Active;
    if (!heard && both && hears(from, to) && hears(to, from)) {
        heard = true;
        person(from).ask(engine::HangUp{person(from).call()->id});
    }
    // At its very beginning nobody knows of it yet.
    over = !hasCall(from) && !hasCall(to) && world.at() > begun + 2s;
    if (over) judge(conversation);
}

void Village::judge(const Conversation& conversation) {
    for (const auto number : {conversation.from, conversation.to}) {
        const auto call = isAlive(number) ? person(number).call() : std::nullopt;
        const bool hungUp = conversation.heard && call && call->end == engine::EndReason::HungUp;
        const bool fine = conversation.disturbed ? !call || call->end.has_value() : hungUp;
        if (!fine)
            m_wrongCall += "call from " + std::to_string(conversation.from) + " to " + std::to_string(conversation.to) +
                           " at " + std::to_string(number) + "; ";
    }
}

bool Village::allCallsEndWithin(Duration most) {
    const auto noneIsLeft = [this] {
        callsGoOn();
        for (std::size_t i = 0; i < size(); ++i)
            if (hasCall(i)) return false;
        return std::all_of(m_conversations.begin(), m_conversations.end(), [](const auto& one) { return one.over; });
    };
    return eventually(noneIsLeft, most);
}

std::size_t Village::heardCount() const {
    return static_cast<std::size_t>(
        std::count_if(m_conversations.begin(), m_conversations.end(), [](const auto& one) { return one.heard; }));
}

bool Village::talk(std::size_t from, std::size_t to) {
    const auto phase = [&](std::size_t number) {
        const auto call = person(number).call();
        return call ? std::optional(call->phase) : std::nullopt;
    };
    person(from).ask(engine::PlaceCall{person(to).name});
    if (!eventually([&] { return phase(to) == engine::CallPhase::Incoming; }, 1min)) return false;
    person(to).ask(engine::AnswerCall{person(to).call()->id});
    if (!eventually([&] { return phase(from) == engine::CallPhase::Active; }, 1min)) return false;
    return eventually([&] { return hears(from, to) && hears(to, from); }, 10s);
}

bool Village::hangUp(std::size_t from, std::size_t to) {
    person(from).ask(engine::HangUp{person(from).call()->id});
    const auto ended = [&] { return person(to).call()->phase == engine::CallPhase::Ended; };
    return eventually(ended, 1min) && person(to).call()->end == engine::EndReason::HungUp;
}

std::uint64_t Village::traceValue() {
    TraceHash out = world.trace;
    for (std::size_t i = 0; i < size(); ++i) {
        for (std::size_t k = 0; k < size(); ++k)
            for (const auto& text : textsOf(i, k, false)) out.add(text);
        if (!isAlive(i)) continue;
        for (const auto& event : person(i).program->events) out.add({i, event.index()});
    }
    return out.value();
}

}  // namespace kith::test
