// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/chat/chat.h"

#include <algorithm>
#include <utility>

namespace kith::chat {

namespace {

template <class T>
void moveAll(std::vector<T>& to, std::vector<T>& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    from.clear();
}

/// Calls `use` with as many at a time as fit one command.
void inParts(const std::vector<MessageId>& ids, auto use) {
    for (std::size_t at = 0; at < ids.size(); at += kMaxIds) {
        const auto begin = ids.begin() + static_cast<std::ptrdiff_t>(at);
        use(std::vector<MessageId>(begin, begin + static_cast<std::ptrdiff_t>(std::min(kMaxIds, ids.size() - at))));
    }
}

}  // namespace

Chat::Chat(DeviceId self, Restored restored, Environment environment)
    : m_self(self), m_environment(environment), m_lastPosition(restored.newestPosition) {
    for (StoredMessage& message : restored.unsettled) {
        m_lastPosition = std::max(m_lastPosition, message.position);
        Conversation& talk = m_talks[message.conversation];
        talk.nextTry = Instant{};
        if (message.ours)
            talk.outbox.add(std::move(message), true);
        else
            talk.inbox.restore(message);
    }
}

Result<MessageId> Chat::send(Now now, const UserName& user, std::string text) {
    if (text.size() > kMaxText) return fail(Fault::TooLarge, "text");
    if (text.empty() || !isUtf8(text)) return fail(Fault::InvalidArgument, "text");
    if (!m_environment.acquaintances.isContact(user)) return fail(Fault::NotAContact, "text");
    std::size_t count = 0, bytes = 0;
    for (const auto& [other, talk] : m_talks) {
        count += talk.outbox.size();
        bytes += talk.outbox.bytes();
    }
    if (count >= kMaxOutbox || bytes + text.size() > kMaxOutboxBytes) return fail(Fault::Busy, "outbox");

    StoredMessage message;
    message.id = MessageId::random(m_environment.random);
    message.conversation = user;
    message.ours = true;
    message.author = m_self;
    message.position = nextPosition(now);
    message.order = static_cast<std::uint64_t>(message.position.time_since_epoch().count());
    message.written = now.wall;
    message.text = std::move(text);
    add(message, OwnAdded{message.id, false});
    const MessageId id = message.id;
    m_talks[user].outbox.add(std::move(message), false);
    return id;
}

void Chat::markRead(Now now, const UserName& user) {
    Conversation* talk = find(user);
    if (!talk) return;
    const std::vector<MessageId> ids = talk->inbox.see();
    if (ids.empty()) return;
    setStatus(user, false, ids, StoredStatus::Seen, false, SeenKept{ids});
    announce(user, ids, Status::Seen);
    pursue(now, user, *talk);
}

void Chat::seen(Now now, const UserName& user) {
    Conversation* talk = find(user);
    if (!talk || !isOpen(user)) return;
    talk->backoff.reset();
    talk->reaching = false;
    pursue(now, user, *talk);
    // A device of theirs that lacks what another one has is worth a look now, though not worth retrying for.
    if (!talk->outbox.empty() || talk->inbox.owesAny()) reach(user, *talk);
}

void Chat::setDevices(const UserName& user, const std::vector<DeviceId>& devices) {
    if (!find(user) && !m_environment.acquaintances.isContact(user)) return;
    if (devices.empty()) return;
    Conversation& talk = m_talks[user];
    apply(user, talk.outbox.setDevices(devices));
    setStatus(user, false, talk.inbox.setWriters(devices), StoredStatus::Seen, true, StatusKept{});
}

std::size_t Chat::unread(const UserName& user) const {
    const auto at = m_talks.find(user);
    return at == m_talks.end() ? 0 : at->second.inbox.unread();
}

Chat::Conversation* Chat::find(const UserName& user) {
    const auto at = m_talks.find(user);
    return at == m_talks.end() ? nullptr : &at->second;
}

UnixMillis Chat::nextPosition(Now now) {
    m_lastPosition = std::max(now.wall, m_lastPosition + std::chrono::milliseconds(1));
    return m_lastPosition;
}

void Chat::add(const StoredMessage& message, Purpose purpose) {
    m_writes.emplace(++m_lastTicket, Write{message.conversation, std::move(purpose)});
    m_output.stores.push_back(AddMessage{m_lastTicket, message});
}

void Chat::setStatus(const UserName& user, bool ours, const std::vector<MessageId>& ids, StoredStatus status,
                     bool settled, const Purpose& purpose) {
    if (ids.empty()) return;
    m_writes.emplace(++m_lastTicket, Write{user, purpose});
    m_output.stores.push_back(SetStatus{m_lastTicket, user, ours, ids, status, settled});
}

void Chat::apply(const UserName& user, const Outbox::Change& change) {
    std::vector<MessageId> delivered = change.delivered;
    std::erase_if(delivered, [&](const MessageId& id) {
        return std::find(change.settled.begin(), change.settled.end(), id) != change.settled.end();
    });
    setStatus(user, true, delivered, StoredStatus::Delivered, false, StatusKept{});
    setStatus(user, true, change.settled, StoredStatus::Delivered, true, StatusKept{});
    setStatus(user, true, change.settledRead, StoredStatus::Read, true, StatusKept{});
    announce(user, change.delivered, Status::Delivered);
}

void Chat::announce(const UserName& user, const std::vector<MessageId>& ids, Status status) {
    for (const MessageId& id : ids) m_output.events.push_back(MessageChanged{user, id, status});
}

template <class M>
void Chat::sendTo(const peer::Device& device, const M& message) {
    m_output.peer.sends.push_back({device, session::Stream::Chat, wire::encodeCommand(message)});
}

bool Chat::hasWork(const UserName& user, const Conversation& talk) const {
    if (talk.inbox.hasFailed() || !talk.unwritten.empty() || !talk.unseen.empty()) return true;
    if (!isOpen(user)) return false;
    if (talk.outbox.hasUndelivered() || talk.outbox.lacksAtALink()) return true;
    // A writer's device that is off line while others are on is told when it comes.
    return talk.links.empty() ? talk.inbox.owesAny()
                              : std::any_of(talk.links.begin(), talk.links.end(),
                                            [&](const DeviceId& device) { return !talk.inbox.owedTo(device).empty(); });
}

void Chat::reach(const UserName& user, Conversation& talk) {
    if (!std::exchange(talk.reaching, true)) m_output.peer.reach.push_back(user);
}

/// Sends what can be sent, or looks for them; and sees to it that it is tried again.
void Chat::pursue(Now now, const UserName& user, Conversation& talk) {
    apply(user, talk.outbox.giveUp(now.wall - kLagging));
    talk.nextTry = kNever;
    if (!hasWork(user, talk)) return;
    if (!isOpen(user) || talk.links.empty()) {
        if (isOpen(user)) reach(user, talk);
        talk.nextTry = now.at + kLongestRetry;
        return;
    }
    flush(user, talk);
    talk.nextTry = now.at + kReceiptDue;
}

/// Some of their devices may have no link yet though others do.
void Chat::reachAll(Now now, const UserName& user, Conversation& talk) {
    pursue(now, user, talk);
    if (isOpen(user)) reach(user, talk);
}

void Chat::flush(const UserName& user, Conversation& talk) {
    for (const DeviceId& device : talk.links) {
        for (const Outbox::Sending& each : talk.outbox.next(device)) {
            const StoredMessage& m = *each.message;
            sendTo({user, device}, Text{m.id, m.order, m.written, m.text});
            if (each.first && m.status == StoredStatus::Waiting) announce(user, {m.id}, Status::Sent);
        }
    }
}

void Chat::sendReads(const UserName& user, const Conversation& talk, const DeviceId& device) {
    inParts(talk.inbox.owedTo(device), [&](std::vector<MessageId> ids) {
        sendTo({user, device}, Read{std::move(ids)});
    });
}

void Chat::writeAgain(const UserName& user, Conversation& talk) {
    for (const MessageId& id : std::exchange(talk.unwritten, {}))
        if (const StoredMessage* message = talk.outbox.find(id)) add(*message, OwnAdded{id, true});
    for (const StoredMessage& message : talk.inbox.takeFailed()) add(message, TheirsAdded{message.id});
    const auto unseen = std::exchange(talk.unseen, {});
    setStatus(user, false, unseen, StoredStatus::Seen, false, SeenKept{unseen});
}

void Chat::deviceUp(Now now, const peer::Device& device) {
    Conversation* talk = find(device.user);
    if (!talk || !m_environment.acquaintances.isContact(device.user)) return;
    talk->reaching = false;
    if (std::find(talk->links.begin(), talk->links.end(), device.device) == talk->links.end()) {
        if (talk->links.size() >= Outbox::kMaxDevices) talk->links.erase(talk->links.begin());
        talk->links.push_back(device.device);
        talk->outbox.up(device.device);
        sendReads(device.user, *talk, device.device);
    }
    pursue(now, device.user, *talk);
}

void Chat::deviceDown(Now now, const peer::Device& device, Fault) {
    Conversation* talk = find(device.user);
    if (!talk || std::erase(talk->links, device.device) == 0) return;
    announce(device.user, talk->outbox.down(device.device), Status::Waiting);
    if (talk->links.empty() && hasWork(device.user, *talk))
        talk->nextTry = now.at + talk->backoff.next(m_environment.random);
}

void Chat::reachFailed(Now now, const UserName& user, Fault) {
    Conversation* talk = find(user);
    if (!talk) return;
    talk->reaching = false;
    if (talk->links.empty() && hasWork(user, *talk)) talk->nextTry = now.at + talk->backoff.next(m_environment.random);
}

void Chat::receive(Now now, const peer::Device& from, ByteView command) {
    if (!m_environment.acquaintances.isContact(from.user)) return;
    const auto view = wire::parseCommand(command);
    if (!view) return;
    if (auto text = wire::decode<Text>(*view)) return onText(now, from, std::move(*text));
    if (const auto receipt = wire::decode<Receipt>(*view)) return onReceipt(now, from, *receipt);
    if (const auto read = wire::decode<Read>(*view)) return onRead(now, from, *read);
    if (const auto kept = wire::decode<ReadKept>(*view)) onReadKept(from, *kept);
}

void Chat::onText(Now now, const peer::Device& from, Text text) {
    if (text.text.empty() || text.order > static_cast<std::uint64_t>(INT64_MAX)) return;
    Inbox& inbox = m_talks[from.user].inbox;
    switch (inbox.arrived(text.id)) {
        case Inbox::Arrival::Known: m_receipts[from].push_back(text.id); return;
        case Inbox::Arrival::Pending:
        case Inbox::Arrival::Refused: return;
        case Inbox::Arrival::New: break;
    }
    StoredMessage message;
    message.id = text.id;
    message.conversation = from.user;
    message.author = from.device;
    message.order = text.order;
    message.position = nextPosition(now);
    message.written = std::clamp(text.written, UnixMillis{}, now.wall);
    message.text = std::move(text.text);
    message.status = StoredStatus::Received;
    add(message, TheirsAdded{message.id});
    inbox.store(std::move(message));
}

void Chat::onReceipt(Now now, const peer::Device& from, const Receipt& receipt) {
    Conversation* talk = find(from.user);
    if (!talk) return;
    talk->backoff.reset();
    apply(from.user, talk->outbox.kept(from.device, receipt.ids));
    pursue(now, from.user, *talk);
}

void Chat::onRead(Now now, const peer::Device& from, const Read& read) {
    Conversation& talk = m_talks[from.user];
    apply(from.user, talk.outbox.kept(from.device, read.ids));
    const std::vector<MessageId> here = talk.outbox.read(read.ids);
    std::vector<MessageId> done = read.ids;
    std::erase_if(done, [&](const MessageId& id) { return std::find(here.begin(), here.end(), id) != here.end(); });
    setStatus(from.user, true, here, StoredStatus::Read, false, ReadStored{here, from.device});
    setStatus(from.user, true, done, StoredStatus::Read, true, ReadStored{done, from.device});
    announce(from.user, read.ids, Status::Read);
    pursue(now, from.user, talk);
}

void Chat::onReadKept(const peer::Device& from, const ReadKept& kept) {
    Conversation* talk = find(from.user);
    if (!talk) return;
    setStatus(from.user, false, talk->inbox.told(from.device, kept.ids), StoredStatus::Seen, true, StatusKept{});
    talk->backoff.reset();
    if (!hasWork(from.user, *talk)) talk->nextTry = kNever;
}

void Chat::receive(Now now, const Stored& stored) {
    auto write = m_writes.extract(stored.ticket);
    if (write.empty()) return;
    if (stored.error)
        writeFailed(now, write.mapped(), *stored.error);
    else
        written(now, write.mapped().user, write.mapped().purpose, !stored.alreadyThere);
}

void Chat::writeFailed(Now now, const Write& write, const Error& error) {
    Conversation& talk = m_talks.at(write.user);
    std::vector<MessageId> ids;
    if (const auto* own = std::get_if<OwnAdded>(&write.purpose)) {
        ids = {own->id};
        talk.unwritten.push_back(own->id);
    } else if (const auto* theirs = std::get_if<TheirsAdded>(&write.purpose)) {
        ids = {theirs->id};
        talk.inbox.failed(theirs->id);
    } else if (const auto* kept = std::get_if<SeenKept>(&write.purpose)) {
        talk.unseen.insert(talk.unseen.end(), kept->ids.begin(), kept->ids.end());
    }
    m_output.events.push_back(StoringFailed{write.user, ids, error});
    const auto* own = std::get_if<OwnAdded>(&write.purpose);
    if (own && !own->announced)
        if (const StoredMessage* message = talk.outbox.find(own->id)) m_output.events.push_back(MessageAdded{*message});
    talk.nextTry = std::min(talk.nextTry, now.at + talk.backoff.next(m_environment.random));
}

void Chat::written(Now now, const UserName& user, const Purpose& purpose, bool fresh) {
    Conversation& talk = m_talks.at(user);
    if (const auto* own = std::get_if<OwnAdded>(&purpose)) {
        talk.outbox.markOnDisk(own->id);
        const StoredMessage* message = talk.outbox.find(own->id);
        if (message && !own->announced) m_output.events.push_back(MessageAdded{*message});
        reachAll(now, user, talk);
    } else if (const auto* theirs = std::get_if<TheirsAdded>(&purpose)) {
        theirsWritten(user, talk, theirs->id, fresh);
    } else if (const auto* kept = std::get_if<SeenKept>(&purpose)) {
        talk.inbox.owe(kept->ids);
        for (const DeviceId& device : talk.links) sendReads(user, talk, device);
        reachAll(now, user, talk);
    } else if (const auto* read = std::get_if<ReadStored>(&purpose)) {
        sendTo({user, read->from}, ReadKept{read->ids});
    }
}

void Chat::theirsWritten(const UserName& user, Conversation& talk, const MessageId& id, bool fresh) {
    const StoredMessage* message = talk.inbox.pending(id);
    if (!message) return;
    m_receipts[{user, message->author}].push_back(id);
    if (fresh) m_output.events.push_back(MessageAdded{*message});
    talk.inbox.stored(id, fresh);
}

void Chat::wake(Now now) {
    for (auto& [user, talk] : m_talks) {
        if (talk.nextTry > now.at) continue;
        talk.reaching = false;
        writeAgain(user, talk);
        // No receipt came in time: their disk may be full. Once more, from the first on.
        talk.outbox.forgetSent();
        if (m_environment.acquaintances.isContact(user))
            for (const DeviceId& device : talk.links) sendReads(user, talk, device);
        pursue(now, user, talk);
    }
}

Instant Chat::nextWake() const {
    Instant next = kNever;
    for (const auto& [user, talk] : m_talks) next = std::min(next, talk.nextTry);
    return next;
}

void Chat::takeReceipts() {
    for (const auto& [device, stored] : std::exchange(m_receipts, {}))
        inParts(stored, [&, to = device](std::vector<MessageId> ids) { sendTo(to, Receipt{std::move(ids)}); });
}

void Chat::take(Output& out) {
    takeReceipts();
    moveAll(out.peer.reach, m_output.peer.reach);
    moveAll(out.peer.sends, m_output.peer.sends);
    moveAll(out.stores, m_output.stores);
    moveAll(out.events, m_output.events);
}

}  // namespace kith::chat
