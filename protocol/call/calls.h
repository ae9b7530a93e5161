// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "protocol/call/call.h"
#include "protocol/call/policy.h"

namespace kith::call {

/// Who may ring here.
enum class Admission {
    Welcome,
    NotNow,    ///< a contact; told not to disturb
    Stranger,  ///< told that only contacts ring
    Blocked,   ///< told that nobody is there
};
class Doorkeeper {
public:
    virtual ~Doorkeeper() = default;
    [[nodiscard]] virtual Admission admit(const UserName& user) const = 0;
};

/// All calls of one device. A second call rings softly: answering it holds the first, declining it says busy. Two
/// people who call each other at the same time get one call: the one with the smaller id, answered by itself.
///
/// Lives on the network thread.
class Calls {
public:
    struct Environment {
        RandomSource& random;
        const MediaLinks& links;
        const Doorkeeper& doorkeeper;
    };

    /// `codecs`: ours, best first.
    Calls(const DeviceId& self, std::vector<Codec> codecs, Environment environment, Policy policy = {});
    Calls(const Calls&) = delete;
    Calls& operator=(const Calls&) = delete;

    /// Other calls are held. Also to who may not disturb us. If they are calling us, this answers. NotAContact; Busy:
    /// too many calls; AlreadyExists: we are calling them.
    Result<CallId> place(Now now, const UserName& user);
    // NotFound: no such call, or not in a state in which this could be done.
    Result<void> answer(Now now, const CallId& id);
    Result<void> decline(Now now, const CallId& id);
    /// Cancels one that was not answered.
    Result<void> hangUp(Now now, const CallId& id);
    /// Ended from inside: DeviceFailed, IdentityMismatch …
    Result<void> abort(Now now, const CallId& id, EndReason reason);
    /// Taking one back holds the others.
    Result<void> setHeld(Now now, const CallId& id, bool held);
    Result<void> setMuted(const CallId& id, bool muted);
    /// A genuine packet of the other side, of sound or of control (which flows on hold, too), has just come.
    void mediaHeard(Now now, const CallId& id);
    /// Everything ends: signing out.
    void hangUpAll(Now now);
    /// Everything with them ends, as if nobody were here: they are blocked from now on.
    void hangUpOn(Now now, const UserName& user);

    /// In the order in which they began.
    [[nodiscard]] std::vector<Snapshot> calls() const;
    [[nodiscard]] bool hasCallWith(const UserName& user) const;

    // Doors.
    void deviceUp(Now now, const peer::Device& device);
    void deviceDown(Now now, const peer::Device& device, Fault reason);
    void reachFailed(Now now, const UserName& user, Fault reason);
    void receive(Now now, const peer::Device& from, ByteView command);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(Output& out);

private:
    template <class M>
    bool route(Now now, const peer::Device& from, const wire::CommandView& command);
    template <class M>
    void unknown(Now now, const peer::Device& from, const M& message);
    void ring(Now now, const peer::Device& from, const Invite& invite);
    /// True if the invitation crossed one of ours and needs no ringing.
    bool crossed(Now now, const peer::Device& from, const Invite& invite);
    void replaceOld(Now now, const peer::Device& from);
    [[nodiscard]] bool isContact(const UserName& user) const;
    /// Who called is told; here it counts as missed.
    void keepQuiet(Now now, const peer::Device& from, const CallId& call);
    void refuse(const peer::Device& to, const CallId& call, EndReason reason);
    void holdOthers(const Call& except);
    /// A call now would come into another one.
    [[nodiscard]] bool isTalking() const;
    Call* find(const CallId& id);
    Call* onWire(const UserName& user, const CallId& wireId);
    void sweep();

    Environment m_environment;
    Policy m_policy;
    Shared m_shared;
    std::vector<Call> m_calls;
};

}  // namespace kith::call
