// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <optional>
#include <vector>

#include "protocol/base/random.h"
#include "protocol/session/event.h"
#include "protocol/wire/probe.h"

namespace kith::session {

/// Probes that we sent (command 27) and what came of them: repeated with back-off until accepted (28), refused or
/// redirected (29), or cancelled. Keeps the tokens that accepts carried.
class Probes {
public:
    static constexpr std::size_t kMost = 64;
    static constexpr std::size_t kMostTokens = 64;
    static constexpr Duration kFirstInterval = std::chrono::milliseconds(500);
    static constexpr Duration kLongestInterval = std::chrono::seconds(8);
    /// A token is shown while it is younger; it is good for a minute, and the handshake needs some of that.
    static constexpr Duration kTokenAge = std::chrono::seconds(40);

    /// One datagram to send.
    struct Outgoing {
        Endpoint remote;
        Bytes command;
    };
    struct Token {
        Endpoint remote;
        Bytes token;
        Duration roundTrip;
        Instant at;
    };
    using Outcome = std::variant<ProbeAccepted, ProbeRefused>;

    explicit Probes(RandomSource& random) : m_random(random) {}

    /// Over kMost the oldest is forgotten without a word.
    ProbeNumber start(Now now, const Endpoint& remote);
    void cancel(ProbeNumber probe);
    [[nodiscard]] bool isProbing(const Endpoint& remote) const;
    /// A fresh one, or nothing.
    [[nodiscard]] const Token* token(Now now, const Endpoint& remote) const;
    /// It was of no use: whoever made it has perhaps restarted.
    void forgetToken(const Endpoint& remote);

    // Doors. Replies are told apart by their number; anything else, and what nobody asked for, gives nothing.
    std::optional<Outcome> receive(Now now, const Endpoint& remote, const wire::CommandView& command);
    /// What we sent to `remote` was nacked and sent again: round trips count from here.
    void resent(Now now, const Endpoint& remote);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(std::vector<Outgoing>& out);

private:
    struct Try {
        wire::RequestId id = 0;
        Instant at{};
    };
    struct Probe {
        ProbeNumber number;
        Endpoint remote;
        std::array<Try, 4> tries{};  ///< the latest, as a ring
        unsigned sent = 0;
        Duration interval = kFirstInterval;
        Instant next{};
    };
    struct Match {
        std::size_t index;
        Duration roundTrip;
    };

    void send(Now now, Probe& probe);
    [[nodiscard]] std::optional<Match> match(Now now, const Endpoint& remote, const wire::CommandView& command) const;
    void keepToken(Token token);

    RandomSource& m_random;
    ProbeNumber m_lastNumber = 0;
    std::vector<Probe> m_probes;  ///< in the order of starting
    std::vector<Token> m_tokens;  ///< oldest first
    std::vector<Outgoing> m_out;
};

}  // namespace kith::session
