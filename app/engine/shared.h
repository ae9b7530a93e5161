// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/engine/carriers.h"
#include "app/engine/events.h"
#include "app/engine/failures.h"
#include "media/audio/soundsystem.h"
#include "protocol/client/client.h"

namespace kith::wire {
class Obfuscation;
}

/// What the parts of the engine have in common.
namespace kith::engine {

/// What the engine stands on; the program's own, the simulator's, or a test's.
struct Environment {
    crypto::Suite& suite;
    wire::Obfuscation& obfuscation;
    RandomSource& random;
    LogSink& log;
    audio::SoundSystem& sound;
    call::Policy calls{};
};

/// crypto::derivePasswordKeys, somewhere where 150 ms don't matter. Answer: Engine::answer(PasswordDerived).
struct DerivePassword {
    std::uint64_t ticket;
    std::string password;
    UserName user;
    NetworkId network;
};
struct PasswordDerived {
    std::uint64_t ticket;
    Result<crypto::PasswordKeys> keys;
};

/// What the program has to do for the engine besides carrying packets; each is answered.
struct Orders {
    std::vector<client::StoreOrder> store;  ///< in this order; answers to answer()
    std::vector<DerivePassword> passwords;
    std::vector<std::string> resolve;  ///< names of servers; answers to resolved()
};

struct Shared {
    Environment environment;
    Carriers carriers{};
    std::unique_ptr<client::Client> client{};
    std::vector<Event> events{};
    Orders orders{};
    std::optional<Failure> storeTrouble{};

    /// Null: not signed in.
    [[nodiscard]] client::People* people() const {
        auto* online = client ? client->online() : nullptr;
        return online ? &online->people() : nullptr;
    }
    /// A disk that fails is told once, until it works again.
    void storeWorks() { storeTrouble.reset(); }
    void storeFails(Fault fault) {
        const auto failure = failureOf(fault);
        if (storeTrouble == failure) return;
        storeTrouble = failure;
        tell(Trouble{failure});
    }
    /// Whether this was asked for somebody whom we blocked; then it is done with.
    bool refusesBlocked(RequestNumber number, const UserName& user) {
        const auto* here = people();
        if (!here || here->contacts().relation(user) != contacts::Relation::Blocked) return false;
        done(number, {Reason::Blocked, user.text()});
        return true;
    }
    /// The time as others see it; only while there is a client.
    [[nodiscard]] Now corrected(Now now) const { return client ? client->corrected(now) : now; }
    void tell(Event event) { events.push_back(std::move(event)); }
    void done(RequestNumber request, Failure failure = {}) { tell(Done{request, std::move(failure)}); }
    void done(RequestNumber request, const Result<void>& outcome) {
        done(request, outcome ? Failure{} : failureOf(outcome.error().fault));
    }
};

}  // namespace kith::engine
