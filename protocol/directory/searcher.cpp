// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/directory/searcher.h"

#include <algorithm>
#include <tuple>

#include "protocol/base/takeall.h"
#include "protocol/directory/searchanswer.h"

namespace kith::directory {

SearchNumber Searcher::search(Now now, std::string_view text) {
    const SearchNumber number = ++m_lastNumber;
    auto query = SearchQuery::parse(text);
    if (!query || m_waiting.size() >= kMaxWaiting) {
        const Error why = query ? Error{Fault::Busy} : query.error();
        m_events.push_back({number, tl::make_unexpected(why)});
        return number;
    }
    const auto at = m_waiting.emplace(number, Waiting{std::move(*query), now.at + kGiveUpAfter}).first;
    if (m_linkUp) ask(now, at->second);
    return number;
}

void Searcher::linkUp(Now now) {
    m_linkUp = true;
    for (auto& [number, waiting] : m_waiting) ask(now, waiting);
}

void Searcher::linkDown() {
    m_linkUp = false;
    for (auto& [number, waiting] : m_waiting) {
        waiting.request = 0;
        waiting.askAgain = kNever;
        waiting.refusal.reset();
    }
}

void Searcher::ask(Now now, Waiting& waiting) {
    if (++m_lastRequest == 0) ++m_lastRequest;
    waiting.request = m_lastRequest;
    waiting.askAgain = now.at + kAskAgainAfter;
    m_commands.push_back(wire::encodeCommand(Search{waiting.query.text()}, waiting.request));
}

void Searcher::receive(Now now, ByteView command) {
    const auto view = wire::parseCommand(command);
    if (!view || view->number != Searched::kNumber || !view->requestId) return;
    const auto at = std::ranges::find_if(m_waiting, [&](const auto& entry) {
        return entry.second.request != 0 && view->requestId == entry.second.request;
    });
    if (at == m_waiting.end()) return;
    const auto answer = wire::decode<Searched>(*view);
    if (!answer) return end(at, tl::make_unexpected(answer.error()));
    if (answer->refusal) return refused(now, at, *answer->refusal);
    end(at, judge(now.seconds(), at->second.query, *answer));
}

void Searcher::refused(Now now, Searches::iterator at, SearchRefusal why) {
    if (why == SearchRefusal::Invalid) return end(at, fail(Fault::InvalidArgument, "refused"));
    at->second.refusal = why == SearchRefusal::Busy ? Fault::Busy : Fault::TooManyTries;
    at->second.request = 0;
    at->second.askAgain = now.at + kPauseWhenRefused;
}

std::vector<FoundUser> Searcher::judge(UnixTime now, const SearchQuery& query, const Searched& answer) const {
    std::vector<FoundUser> out;
    for (const SignedUserRecord& record : recordsIn(answer)) {
        auto user = verify(m_judge, record, now);
        if (!user) continue;
        UserRecord& who = user->record;
        const auto match = query.match(who.name, who.displayName);
        const bool wantsIt =
            who.findable == Findable::Everybody || (who.findable == Findable::ExactName && query.isName(who.name));
        if (!match || !wantsIt) continue;
        const PersonKey key = personKey(who.userKey);
        if (std::ranges::any_of(out, [&](const auto& it) { return it.key == key || it.record.name == who.name; }))
            continue;
        out.push_back({key, std::move(who), *match});
    }
    std::ranges::sort(out, {}, [](const FoundUser& user) { return std::tie(user.match, user.record.name); });
    return out;
}

void Searcher::end(Searches::iterator at, Result<std::vector<FoundUser>> people) {
    m_events.push_back({at->first, std::move(people)});
    m_waiting.erase(at);
}

void Searcher::wake(Now now) {
    for (auto at = m_waiting.begin(); at != m_waiting.end();) {
        const auto here = at++;
        if (now.at >= here->second.giveUp)
            end(here, fail(here->second.refusal.value_or(Fault::Unreachable)));
        else if (now.at >= here->second.askAgain)
            ask(now, here->second);
    }
}

Instant Searcher::nextWake() const {
    Instant next = kNever;
    for (const auto& [number, waiting] : m_waiting) next = std::min({next, waiting.giveUp, waiting.askAgain});
    return next;
}

void Searcher::take(std::vector<Bytes>& commands, std::vector<SearchEnded>& events) {
    std::move(m_commands.begin(), m_commands.end(), std::back_inserter(commands));
    m_commands.clear();
    takeAll(m_events, events);
}

}  // namespace kith::directory
