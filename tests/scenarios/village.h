// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/smallnetwork.h"

namespace kith::test {

/// Many people on a bad network: 80 ms ± 20 each way, 5 % of the datagrams lost, some twice, some late. Each hums a
/// tone of their own and writes only texts that nobody wrote before, so that whatever is lost or doubled is seen.
class Village : public SmallNetwork {
public:
    Village(std::uint64_t seed, std::size_t size);

    [[nodiscard]] PersonAtWork& person(std::size_t number) const { return *m_people[number]; }
    [[nodiscard]] std::size_t size() const { return people.size(); }
    [[nodiscard]] double toneOf(std::size_t number) const { return 400 + 40 * static_cast<double>(number % 50); }

    /// Looked at now and then, not after every event.
    bool eventually(const std::function<bool()>& condition, Duration most,
                    Duration glance = std::chrono::milliseconds(200));

    // Whole steps of everybody; false: somebody did not come to the good end.
    bool everybodySignsUp();
    bool everybodyIsOnline();
    /// Each finds the next `count` of the round by their names, and adds who was found; those accept.
    bool neighboursMeet(std::size_t count);

    // Misfortune.
    void killSoon(std::size_t number, Duration wait, Duration dead);
    void killServerSoon(Duration wait, Duration dead);

    /// Asks `from` to write something new to `to`. It counts as said from the moment when the program says so.
    void write(std::size_t from, std::size_t to);
    /// How many texts were said to be written so far.
    [[nodiscard]] std::size_t acceptedCount();
    /// Everything that was said to be written stands in the receiver's history.
    bool allHaveArrived();
    bool allArriveWithin(Duration most);
    /// Nobody's disk refuses anything any more.
    void mendDisks();
    /// A reader's disk that refused a text has it behind those that came after it.
    enum class Order { AsWritten, AsTheyCame };
    /// What is wrong with the histories; empty: nothing lost, nothing doubled, nothing out of order.
    std::string wrong(Order order = Order::AsWritten);

    /// `from` calls `to`, who answers. Who hears the other and is heard hangs up. Goes on by callsGoOn().
    void call(std::size_t from, std::size_t to);
    void callsGoOn();
    /// Nobody has a call any more that rings or is talked in.
    bool allCallsEndWithin(Duration most);
    /// In how many calls both heard the other's tone.
    [[nodiscard]] std::size_t heardCount() const;
    /// What is wrong with the calls; empty: where nobody's program died, nor the server, both heard the other and the
    /// call was hung up; the others ended with a reason.
    [[nodiscard]] std::string wrongCall() const { return m_wrongCall; }

    bool talk(std::size_t from, std::size_t to);
    bool hangUp(std::size_t from, std::size_t to);

    /// Of everything delivered and of everything that stands in the histories.
    std::uint64_t traceValue();

private:
    struct Said {
        std::size_t from;
        std::size_t to;
        std::string text;
        engine::RequestNumber number;
        bool accepted = false;
    };
    struct Conversation {
        std::size_t from;
        std::size_t to;
        Instant begun;
        bool disturbed;  ///< by misfortune, at its beginning or later
        bool heard = false;
        bool over = false;
    };
    struct Meeting {
        std::size_t from;
        std::size_t to;
        engine::RequestNumber search = 0;
    };
    bool signUpGoesOn(std::size_t number);
    /// True: they are contacts.
    bool meetingGoesOn(Meeting& meeting);
    [[nodiscard]] bool hasFound(const Meeting& meeting) const;
    void goesOn(Conversation& conversation);
    void judge(const Conversation& conversation);
    [[nodiscard]] std::optional<engine::CallPhase> phaseOf(std::size_t number) const;
    /// A call that rings or is talked in.
    [[nodiscard]] bool hasCall(std::size_t number) const;
    void misfortune(std::optional<std::size_t> number = {});
    void kill(std::size_t number);
    void restart(std::size_t number);
    [[nodiscard]] bool isAlive(std::size_t number) const { return person(number).program != nullptr; }
    [[nodiscard]] engine::Relation relation(std::size_t from, std::size_t to) const;
    /// Before the program that was asked is gone: another one doesn't know.
    void lookAtOutcomes();
    std::vector<std::string> textsOf(std::size_t holder, std::size_t other, bool ours);
    bool hears(std::size_t listener, std::size_t speaker);

    std::vector<PersonAtWork*> m_people;
    std::vector<engine::RequestNumber> m_signingUp;
    std::vector<Said> m_said;
    std::vector<Conversation> m_conversations;
    std::vector<Instant> m_calmFrom;  ///< when a person is over the last misfortune
    std::string m_wrongCall;
};

}  // namespace kith::test
