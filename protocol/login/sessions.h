// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/instant.h"
#include "protocol/crypto/identity.h"
#include "protocol/login/accountstore.h"
#include "protocol/session/wakeheap.h"

namespace kith::login {

/// What a link may do, as it proved itself.
enum class Right { None, Recovery, Device, Password };

/// A vault on its way, part by part.
struct Upload {
    std::uint64_t baseVersion = 0;
    std::size_t total = 0;
    StoredVault vault;
};

/// What a login server knows of one link.
struct Session {
    crypto::PeerIdentity peer;
    std::string address;  ///< what guesses are counted by; may be empty
    Right right = Right::None;
    UserName user;  ///< unless `right` is None
    Instant idleAt = kNever;
    bool waits = false;  ///< for the store
    std::optional<Upload> upload;
};

/// The links of a login server: which are idle, and how much of vaults they may send, all together.
class Sessions {
public:
    struct Options {
        Duration idle;           ///< then a link is to be closed
        std::size_t maxUploads;  ///< bytes
    };

    explicit Sessions(const Options& options) : m_options(options) {}

    void open(Now now, session::LinkNumber link, const crypto::PeerIdentity& peer, std::string address);
    void close(session::LinkNumber link);
    /// Null: there is none.
    Session* find(session::LinkNumber link);
    /// Something came from it.
    void touch(Now now, Session& session) const { session.idleAt = now.at + m_options.idle; }

    /// Instead of another one of this session; false: too much is on its way.
    bool beginUpload(Session& session, Upload upload);
    void endUpload(Session& session);

    /// Those that are idle now, and wait for nothing.
    std::vector<session::LinkNumber> takeIdle(Now now);
    [[nodiscard]] Instant nextWake() const { return m_wakes.next(); }

private:
    Options m_options;
    std::map<session::LinkNumber, Session> m_sessions;
    session::WakeHeap m_wakes;  ///< one entry for each session; moved on when its time comes too early
    std::size_t m_uploads = 0;  ///< bytes that all uploads may grow to
};

}  // namespace kith::login
