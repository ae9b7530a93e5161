// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "tests/support/smallnetwork.h"

namespace kith::test {

/// Alice, who hums at 440 Hz, and Bob, who hums at 1,000.
struct TwoPeople : SmallNetwork {
    static constexpr double kAliceTone = 440;
    static constexpr double kBobTone = 1000;

    explicit TwoPeople(std::uint64_t seed = 1, const std::vector<std::uint16_t>& tcpPorts = {33033, 80, 443})
        : SmallNetwork(seed, tcpPorts), alice(add("alice", kAliceTone)), bob(add("bob", kBobTone)) {}

    bool areContacts() { return signUp(alice) && signUp(bob) && befriend(alice, bob); }
    bool hasStatus(const PersonAtWork& who, const PersonAtWork& with, engine::MessageStatus status) {
        const auto messages = who.messages(with.name);
        return !messages.empty() && messages.back().status == status;
    }
    static bool isIn(const PersonAtWork& who, engine::CallPhase phase) {
        const auto call = who.call();
        return call && call->phase == phase;
    }
    static bool isOnline(const PersonAtWork& who) { return who.account().connection == engine::Connection::Online; }
    static bool sees(const PersonAtWork& who, const PersonAtWork& other, bool online) {
        const auto contact = who.contact(other.name);
        return contact && contact->online == online;
    }
    /// Alice calls, Bob answers, and both have heard each other.
    bool areTalking() {
        return done(alice, engine::PlaceCall{bob.name}) &&
               until([&] { return isIn(bob, engine::CallPhase::Incoming); }) &&
               done(bob, engine::AnswerCall{bob.call()->id}) &&
               until([&] { return isIn(alice, engine::CallPhase::Active); }) && hearEachOther();
    }
    bool hearEachOther(Duration within = std::chrono::seconds(5)) {
        return until(
            [&] {
                return alice.sound.share(kBobTone) > 0.8 && alice.sound.loudness() > 0.01 &&
                       bob.sound.share(kAliceTone) > 0.8 && bob.sound.loudness() > 0.01;
            },
            within);
    }

    PersonAtWork& alice;
    PersonAtWork& bob;
};

}  // namespace kith::test
