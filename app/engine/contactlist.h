// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>
#include <set>

#include "app/engine/shared.h"

namespace kith::engine {

/// The list of people as a person sees it: contacts and requests with presence and the newest line of each
/// conversation.
class ContactList {
public:
    explicit ContactList(Shared& shared) : m_shared(shared) {}

    void execute(Now now, RequestNumber number, const FindPeople& request);
    void execute(Now now, RequestNumber number, const AddContact& request);
    void execute(Now now, RequestNumber number, const AcceptRequest& request);
    void execute(Now now, RequestNumber number, const DeclineRequest& request);
    void execute(Now now, RequestNumber number, const RemoveContact& request);

    /// An account was opened.
    void begin(const std::vector<client::Summary>& summaries);
    void end();
    /// Adds the network's echo contact, if there is one; on a network that has just begun it may come a little later.
    void addEcho(Now now);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const { return m_echoAgain; }
    void tellAll();
    void heed(Now now, const client::Found& found);
    void heed(Now now, const client::Added& added);
    void heed(Now now, const contacts::RecordChanged& change);
    void heed(Now now, const presence::PresenceChanged& change);
    void heed(Now now, const presence::ViewChanged& change);
    /// A message or a call is new in this conversation, or what is unread has changed.
    void newLine(const UserName& user, UnixMillis when, std::string line);
    void changed(const UserName& user);
    /// They show another key than the one we know, as often as they or we try; told once until we are signed out.
    void keyChanged(const UserName& user);

private:
    struct Line {
        UnixMillis when{};
        std::string text{};
    };

    [[nodiscard]] std::optional<Contact> snapshot(const UserName& user) const;
    void tell(const UserName& user);

    Shared& m_shared;
    std::map<UserName, Line> m_lines;
    std::set<UserName> m_otherKey;  ///< known people only
    std::map<client::Ticket, RequestNumber> m_asked;
    client::Ticket m_lastTicket = 0;
    client::Ticket m_echoTicket = 0;
    int m_echoTries = 0;
    Instant m_echoAgain = kNever;
};

}  // namespace kith::engine
