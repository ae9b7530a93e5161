// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <set>

#include "protocol/peer/answering.h"
#include "protocol/peer/reaching.h"
#include "protocol/peer/shared.h"

namespace kith::peer {

/// Other people's devices: finds where they are, opens a link to each over a channel of the supernodes, lets callers
/// in, and checks both ways that the device stands on the newest list of the person's user key. In the end one link
/// for each pair of devices, closed when nothing passed for two minutes.
///
/// Drives session::Transport for peer links; everything else leaves through take().
class Peers {
public:
    static constexpr Duration kIdle = std::chrono::minutes(2);
    /// A link that another one took over from stays this long for what is still under way on it.
    static constexpr Duration kLeaving = std::chrono::seconds(2);

    explicit Peers(Environment environment);

    /// From now on as this device; replaces what was (a renewed credential).
    void signIn(Own own) { m_shared.own = std::move(own); }
    /// Closes everything.
    void signOut(Now now);
    /// Our weekly keys, newest first: what callers seal to.
    void setSealingKeys(std::vector<std::shared_ptr<const crypto::SealingKey>> keys);
    /// The link to our supernode stands (Attached), or it is gone: then every link through it is gone, too.
    void supernodeUp(session::LinkNumber link) { m_shared.supernode = link; }
    void supernodeDown(Now now);

    /// See peer::Output. After a failure it waits for a back-off, unless a person is waiting (`urgent`).
    void reach(Now now, const UserName& user, bool urgent);
    void send(Now now, const Send& send);
    void sendMedia(Now now, const Device& to, ByteView packet);
    /// Links to this person stay open, used or not.
    void setInCall(Now now, const UserName& user, bool inCall);
    /// Blocked, or known by another key from now on: closes what is open and forgets their devices.
    void drop(Now now, const UserName& user);
    [[nodiscard]] std::optional<session::LinkNumber> linkOf(const Device& device) const;
    /// The list that was seen last; empty: none was.
    [[nodiscard]] std::vector<DeviceId> devicesOf(const UserName& user) const {
        return m_shared.devices.lastSeen(user);
    }
    /// Everything that was sent has been acknowledged.
    [[nodiscard]] bool isDrained() const;
    /// Whether the open link to this device proved this user key.
    [[nodiscard]] bool owns(const Device& device, const UserKey& key) const;

    // Doors.
    /// `person` was looked up for a LocateWanted; by key it may be somebody of another name.
    void located(Now now, const UserName& user, const directory::Person& person);
    /// NotFound: there is no such person. Others: the directory could not be asked.
    void locateFailed(Now now, const UserName& user, Fault reason);
    /// Commands 63, 64 and 68 from our supernode.
    void receiveFromSupernode(Now now, const wire::CommandView& command);
    /// True if the event was about a link between people.
    bool receive(Now now, const session::Event& event);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(std::vector<Happening>& out);

private:
    bool opened(Now now, const session::LinkOpened& event);
    void openedByUs(Now now, const session::LinkOpened& event, const Device& device, const ChannelId& channel);
    void openedByThem(Now now, const session::LinkOpened& event);
    void refuse(Now now, session::LinkNumber link, const std::optional<ChannelId>& channel);
    void adopt(Now now, Link link);
    bool commandReceived(Now now, const session::CommandReceived& event);
    bool mediaReceived(Now now, const session::MediaReceived& event);
    bool closed(Now now, const session::LinkClosed& event);
    void channelClosed(Now now, const ChannelId& channel);

    /// Decides about the links of this person that wait for their device list.
    void judge(Now now, const UserName& user);
    void approve(Now now, Link& link);
    void refuseUnapproved(Now now, const UserName& user);
    [[nodiscard]] std::optional<directory::PersonKey> hashOf(const UserName& user) const;
    /// Takes the link out of the table and tells if its device is gone by that.
    void lose(Now now, Link link, Fault reason);
    void closeLink(Now now, const Link& link, Fault reason);
    void closeAll(Now now, Fault reason);
    [[nodiscard]] Instant idleSince(const Link& link) const;

    Shared m_shared;
    Reaching m_reaching{m_shared};
    Answering m_answering{m_shared};
    std::set<UserName> m_inCall;
};

}  // namespace kith::peer
