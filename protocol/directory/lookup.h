// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <memory>
#include <variant>
#include <vector>

#include "protocol/crypto/revocations.h"
#include "protocol/directory/messages.h"
#include "protocol/wire/command.h"

namespace kith::directory {

/// What the directory says of somebody, all of it proved.
struct Person {
    PersonKey key;
    UserRecord record;
    DeviceList devices;                       ///< empty: none was found that counts
    std::vector<VerifiedLocation> locations;  ///< of these devices only
};

using LookupNumber = std::uint32_t;

struct PersonFound {
    LookupNumber lookup;
    Person person;
};
/// NotFound: the directory knows nobody, or somebody whose key or certificates the network has withdrawn. Unreachable:
/// no answer, or no supernode for half a minute. BadSignature: only answers that don't prove themselves.
struct LookupFailed {
    LookupNumber lookup;
    Fault reason;
};
using LookupEvent = std::variant<PersonFound, LookupFailed>;

/// A client's questions to the directory. They survive a change of supernode: what has no answer yet is asked again.
class Lookup {
public:
    static constexpr Duration kGiveUpAfter = std::chrono::seconds(30);
    static constexpr Duration kAskAgainAfter = std::chrono::seconds(5);
    static constexpr std::size_t kMaxWaiting = 4096;
    static constexpr std::size_t kMaxAtOnce = 32;  ///< asked and not answered

    explicit Lookup(const Judge& judge) : m_judge(judge) {}

    /// From now on; null: nothing is withdrawn.
    void setRevocations(std::shared_ptr<const crypto::Revocations> revocations) {
        m_revocations = std::move(revocations);
    }
    /// By exact name.
    LookupNumber find(Now now, const UserName& name);
    /// By user key: also who is findable by nobody. Ends as find().
    LookupNumber fetch(Now now, const PersonKey& person);

    // Doors. Commands of Stream::Directory on the link to our supernode.
    void linkUp(Now now);
    void linkDown();
    void receive(Now now, ByteView command);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(std::vector<Bytes>& commands, std::vector<LookupEvent>& events);

private:
    using Question = std::variant<UserName, PersonKey>;
    struct Waiting {
        Question question;
        Instant giveUp;
        Instant askAgain = kNever;  ///< kNever: not asked on this link
        wire::RequestId request = 0;
    };

    LookupNumber start(Now now, Question question);
    void askNext(Now now);
    void ask(Now now, Waiting& waiting);
    template <class Answer>
    void answered(Now now, const wire::CommandView& command, std::size_t questionKind);
    template <class Answer>
    [[nodiscard]] Result<Person> judge(UnixTime now, const Question& question, const Answer& answer) const;
    template <class Answer>
    void judgeLocations(UnixTime now, const Answer& answer, Person& person) const;

    [[nodiscard]] bool isWithdrawn(ByteView chain) const;

    Judge m_judge;
    std::shared_ptr<const crypto::Revocations> m_revocations;
    bool m_linkUp = false;
    LookupNumber m_lastNumber = 0;
    wire::RequestId m_lastRequest = 0;
    std::map<LookupNumber, Waiting> m_waiting;
    std::vector<Bytes> m_commands;
    std::vector<LookupEvent> m_events;
};

}  // namespace kith::directory
