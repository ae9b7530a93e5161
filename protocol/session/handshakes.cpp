// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/handshakes.h"

#include <algorithm>

#include "protocol/crypto/keys.h"
#include "protocol/session/vectors.h"

namespace kith::session {

namespace {

bool isReliable(const Path& path) {
    return std::holds_alternative<TcpPath>(path);
}

/// The person's device, or nothing.
const DeviceId* deviceOf(const crypto::PeerIdentity& peer) {
    const auto* person = std::get_if<crypto::PersonIdentity>(&peer);
    return person != nullptr ? &person->device : nullptr;
}

}  // namespace

Handshakes::Handshakes(Options options, crypto::Suite& suite, RandomSource& random, const CredentialSet& credentials)
    : m_options(std::move(options)), m_suite(suite), m_random(random), m_credentials(credentials) {}

void Handshakes::connect(Now now, Connect connect) {
    if (!m_credentials[static_cast<std::size_t>(connect.role)] && !mayBeAnonymous(connect.role, crypto::Side::Client)) {
        m_events.emplace_back(Failed{connect.number, connect.path, Fault::CertificateInvalid});
        return;
    }
    HandshakeExchange::Options options;
    options.role = connect.role;
    options.side = crypto::Side::Client;
    options.token = std::move(connect.token);
    if (connect.secret) options.secret.emplace(*connect.secret);
    options.roundTrip = connect.roundTrip;
    const auto entry = add(now, std::move(options), connect.path, connect.number, std::nullopt);
    entry->second.exchange.start(now);
    settle(now, entry);
}

Handshakes::Entries::iterator Handshakes::add(Now now, HandshakeExchange::Options options, const Path& path,
                                              LinkNumber number, std::optional<IpAddress> address) {
    options.ours = link::LinkId::random(m_random);
    options.isReliable = isReliable(path);
    auto tlsOptions = handshakeOptions(options.role, options.side);
    tlsOptions.own = m_credentials[static_cast<std::size_t>(options.role)];
    tlsOptions.trust = m_options.trust;
    tlsOptions.now = now.seconds();
    const link::LinkId ours = options.ours;
    Entry entry{HandshakeExchange(now, std::move(options), m_suite.handshake(tlsOptions)), path, number, address};
    return m_entries.insert_or_assign(ours, std::move(entry)).first;
}

void Handshakes::giveUp(Now now, LinkNumber number) {
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&](const auto& e) { return e.second.number == number && !e.second.wasOpened; });
    if (found != m_entries.end()) erase(now, found);
}

void Handshakes::expect(Now now, const ChannelPath& channel, const std::optional<PeerSecret>& secret) {
    m_expectations.add(now, channel, secret);
}

void Handshakes::confirm(Now now, const link::LinkId& ours) {
    const auto found = m_entries.find(ours);
    if (found == m_entries.end()) return;
    found->second.exchange.confirm();
    settle(now, found);
}

void Handshakes::receive(Now now, const Path& path, wire::HandshakePart part, const Newcomer& newcomer) {
    auto entry = find(path, part);
    if (entry == m_entries.end()) entry = admit(now, path, part, newcomer);
    if (entry == m_entries.end()) {
        ++m_refused;
        return;
    }
    entry->second.exchange.receive(now, std::move(part));
    settle(now, entry);
}

Handshakes::Entries::iterator Handshakes::find(const Path& path, const wire::HandshakePart& part) {
    auto found = m_entries.end();
    if (part.otherLink) found = m_entries.find(link::LinkId{*part.otherLink});
    if (!part.otherLink)
        if (const auto known = m_byTheirs.find(link::LinkId{part.ownLink}); known != m_byTheirs.end())
            found = m_entries.find(known->second);
    const bool fits = found != m_entries.end() && found->second.path == path &&
                      static_cast<std::uint8_t>(found->second.exchange.options().role) == part.role;
    return fits ? found : m_entries.end();
}

Handshakes::Entries::iterator Handshakes::admit(Now now, const Path& path, const wire::HandshakePart& part,
                                                const Newcomer& newcomer) {
    const link::LinkId theirs{part.ownLink};
    const auto role = roleFrom(part.role);
    const bool isFirst = part.offset == 0 && !part.tls.empty() && !part.otherLink;
    if (!role || !isFirst || m_recent.contains(theirs) || m_byTheirs.contains(theirs)) return m_entries.end();
    if (!mayEnter(now, path, *role, newcomer)) return m_entries.end();
    HandshakeExchange::Options options;
    options.role = *role;
    options.side = crypto::Side::Server;
    options.theirs = theirs;
    options.secret = secretFor(now, path);
    // What does not prove the secret leaves no trace.
    if (options.secret && !HandshakeExchange::proves(part, *options.secret)) return m_entries.end();
    const auto entry = add(now, std::move(options), path, 0, newcomer.address);
    m_byTheirs.emplace(theirs, entry->first);
    ++m_halfOpen;
    return entry;
}

bool Handshakes::mayEnter(Now now, const Path& path, Role role, const Newcomer& newcomer) {
    if (!newcomer.isRoom || !m_credentials[static_cast<std::size_t>(role)] || m_halfOpen >= m_options.maxHalfOpen)
        return false;
    if (const auto* channel = std::get_if<ChannelPath>(&path))
        return role == Role::Peer && (m_expectations.find(now, *channel) != nullptr || ownOn(path) != m_entries.end());
    if (!newcomer.isAddressProven || std::ranges::count(m_options.serves, role) == 0) return false;
    const auto ofAddress = std::count_if(m_entries.begin(), m_entries.end(), [&](const auto& e) {
        return e.second.address == newcomer.address && isHalfOpen(e.second);
    });
    return static_cast<std::size_t>(ofAddress) < std::max<std::size_t>(1, m_options.maxHalfOpen / 4);
}

/// One that we began there, with a person, and that the other end has not seen the end of.
Handshakes::Entries::const_iterator Handshakes::ownOn(const Path& path) const {
    return std::find_if(m_entries.begin(), m_entries.end(), [&](const auto& e) {
        const auto& options = e.second.exchange.options();
        return options.side == crypto::Side::Client && options.role == Role::Peer && e.second.path == path;
    });
}

std::optional<crypto::Secret<16>> Handshakes::secretFor(Now now, const Path& path) const {
    if (const auto* channel = std::get_if<ChannelPath>(&path))
        if (const auto* expected = m_expectations.find(now, *channel)) return expected->secret;
    const auto own = ownOn(path);
    return own != m_entries.end() ? own->second.exchange.options().secret : std::nullopt;
}

bool Handshakes::isHalfOpen(const Entry& entry) const {
    return entry.exchange.options().side == crypto::Side::Server &&
           entry.exchange.phase() == HandshakeExchange::Phase::Running;
}

void Handshakes::settle(Now now, Entries::iterator entry) {
    std::vector<Bytes> commands;
    entry->second.exchange.take(commands);
    for (Bytes& command : commands) m_out.push_back({entry->second.path, std::move(command)});
    const auto phase = entry->second.exchange.phase();
    if (!entry->second.isCounted && phase != HandshakeExchange::Phase::Running) {
        entry->second.isCounted = true;
        if (entry->second.exchange.options().side == crypto::Side::Server) --m_halfOpen;
    }
    if (phase == HandshakeExchange::Phase::Running) return;
    if (phase == HandshakeExchange::Phase::Failed) {
        failed(entry->first, entry->second, entry->second.exchange.fault());
        erase(now, entry);
        return;
    }
    if (!entry->second.wasOpened && !opened(now, entry)) return;
    if (phase == HandshakeExchange::Phase::Confirmed) erase(now, entry);
}

bool Handshakes::opened(Now now, Entries::iterator entry) {
    auto outcome = entry->second.exchange.takeOutcome();
    if (!prevails(now, entry, outcome->peer)) {
        wipe(outcome->secrets.secret);
        wipe(outcome->secrets.clientHeaderKey);
        wipe(outcome->secrets.serverHeaderKey);
        erase(now, entry);
        return false;
    }
    const auto& options = entry->second.exchange.options();
    const bool incoming = options.side == crypto::Side::Server;
    if (const auto* channel = std::get_if<ChannelPath>(&entry->second.path)) m_expectations.remove(*channel);
    entry->second.wasOpened = true;
    m_events.emplace_back(Opened{entry->second.number, options.role, incoming, entry->second.path, options.ours,
                                 *options.theirs, options.roundTrip, std::move(*outcome)});
    return true;
}

bool Handshakes::prevails(Now now, Entries::iterator entry, const crypto::PeerIdentity& peer) {
    const auto& options = entry->second.exchange.options();
    const DeviceId* other = deviceOf(peer);
    if (options.role != Role::Peer || other == nullptr) return true;
    const auto rival = std::find_if(m_entries.begin(), m_entries.end(), [&](const auto& e) {
        const auto& theirs = e.second.exchange.options();
        return theirs.role == Role::Peer && theirs.side != options.side && e.second.path == entry->second.path;
    });
    if (rival == m_entries.end()) return true;
    const DeviceId own{m_credentials[static_cast<std::size_t>(Role::Peer)]->key->publicKey()};
    const bool isOursSmaller = own < *other;
    const bool isOurs = options.side == crypto::Side::Client;
    Entry& loser = isOurs == isOursSmaller ? rival->second : entry->second;
    Entry& winner = isOurs == isOursSmaller ? entry->second : rival->second;
    // Whoever asked for a link gets the one there is, under the number it was given.
    if (loser.wasOpened)
        m_events.emplace_back(Revoked{loser.exchange.options().ours, Fault::AlreadyExists});
    else if (winner.number == 0 && !winner.wasOpened)
        winner.number = loser.number;
    if (&loser == &entry->second) return false;
    erase(now, rival);
    return true;
}

void Handshakes::failed(const link::LinkId& ours, const Entry& entry, Fault reason) {
    if (entry.wasOpened)
        m_events.emplace_back(Revoked{ours, reason});
    else if (entry.number != 0)
        m_events.emplace_back(Failed{entry.number, entry.path, reason});
}

void Handshakes::erase(Now now, Entries::iterator entry) {
    const auto& options = entry->second.exchange.options();
    if (options.side == crypto::Side::Server) {
        if (!entry->second.isCounted) --m_halfOpen;
        m_byTheirs.erase(*options.theirs);
        m_recent.add(now.at, *options.theirs);
    }
    m_entries.erase(entry);
}

void Handshakes::pathLost(Now now, const Path& path, Fault reason) {
    failIf(
        now, [&](const Entry& e) { return e.path == path; }, reason);
}

void Handshakes::viaLost(Now now, LinkNumber link, Fault reason) {
    const auto isVia = [&](const Entry& e) {
        const auto* channel = std::get_if<ChannelPath>(&e.path);
        return channel != nullptr && channel->via == link;
    };
    failIf(now, isVia, reason);
    m_expectations.removeVia(link);
}

template <class Predicate>
void Handshakes::failIf(Now now, Predicate which, Fault reason) {
    for (auto entry = m_entries.begin(); entry != m_entries.end();) {
        const auto current = entry++;
        if (!which(current->second)) continue;
        // An open link lives on: it may have other paths by now.
        if (!current->second.wasOpened) failed(current->first, current->second, reason);
        erase(now, current);
    }
}

void Handshakes::wake(Now now) {
    for (auto entry = m_entries.begin(); entry != m_entries.end();) {
        // Settling takes entries out, perhaps not only this one.
        const link::LinkId current = entry->first;
        if (entry->second.exchange.nextWake() <= now.at) {
            entry->second.exchange.wake(now);
            settle(now, entry);
        }
        entry = m_entries.upper_bound(current);
    }
    m_expectations.wake(now);
    m_recent.wake(now.at);
}

Instant Handshakes::nextWake() const {
    Instant next = std::min(m_expectations.nextWake(), m_recent.nextWake());
    for (const auto& [ours, entry] : m_entries) next = std::min(next, entry.exchange.nextWake());
    return next;
}

void Handshakes::take(std::vector<Outgoing>& out, std::vector<Event>& events) {
    moveTo(out, m_out);
    moveTo(events, m_events);
}

bool Handshakes::isConcernedWith(Now now, const Path& path) const {
    if (const auto* channel = std::get_if<ChannelPath>(&path))
        if (m_expectations.find(now, *channel) != nullptr) return true;
    return std::any_of(m_entries.begin(), m_entries.end(), [&](const auto& e) { return e.second.path == path; });
}

bool Handshakes::isConnecting(LinkNumber number) const {
    return std::any_of(m_entries.begin(), m_entries.end(),
                       [&](const auto& e) { return e.second.number == number && !e.second.wasOpened; });
}

}  // namespace kith::session
