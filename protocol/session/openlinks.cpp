// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/openlinks.h"

#include <algorithm>

#include "protocol/session/pathpolicy.h"
#include "protocol/session/vectors.h"

namespace kith::session {

namespace {

link::StreamNumber numberOf(Stream stream) {
    return static_cast<link::StreamNumber>(stream);
}

/// A link on TCP stops at a fixed backlog, ours depends on the connection: tells it what leaves as much room.
std::size_t asSeenByLink(const TcpBacklog& backlog) {
    constexpr std::size_t kStop = TcpBacklog::kUsual;
    if (backlog.isFull()) return std::max(backlog.held(), kStop + 1);
    const std::size_t room = backlog.limit() - backlog.held();
    return kStop - std::min(kStop, room);
}

}  // namespace

OpenLinks::Record::Record(Now now, const Start& start, const link::LinkOptions& options, crypto::LinkSecrets& secrets,
                          link::Link::Environment environment)
    : link(now, options, secrets, environment), number(start.number), role(start.role), handshake(start.ours) {}

/// Puts a link's packets into frames on the paths that its path numbers stand for.
class OpenLinks::Packets : public link::PacketSink {
public:
    Packets(OpenLinks& links, Now now, Record& record) : m_links(links), m_now(now), m_record(record) {}

    Bytes& begin(link::PathNumber path) override {
        m_way = wayOf(m_record, path);
        if (m_way == nullptr) {
            m_nowhere.clear();
            return m_nowhere;
        }
        return m_links.m_frames.begin(m_now, m_way->path, wire::FrameType::Link, TcpCarrier::Importance::Lasting);
    }
    void end() override {
        if (m_way == nullptr) return;
        m_links.m_frames.end();
        m_links.tellBacklog(m_now, m_record, *m_way);
    }

private:
    OpenLinks& m_links;
    Now m_now;
    Record& m_record;
    const Way* m_way = nullptr;
    Bytes m_nowhere;
};

/// What a link says, in terms of the transport.
struct OpenLinks::Translate {
    OpenLinks& links;
    Now now;
    Record& record;
    std::vector<Event>& events;
    std::vector<LinkNumber>& closed;

    void operator()(link::StreamReceived& event) {
        const auto stream = streamFrom(event.stream);
        std::vector<Bytes> commands;
        const auto fed = stream ? record.cutter.feed(*stream, event.bytes, commands) : fail(Fault::Malformed, "stream");
        for (Bytes& command : commands) tell(CommandReceived{record.number, *stream, std::move(command)});
        if (!fed) record.link.close(now, Fault::Malformed);
    }
    void operator()(link::Drained&) { tell(LinkDrained{record.number}); }
    void operator()(link::IdAdded& event) { links.m_ids.emplace(event.id, record.number); }
    void operator()(link::IdRemoved& event) { links.m_ids.erase(event.id); }
    void operator()(link::PathValidated&) {}
    void operator()(link::PathPreferred& event) {
        if (const Way* way = wayOf(record, event.path)) tell(PathChanged{record.number, way->path});
    }
    void operator()(link::PathEnded& event) {
        const Way* way = wayOf(record, event.path);
        if (way == nullptr) return;
        tell(PathFailed{record.number, way->path, event.reason});
        links.removeWay(now, record, event.path);
    }
    void operator()(link::Closed& event) {
        --links.m_openCount;
        closed.push_back(record.number);
        tell(LinkClosed{record.number, event.reason, event.byPeer});
        record.isTold = false;
    }

    void tell(Event event) {
        if (record.isTold) events.push_back(std::move(event));
    }
};

OpenLinks::OpenLinks(RandomSource& random, TcpCarriers& tcp, FrameOut& frames, const link::ResetKey* resets)
    : m_random(random), m_tcp(tcp), m_frames(frames), m_resets(resets) {}

OpenLinks::~OpenLinks() = default;

void OpenLinks::open(Now now, const Start& start, crypto::LinkSecrets& secrets) {
    link::LinkOptions options;
    options.side = start.side;
    options.ours = start.ours;
    options.theirs = start.theirs;
    options.firstPath = pathOptions(start.role, start.path, start.roundTrip);
    options.urgentStreams = urgentStreams();
    options.resets = m_resets;
    auto made = std::make_unique<Record>(now, start, options, secrets,
                                         link::Link::Environment{crypto::AeadCipher::ofThisThread(), m_random});
    Record& record = *m_records.emplace(start.number, std::move(made)).first->second;
    m_ids.emplace(start.ours, start.number);
    ++m_openCount;
    addWay(record, link::kFirstPath, start.path);
    markDirty(record);
}

void OpenLinks::addPath(Now now, LinkNumber link, const Path& path) {
    Record* found = record(link);
    if (found == nullptr || wayOf(*found, path) != nullptr || found->wishes.size() >= link::kMaxPaths) return;
    markDirty(*found);
    if (tryAddPath(now, *found, path)) return;
    found->wishes.push_back({path, now.at + kPathPatience});
    schedule(*found);
}

bool OpenLinks::tryAddPath(Now now, Record& record, const Path& path) {
    const auto number = record.link.addPath(now, pathOptions(record.role, path));
    if (number) addWay(record, *number, path);
    return number.has_value();
}

void OpenLinks::retryWishes(Now now, Record& record, std::vector<Event>& events) {
    eraseIf(record.wishes, [&](const Wish& wish) {
        const bool isOver = record.link.isClosed() || wish.until <= now.at;
        if (!isOver) return wayOf(record, wish.path) != nullptr || tryAddPath(now, record, wish.path);
        if (record.isTold) events.emplace_back(PathFailed{record.number, wish.path, Fault::TimedOut});
        return true;
    });
}

void OpenLinks::dropPath(Now now, LinkNumber link, const Path& path) {
    Record* found = record(link);
    if (found == nullptr) return;
    std::erase_if(found->wishes, [&](const Wish& wish) { return wish.path == path; });
    if (const Way* way = wayOf(*found, path)) {
        const link::PathNumber number = way->number;
        found->link.dropPath(now, number);
        markDirty(*found);
        removeWay(now, *found, number);
    }
}

void OpenLinks::pathLost(Now now, const Path& path) {
    const auto links = m_paths.linksOn(path);
    for (const LinkNumber number : std::vector(links.begin(), links.end())) {
        Record& affected = *record(number);
        affected.link.pathLost(now, wayOf(affected, path)->number);
        markDirty(affected);
    }
}

void OpenLinks::viaLost(Now now, LinkNumber link) {
    for (const ChannelPath& channel : m_paths.channelsVia(link)) pathLost(now, channel);
}

bool OpenLinks::send(Now now, LinkNumber link, Stream stream, ByteView command) {
    Record* found = record(link);
    if (found == nullptr) return false;
    const auto repeat = stream == Stream::Call ? link::Link::Repeat::Once : link::Link::Repeat::No;
    markDirty(*found);
    return found->link.send(now, numberOf(stream), command, repeat);
}

void OpenLinks::sendMedia(Now now, LinkNumber link, ByteView packet) {
    const Record* found = record(link);
    if (found == nullptr || packet.size() > link::kMaxPacket || found->link.isClosed()) return;
    const auto number = found->link.mediaPath();
    const Way* way = number ? wayOf(*found, *number) : nullptr;
    if (way != nullptr) m_frames.send(now, way->path, wire::FrameType::Media, TcpCarrier::Importance::Timely, packet);
}

void OpenLinks::close(Now now, LinkNumber link, Fault reason) {
    Record* found = record(link);
    if (found == nullptr) return;
    found->link.close(now, reason);
    markDirty(*found);
}

void OpenLinks::revoke(Now now, const link::LinkId& ours, Fault reason) {
    const auto known = m_ids.find(ours);
    if (known != m_ids.end()) close(now, known->second, reason);
}

OpenLinks::Receipt OpenLinks::receivePacket(Now now, const Path& path, ByteView packet) {
    Record* found = recordOf(packet);
    if (found == nullptr) return {};
    const Way* way = wayOf(*found, path);
    const auto arrival = way != nullptr ? found->link.receive(now, way->number, packet)
                                        : found->link.receiveElsewhere(now, pathOptions(found->role, path), packet);
    if (arrival.verdict == link::Link::Verdict::NewPath) addWay(*found, arrival.path, path);
    markDirty(*found);
    if (arrival.verdict == link::Link::Verdict::Dropped) return {true};
    return {true, found->handshake};
}

bool OpenLinks::receiveReset(Now now, const Path& path, ByteView packet) {
    const auto links = m_paths.linksOn(path);
    const auto reset = std::find_if(links.begin(), links.end(), [&](LinkNumber number) {
        Record& user = *record(number);
        return user.link.receiveReset(now, wayOf(user, path)->number, packet);
    });
    if (reset == links.end()) return false;
    markDirty(*record(*reset));
    return true;
}

bool OpenLinks::receiveMedia(const Path& path, ByteView packet, std::vector<Event>& events) const {
    for (const LinkNumber number : m_paths.linksOn(path)) {
        const Record& owner = *record(number);
        if (owner.role != Role::Peer || owner.link.isClosed() || !owner.link.isValidated(wayOf(owner, path)->number))
            continue;
        events.emplace_back(MediaReceived{number, toBytes(packet)});
        return true;
    }
    return false;
}

std::optional<LinkNumber> OpenLinks::nodeLinkOn(const Path& path) const {
    for (const LinkNumber number : m_paths.linksOn(path)) {
        const Record& owner = *record(number);
        if (owner.role == Role::Node && !owner.link.isClosed() && owner.link.isValidated(wayOf(owner, path)->number))
            return number;
    }
    return std::nullopt;
}

void OpenLinks::tcpBacklogChanged(Now now, link::TcpNumber connection) {
    const Path path = TcpPath{connection};
    for (const LinkNumber number : m_paths.linksOn(path)) {
        Record& user = *record(number);
        tellBacklog(now, user, *wayOf(user, path));
        markDirty(user);
    }
}

void OpenLinks::tellBacklog(Now now, Record& record, const Way& way) {
    const auto* tcp = std::get_if<TcpPath>(&way.path);
    if (tcp == nullptr) return;
    if (const TcpCarrier* carrier = m_tcp.ready(tcp->connection))
        record.link.setBacklog(now, way.number, asSeenByLink(carrier->backlog()));
}

void OpenLinks::wake(Now now) {
    while (m_wakes.next() <= now.at) {
        const WakeHeap::Entry due = m_wakes.pop();
        Record* found = record(due.link);
        if (found == nullptr || found->scheduled != due.at) continue;
        found->scheduled = kNever;
        found->link.wake(now);
        markDirty(*found);
    }
}

void OpenLinks::settle(Now now, std::vector<Event>& events, std::vector<LinkNumber>& closed) {
    m_settling.swap(m_dirty);
    for (const LinkNumber number : m_settling) {
        Record* dirty = record(number);
        if (dirty == nullptr) continue;
        dirty->isDirty = false;
        settleOne(now, *dirty, events, closed);
    }
    m_settling.clear();
}

void OpenLinks::settleOne(Now now, Record& record, std::vector<Event>& events, std::vector<LinkNumber>& closed) {
    Packets packets(*this, now, record);
    std::vector<link::LinkEvent> said;
    // What it says can make it say more: a stream that makes no sense closes it.
    do {
        said.clear();
        if (!record.wishes.empty()) retryWishes(now, record, events);
        record.link.take(now, packets, said);
        for (link::LinkEvent& event : said) std::visit(Translate{*this, now, record, events, closed}, event);
    } while (!said.empty());
    if (record.link.isFinished())
        forget(now, record);
    else
        schedule(record);
}

void OpenLinks::schedule(Record& record) {
    Instant next = record.link.nextWake();
    for (const Wish& wish : record.wishes) next = std::min(next, wish.until);
    if (next >= record.scheduled) return;
    record.scheduled = next;
    m_wakes.push(next, record.number);
}

void OpenLinks::forget(Now now, Record& record) {
    for (const link::LinkId& id : record.link.ids()) m_ids.erase(id);
    while (!record.ways.empty()) removeWay(now, record, record.ways.back().number);
    m_records.erase(record.number);
}

std::optional<Path> OpenLinks::carrierOf(LinkNumber via) const {
    const Record* found = record(via);
    if (found == nullptr || found->link.isClosed()) return std::nullopt;
    const auto number = found->link.mediaPath();
    const Way* way = number ? wayOf(*found, *number) : nullptr;
    // A channel in a channel would go round in circles.
    if (way == nullptr || std::holds_alternative<ChannelPath>(way->path)) return std::nullopt;
    return way->path;
}

const link::Link* OpenLinks::find(LinkNumber link) const {
    const Record* found = record(link);
    return found != nullptr && !found->link.isClosed() ? &found->link : nullptr;
}

OpenLinks::Record* OpenLinks::record(LinkNumber link) {
    const auto found = m_records.find(link);
    return found == m_records.end() ? nullptr : found->second.get();
}

const OpenLinks::Record* OpenLinks::record(LinkNumber link) const {
    const auto found = m_records.find(link);
    return found == m_records.end() ? nullptr : found->second.get();
}

OpenLinks::Record* OpenLinks::recordOf(ByteView packet) {
    const auto id = link::linkIdOf(packet);
    if (!id) return nullptr;
    const auto known = m_ids.find(*id);
    return known == m_ids.end() ? nullptr : record(known->second);
}

const OpenLinks::Way* OpenLinks::wayOf(const Record& record, const Path& path) {
    const auto found =
        std::find_if(record.ways.begin(), record.ways.end(), [&](const Way& way) { return way.path == path; });
    return found == record.ways.end() ? nullptr : &*found;
}

const OpenLinks::Way* OpenLinks::wayOf(const Record& record, link::PathNumber number) {
    const auto found =
        std::find_if(record.ways.begin(), record.ways.end(), [&](const Way& way) { return way.number == number; });
    return found == record.ways.end() ? nullptr : &*found;
}

void OpenLinks::addWay(Record& record, link::PathNumber number, const Path& path) {
    record.ways.push_back({number, path});
    m_paths.add(path, record.number);
    if (const auto* tcp = std::get_if<TcpPath>(&path)) m_tcp.use(tcp->connection);
}

void OpenLinks::removeWay(Now now, Record& record, link::PathNumber number) {
    const Way* way = wayOf(record, number);
    if (way == nullptr) return;
    const Path path = way->path;
    std::erase_if(record.ways, [&](const Way& w) { return w.number == number; });
    m_paths.remove(path, record.number);
    if (const auto* tcp = std::get_if<TcpPath>(&path)) m_tcp.release(now, tcp->connection);
}

void OpenLinks::markDirty(Record& record) {
    if (record.isDirty) return;
    record.isDirty = true;
    m_dirty.push_back(record.number);
}

}  // namespace kith::session
