// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>

#include "protocol/call/endedcalls.h"
#include "protocol/call/invitation.h"
#include "protocol/call/mediapath.h"
#include "protocol/call/output.h"

namespace kith::call {

inline constexpr Duration kRing = std::chrono::seconds(60);
/// Where it doesn't ring by then, it won't.
inline constexpr Duration kConnect = std::chrono::seconds(30);

/// What the links of people know.
class MediaLinks {
public:
    virtual ~MediaLinks() = default;
    /// The current generation of the media secret of the link to this device; none without a link.
    [[nodiscard]] virtual std::optional<std::uint8_t> mediaGeneration(const peer::Device& device) const = 0;
};

/// What all calls of a device share.
struct Shared {
    DeviceId self;
    RandomSource& random;
    const MediaLinks& links;
    std::vector<Codec> codecs;
    EndedCalls ended{};
    Output out{};
    StoreTicket lastTicket = 0;
};

/// One call, from the first ring to its end; either side's. Made of the invitation (caller), the negotiation, the
/// media path and the two holds. Calls routes to it.
class Call {
public:
    static Call place(Now now, Shared& shared, const CallId& id, const UserName& user);
    /// `offer` has a codec in common with us.
    static Call ring(Now now, Shared& shared, const CallId& id, const peer::Device& from, const Offer& offer,
                     bool softly);

    [[nodiscard]] const CallId& id() const { return m_show.id; }
    /// As both sides' devices name it; another than id() after two calls that crossed became one.
    [[nodiscard]] const CallId& wireId() const { return m_wire; }
    [[nodiscard]] const UserName& user() const { return m_show.user; }
    [[nodiscard]] Phase phase() const { return m_show.phase; }
    [[nodiscard]] bool isOver() const { return m_show.phase == Phase::Ended; }
    [[nodiscard]] bool isCalling() const { return m_stage == Stage::Calling; }
    [[nodiscard]] const Snapshot& snapshot() const { return m_show; }
    /// The other end, once there is one.
    [[nodiscard]] bool isWith(const peer::Device& device) const {
        return m_remote == device.device && m_show.user == device.user;
    }

    void answer(Now now);
    void setHeld(bool held);
    void setMuted(bool muted);
    /// Tells everybody who counts on this call, and is over.
    void end(Now now, EndReason reason);
    /// They call us while we call them, and theirs is the one to keep: it becomes this one, answered.
    void joinTheirs(Now now, const CallId& theirs, const peer::Device& from, const Offer& offer);

    void heard(Now now) { m_path.heard(now); }
    void deviceUp(const DeviceId& device);
    void deviceDown(Now now, const DeviceId& device);
    void reachFailed(Now now, Fault reason);
    void receive(Now now, const DeviceId& from, const Invite& invite);
    void receive(Now now, const DeviceId& from, const Ringing& ringing);
    void receive(Now now, const DeviceId& from, const Answer& answer);
    void receive(Now now, const DeviceId& from, const Confirm& confirm);
    void receive(Now now, const DeviceId& from, const End& end);
    void receive(Now now, const DeviceId& from, const Update& update);
    void receive(Now now, const DeviceId& from, const Rejoin& rejoin);
    void receive(Now now, const DeviceId& from, const Rejoined& rejoined);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;

private:
    enum class Stage {
        Calling,    ///< caller: nobody answered yet
        Rung,       ///< callee
        Answering,  ///< callee: answered here, not confirmed
        Talking,
        Over,
    };
    struct Hold {
        std::uint32_t version = 0;
        bool held = false;
    };

    Call(Shared& shared, const CallId& id, const UserName& user) : m_shared(&shared), m_wire(id) {
        m_show.id = id;
        m_show.user = user;
    }
    void go(Stage stage);
    void show();
    void sendAnswer(Now now);
    void startMedia(Now now, const Offer& offer, const Accept& accept);
    void rejoin();
    void look();
    void endWithout(Now now, EndReason reason);
    void tellEnd(const CallId& call, const DeviceId& device, EndReason reason);
    void record(Now now, EndReason reason);
    template <class M>
    void send(const DeviceId& to, const M& message);

    Shared* m_shared;
    CallId m_wire;
    Stage m_stage = Stage::Calling;
    Snapshot m_show;
    UnixMillis m_started{};
    Instant m_deadline = kNever;  ///< of what this stage waits for
    bool m_weCall = true;
    Invitation m_invitation;  ///< caller
    std::optional<DeviceId> m_remote;
    Offer m_offer;  ///< that media is, or will be, made from: ours or theirs
    std::optional<Accept> m_accept;
    std::uint32_t m_epoch = 0;
    MediaPath m_path;
    Hold m_ours;
    Hold m_theirs;
};

}  // namespace kith::call
