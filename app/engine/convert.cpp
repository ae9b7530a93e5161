// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/convert.h"

namespace kith::engine {

namespace {

constexpr std::size_t kMaxLine = 120;

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

}  // namespace

Match matchFrom(directory::Match match) {
    switch (match) {
        case directory::Match::Exact: return Match::Exact;
        case directory::Match::NameBeginning: return Match::NameBeginning;
        case directory::Match::Words: return Match::Words;
        case directory::Match::Mistake: return Match::Mistake;
    }
    return Match::Mistake;
}

Findable findableFrom(directory::Findable findable) {
    switch (findable) {
        case directory::Findable::Nobody: return Findable::Nobody;
        case directory::Findable::ExactName: return Findable::ExactName;
        case directory::Findable::Everybody: return Findable::Everybody;
    }
    return Findable::Nobody;
}

directory::Findable findableFrom(Findable findable) {
    switch (findable) {
        case Findable::Nobody: return directory::Findable::Nobody;
        case Findable::ExactName: return directory::Findable::ExactName;
        case Findable::Everybody: return directory::Findable::Everybody;
    }
    return directory::Findable::Nobody;
}

Relation relationFrom(contacts::Relation relation) {
    switch (relation) {
        case contacts::Relation::Stranger: return Relation::Stranger;
        case contacts::Relation::RequestSent: return Relation::RequestSent;
        case contacts::Relation::RequestReceived: return Relation::RequestReceived;
        case contacts::Relation::Contact: return Relation::Contact;
        case contacts::Relation::Blocked: return Relation::Blocked;
    }
    return Relation::Stranger;
}

Presence presenceFrom(presence::Availability availability) {
    switch (availability) {
        case presence::Availability::Online: return Presence::Online;
        case presence::Availability::Away: return Presence::Away;
        case presence::Availability::NotAvailable: return Presence::NotAvailable;
        case presence::Availability::DoNotDisturb: return Presence::DoNotDisturb;
        case presence::Availability::OpenToCalls: return Presence::OpenToCalls;
        case presence::Availability::Invisible: return Presence::Invisible;
    }
    return Presence::Offline;
}

Presence presenceFrom(const presence::Seen& seen) {
    return seen.online ? presenceFrom(seen.availability) : Presence::Offline;
}

std::optional<presence::Availability> availabilityFrom(Presence presence) {
    switch (presence) {
        case Presence::Offline: return std::nullopt;
        case Presence::Online: return presence::Availability::Online;
        case Presence::Away: return presence::Availability::Away;
        case Presence::NotAvailable: return presence::Availability::NotAvailable;
        case Presence::DoNotDisturb: return presence::Availability::DoNotDisturb;
        case Presence::OpenToCalls: return presence::Availability::OpenToCalls;
        case Presence::Invisible: return presence::Availability::Invisible;
    }
    return std::nullopt;
}

MessageStatus statusFrom(chat::Status status) {
    switch (status) {
        case chat::Status::Waiting: return MessageStatus::Waiting;
        case chat::Status::Sent: return MessageStatus::Sent;
        case chat::Status::Delivered: return MessageStatus::Delivered;
        case chat::Status::Read: return MessageStatus::Read;
        case chat::Status::Received: return MessageStatus::Received;
        case chat::Status::Seen: return MessageStatus::Seen;
    }
    return MessageStatus::Waiting;
}

MessageStatus statusFrom(chat::StoredStatus status) {
    switch (status) {
        case chat::StoredStatus::Waiting: return MessageStatus::Waiting;
        case chat::StoredStatus::Delivered: return MessageStatus::Delivered;
        case chat::StoredStatus::Read: return MessageStatus::Read;
        case chat::StoredStatus::Received: return MessageStatus::Received;
        case chat::StoredStatus::Seen: return MessageStatus::Seen;
    }
    return MessageStatus::Waiting;
}

EndReason endReasonFrom(call::EndReason reason) {
    switch (reason) {
        case call::EndReason::HungUp: return EndReason::HungUp;
        case call::EndReason::Cancelled: return EndReason::Cancelled;
        case call::EndReason::Declined: return EndReason::Declined;
        case call::EndReason::Busy: return EndReason::Busy;
        case call::EndReason::NoAnswer: return EndReason::NoAnswer;
        case call::EndReason::DoNotDisturb: return EndReason::DoNotDisturb;
        case call::EndReason::NotAContact: return EndReason::NotAContact;
        case call::EndReason::Unreachable: return EndReason::Unreachable;
        case call::EndReason::AnsweredElsewhere: return EndReason::AnsweredElsewhere;
        case call::EndReason::NoCommonCodec: return EndReason::NoCommonCodec;
        case call::EndReason::DeviceFailed: return EndReason::DeviceFailed;
        case call::EndReason::ConnectionLost: return EndReason::ConnectionLost;
        case call::EndReason::IdentityMismatch: return EndReason::IdentityMismatch;
    }
    return EndReason::HungUp;
}

TextMessage messageFrom(const chat::StoredMessage& message) {
    return {message.id, message.conversation, message.ours, message.text, message.position, statusFrom(message.status)};
}

CallRecord recordFrom(const call::Record& record) {
    return {record.id,     record.conversation,       record.ours,  record.started,
            record.talked, endReasonFrom(record.end), record.missed};
}

TrustEvent trustFrom(const contacts::TrustEvent& event) {
    const auto change = [&] {
        switch (event.change) {
            case contacts::TrustChange::NewDevice: return TrustChange::NewDevice;
            case contacts::TrustChange::KeyChanged: return TrustChange::KeyChanged;
            case contacts::TrustChange::KeyAccepted: return TrustChange::KeyAccepted;
            case contacts::TrustChange::Verified: return TrustChange::Verified;
            case contacts::TrustChange::Unverified: return TrustChange::Unverified;
        }
        return TrustChange::NewDevice;
    };
    return {event.user, event.at, change()};
}

Call callFrom(const call::Snapshot& snapshot) {
    Call call;
    call.id = snapshot.id;
    call.user = snapshot.user;
    call.incoming = snapshot.incoming;
    switch (snapshot.phase) {
        case call::Phase::Connecting: call.phase = CallPhase::Connecting; break;
        case call::Phase::Ringing: call.phase = CallPhase::Ringing; break;
        case call::Phase::Incoming: call.phase = CallPhase::Incoming; break;
        case call::Phase::Active: call.phase = CallPhase::Active; break;
        case call::Phase::Ended: call.phase = CallPhase::Ended; break;
    }
    call.muted = snapshot.muted;
    call.heldByUs = snapshot.heldByUs;
    call.heldByThem = snapshot.heldByThem;
    call.answered = snapshot.answered;
    if (snapshot.end) call.end = endReasonFrom(*snapshot.end);
    return call;
}

std::string firstLine(const std::string& text) {
    auto line = text.substr(0, text.find('\n'));
    std::size_t characters = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (isContinuation(line[i])) continue;
        if (characters++ == kMaxLine) return line.substr(0, i);
    }
    return line;
}

}  // namespace kith::engine
