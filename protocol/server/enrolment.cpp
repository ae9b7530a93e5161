// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/server/enrolment.h"

namespace kith::server {

Enrolment::Enrolment(NodeKeys keys, const crypto::Trust& trust, const Environment& environment)
    : m_keys(std::move(keys)),
      m_key(crypto::SigningKey::fromSeed(m_keys.seed)),
      m_trust(trust),
      m_environment(environment) {}

void Enrolment::begin(Now now) {
    const auto& server = m_servers[m_environment.random.below(m_servers.size())];
    m_due = now.at + kPatience;
    m_askedForRoot = false;
    m_connection = m_environment.transport.openTcp(now, server);
}

void Enrolment::close(Now now) {
    const auto connection = std::exchange(m_connection, {});
    // A connection without a link is closed after a while; the goodbye goes out on it first.
    if (m_link)
        m_environment.transport.close(now, std::exchange(m_link, 0), Fault::ConnectionLost);
    else if (connection)
        m_environment.transport.closeTcp(*connection);
}

void Enrolment::end(Now now, Fault reason) {
    close(now);
    m_due = now.at + m_backoff.next(m_environment.random);
    m_environment.log.write(LogLevel::Warning, "supernode", "the login server: " + std::string(name(reason)));
}

void Enrolment::end(Now now) {
    close(now);
    m_backoff.reset();
    m_due = now.at + kEvery;
}

bool Enrolment::receive(Now now, const session::Event& event) {
    if (const auto* ready = std::get_if<session::TcpReady>(&event)) {
        if (ready->connection != m_connection) return false;
        m_link = m_environment.transport.connect(now, session::Role::Login, session::TcpPath{*m_connection});
    } else if (const auto* failed = std::get_if<session::TcpFailed>(&event)) {
        if (failed->connection != m_connection) return false;
        m_connection.reset();
        end(now, failed->reason);
    } else if (const auto* opened = std::get_if<session::LinkOpened>(&event)) {
        if (!m_link || opened->link != m_link) return false;
        const auto known = m_document.revocations().judge(opened->peerChain, opened->peer);
        known ? askOn(now) : end(now, known.error().fault);
    } else if (const auto* closed = std::get_if<session::LinkClosed>(&event)) {
        if (!m_link || closed->link != m_link) return false;
        m_link = 0;
        end(now, closed->reason);
    } else if (const auto* command = std::get_if<session::CommandReceived>(&event)) {
        if (!m_link || command->link != m_link) return false;
        received(now, command->command);
    } else {
        return false;
    }
    return true;
}

bool Enrolment::isFresh(UnixTime now) const {
    const auto chain = crypto::decodeChain(m_keys.chain);
    if (!chain || chain->empty()) return false;
    const auto leaf = crypto::readLeaf(chain->front(), m_trust.network);
    return leaf && leaf->validity.notBefore + crypto::kBackdate + kFresh > now && leaf->validity.notAfter > now;
}

void Enrolment::askOn(Now now) {
    if (!isFresh(now.seconds())) {
        const NodeId node{m_key.publicKey()};
        const auto proof = m_environment.suite.sign(m_key, login::nodeProofMessage(m_trust.network, node));
        return ask(now, login::CertifyNode{node, proof, m_keys.code, m_keys.chain});
    }
    // The server's part counts within the root's.
    if (!std::exchange(m_askedForRoot, true)) return ask(now, login::FetchDocument{login::DocumentPart::Root});
    ask(now, login::FetchDocument{login::DocumentPart::Server});
}

template <class M>
void Enrolment::ask(Now now, const M& message) {
    m_environment.transport.send(now, m_link, session::Stream::Login, wire::encodeCommand(message, ++m_request));
}

void Enrolment::received(Now now, ByteView bytes) {
    const auto command = wire::parseCommand(bytes);
    if (!command || command->requestId != m_request) return end(now, Fault::Malformed);
    if (const auto answer = wire::decode<login::NodeCertified>(*command)) return certified(now, *answer);
    if (const auto answer = wire::decode<login::Document>(*command)) return learned(now, *answer);
    end(now, Fault::Malformed);
}

void Enrolment::certified(Now now, const login::NodeCertified& answer) {
    if (answer.answer.refusal) return end(now, login::faultOf(*answer.answer.refusal));
    const auto chain = crypto::decodeChain(answer.chain);
    const auto identity = chain ? crypto::verifyChain(*chain, m_trust, now.seconds()) : fail(Fault::Malformed);
    if (!identity) return end(now, identity.error().fault);
    const auto* node = std::get_if<crypto::SupernodeIdentity>(&*identity);
    if (!node || node->node.bytes != m_key.publicKey()) return end(now, Fault::CertificateInvalid);
    m_keys.chain = answer.chain;
    m_keys.code.clear();
    m_output.keys = m_keys;
    // A clock that calls the newest certificate old would ask for ever.
    if (!isFresh(now.seconds())) return end(now, Fault::ClockOff);
    askOn(now);
}

void Enrolment::learned(Now now, const login::Document& answer) {
    if (answer.which == login::DocumentPart::Root) {
        const auto known = m_document.learnRoot(m_environment.suite, m_trust, answer.document);
        return known ? askOn(now) : end(now, known.error().fault);
    }
    const auto known = m_document.learnServer(m_environment.suite, m_trust, answer.document, now.seconds());
    if (!known) return end(now, known.error().fault);
    std::vector<overlay::AccessId> withdrawn;
    const ByteView ids = m_document.server()->revokedAccess;
    constexpr std::size_t kSize = overlay::AccessId{}.bytes.size();
    for (std::size_t i = 0; i + kSize <= ids.size(); i += kSize)
        withdrawn.push_back(overlay::AccessId{*toArray<kSize>(ids.subspan(i, kSize))});
    m_output.withdrawn = std::move(withdrawn);
    end(now);
}

void Enrolment::wake(Now now) {
    if (now.at < nextWake()) return;
    if (m_connection)
        end(now, Fault::TimedOut);
    else
        begin(now);
}

Instant Enrolment::nextWake() const {
    return m_servers.empty() ? kNever : m_due;
}

}  // namespace kith::server
