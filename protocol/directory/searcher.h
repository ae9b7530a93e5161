// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <vector>

#include "protocol/directory/messages.h"
#include "protocol/wire/command.h"

namespace kith::directory {

/// Somebody whom a search found, proved.
struct FoundUser {
    PersonKey key;
    UserRecord record;
    Match match;
};

using SearchNumber = std::uint32_t;

/// How a search ended: the best first. Errors: Unreachable, no supernode or no answer for a while; TooManyTries, the
/// supernode refused us for our haste to the end; Busy, it had too much to do, or we ask too many at once;
/// InvalidArgument.
struct SearchEnded {
    SearchNumber search;
    Result<std::vector<FoundUser>> people;
};

/// A client's searches. They survive a change of supernode, and may be taken back while somebody types on. What comes
/// is proved, and shown only if it fits the text and its person wants to be found by it: a supernode can leave out and
/// not put in.
class Searcher {
public:
    static constexpr Duration kGiveUpAfter = std::chrono::seconds(10);
    static constexpr Duration kAskAgainAfter = std::chrono::seconds(4);
    static constexpr Duration kPauseWhenRefused = std::chrono::seconds(2);
    static constexpr std::size_t kMaxWaiting = 16;

    explicit Searcher(const Judge& judge) : m_judge(judge) {}

    SearchNumber search(Now now, std::string_view text);
    /// Nothing more will be heard of it.
    void cancel(SearchNumber search) { m_waiting.erase(search); }

    // Doors. Commands of Stream::Directory on the link to our supernode.
    void linkUp(Now now);
    void linkDown();
    void receive(Now now, ByteView command);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(std::vector<Bytes>& commands, std::vector<SearchEnded>& events);

private:
    struct Waiting {
        SearchQuery query;
        Instant giveUp;
        Instant askAgain = kNever;
        wire::RequestId request = 0;     ///< 0: not asked on this link
        std::optional<Fault> refusal{};  ///< as it was answered last
    };
    using Searches = std::map<SearchNumber, Waiting>;

    void ask(Now now, Waiting& waiting);
    void refused(Now now, Searches::iterator at, SearchRefusal why);
    void end(Searches::iterator at, Result<std::vector<FoundUser>> people);
    [[nodiscard]] std::vector<FoundUser> judge(UnixTime now, const SearchQuery& query, const Searched& answer) const;

    Judge m_judge;
    bool m_linkUp = false;
    SearchNumber m_lastNumber = 0;
    wire::RequestId m_lastRequest = 0;
    Searches m_waiting;
    std::vector<Bytes> m_commands;
    std::vector<SearchEnded> m_events;
};

}  // namespace kith::directory
