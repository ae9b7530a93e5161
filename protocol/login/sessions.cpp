// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/sessions.h"

namespace kith::login {

void Sessions::open(Now now, session::LinkNumber link, const crypto::PeerIdentity& peer, std::string address) {
    Session session;
    session.peer = peer;
    session.address = std::move(address);
    touch(now, session);
    m_wakes.push(session.idleAt, link);
    m_sessions.insert_or_assign(link, std::move(session));
}

void Sessions::close(session::LinkNumber link) {
    const auto at = m_sessions.find(link);
    if (at == m_sessions.end()) return;
    endUpload(at->second);
    m_sessions.erase(at);
}

Session* Sessions::find(session::LinkNumber link) {
    const auto at = m_sessions.find(link);
    return at == m_sessions.end() ? nullptr : &at->second;
}

bool Sessions::beginUpload(Session& session, Upload upload) {
    endUpload(session);
    if (m_uploads + upload.total > m_options.maxUploads) return false;
    m_uploads += upload.total;
    session.upload = std::move(upload);
    return true;
}

void Sessions::endUpload(Session& session) {
    if (session.upload) m_uploads -= session.upload->total;
    session.upload.reset();
}

std::vector<session::LinkNumber> Sessions::takeIdle(Now now) {
    std::vector<session::LinkNumber> idle;
    while (m_wakes.next() <= now.at) {
        const auto link = m_wakes.pop().link;
        const Session* session = find(link);
        if (!session) continue;
        if (session->idleAt > now.at)
            m_wakes.push(session->idleAt, link);
        else if (session->waits)
            m_wakes.push(now.at + m_options.idle, link);
        else
            idle.push_back(link);
    }
    return idle;
}

}  // namespace kith::login
