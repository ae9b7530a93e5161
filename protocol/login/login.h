// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/base/backoff.h"
#include "protocol/crypto/password.h"
#include "protocol/login/membership.h"
#include "protocol/login/recoverykey.h"
#include "protocol/wire/command.h"

namespace kith::login {

class Errand;

enum class ErrandKind : std::uint8_t { SignUp, SignIn, Recover, Renew, SaveVault };

// What happens.

/// Signed up, signed in or recovered: membership() is there, and to be stored. Comes once, after everything else that
/// signing in takes (device list countersigned, vault open).
struct SignedIn {};
/// Before SignedIn, after signing up: to be shown to the person once. Kept nowhere.
struct RecoveryKeyMade {
    std::string text;
};
/// New papers in membership(): to be stored.
struct PapersRenewed {};
/// What saveVault() was given is on the server's disk; membership() to be stored.
struct VaultSaved {};
/// Another device changed the vault: merge membership()->content with what is here, and saveVault() if that differs.
/// To be stored.
struct VaultChanged {};
/// The computer's clock is off by this much (positive: it is behind), which is corrected for by clockOffset(). Told
/// once it is over a minute, and again when it changes by as much.
struct ClockDiffers {
    std::chrono::seconds offset;
};
/// Signing up, signing in or recovering did not work; or renewing never will (CredentialExpired, AccountDisabled,
/// WrongRootKey): sign in again. Saving fails only by TooLarge.
struct Failed {
    ErrandKind errand;
    Fault fault;
    std::chrono::seconds detail{};  ///< ClockOff: as ClockDiffers, 0 if not known; TooManyTries: not sooner than in
};
using LoginEvent =
    std::variant<SignedIn, RecoveryKeyMade, PapersRenewed, VaultSaved, VaultChanged, ClockDiffers, Failed>;

/// A device's conversation with the login server: makes the account, signs in, keeps the papers fresh (a day old, with
/// jitter and back-off) and the vault in step. One errand at a time, each on a link of its own; verbs that a person
/// asked for go first. Lives on the network thread. Passwords come as keys: crypto::derivePasswordKeys is slow and
/// belongs on another thread.
///
/// Whoever composes opens the links: on `open`, set `show` as credentials for Role::Login, find a login server (any
/// order), connect; tell linkOpened() when it is up and linkClosed() with the last fault when none can be opened or the
/// link closes by itself. A newer `open` or `close` ends what is under way. Commands go and come on Stream::Login.
class Login {
public:
    struct Environment {
        crypto::Suite& suite;
        RandomSource& random;
    };
    struct Options {
        std::size_t accessWeeks = 7;
        Duration answerTime = std::chrono::seconds(20);
        Duration linkTime = std::chrono::seconds(90);  ///< to open a link
    };
    struct OpenLink {
        std::shared_ptr<const crypto::Credentials> show;  ///< null: nothing
    };
    /// Carry out in this order.
    struct Output {
        bool close = false;
        std::optional<OpenLink> open;
        std::vector<Bytes> sends;
        std::vector<LoginEvent> events;
    };
    static constexpr std::chrono::hours kMaxClockOff{24};
    static constexpr std::chrono::hours kRenewAfter{24};

    Login(const crypto::Trust& trust, const Environment& environment) : Login(trust, environment, Options{}) {}
    Login(const crypto::Trust& trust, const Environment& environment, const Options& options);
    ~Login();
    Login(const Login&) = delete;
    Login& operator=(const Login&) = delete;

    void signUp(Now now, const UserName& user, const std::string& displayName, const crypto::PasswordKeys& password,
                const std::string& invitation);
    void signIn(Now now, const UserName& user, const crypto::PasswordKeys& password);
    /// Sets a new password by the recovery key and signs in with it.
    void recover(Now now, const UserName& user, const RecoveryKey& recovery, const crypto::PasswordKeys& newPassword);
    /// With what was kept on disk: signed in at once, without SignedIn; renews when it is time.
    void resume(Now now, Membership membership);
    /// Stores this as the new content of the vault (user key and unknown sections stay). The newest call counts.
    void saveVault(Now now, const std::string& displayName, Bytes contacts, Bytes settings);
    /// Renews at any time within this span: the vault may have changed meanwhile. May be put away.
    void refresh(Now now, Duration within) {
        m_nextErrand = std::min(m_nextErrand, now.at + m_environment.random.within(within));
    }
    /// Nothing is under way, and nothing waits to be saved.
    [[nodiscard]] bool isIdle() const { return !m_errand && !m_wish; }
    /// Drops the membership, which is all on disk; only while idle. Before the next thing is done, at nextWake(), it
    /// has to be given back.
    void putAway() { m_membership.reset(); }
    void giveBack(Membership membership) { m_membership = std::make_unique<Membership>(std::move(membership)); }
    /// Forgets everything.
    void signOut();

    /// Null: not signed in, or put away.
    [[nodiscard]] const Membership* membership() const { return m_membership.get(); }
    /// To be added to the computer's clock, for everything that other computers check.
    [[nodiscard]] std::chrono::seconds clockOffset() const { return m_clockOffset; }

    // Doors.
    void linkOpened(Now now);
    void linkClosed(Now now, Fault reason);
    void receive(Now now, const wire::CommandView& command);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(Output& out);

private:
    struct VaultWish {
        std::string displayName;
        Bytes contacts;
        Bytes settings;
    };

    void begin(Now now, std::unique_ptr<Errand> errand);
    void openLink(Now now);
    void finish(Now now);
    void failErrand(Now now, const Error& error);
    void scheduleNext(Now now);
    void startDue(Now now);
    void learnClock();
    [[nodiscard]] Now corrected(Now now) const { return {now.at, now.wall + m_clockOffset}; }

    crypto::Trust m_trust;
    Environment m_environment;
    Options m_options;
    std::unique_ptr<Membership> m_membership;
    std::unique_ptr<Errand> m_errand;
    int m_attempts = 0;           ///< links that this errand has lost
    Instant m_deadline = kNever;  ///< of the link or the answer that is waited for
    bool m_linkUp = false;
    wire::RequestId m_request = 0;
    std::unique_ptr<VaultWish> m_wish;  ///< to be saved; stays until it is
    std::uint64_t m_wishNumber = 0;
    std::uint64_t m_savingWish = 0;  ///< what the errand under way saves
    Instant m_nextErrand = kNever;   ///< renewing or saving
    Backoff m_backoff{std::chrono::minutes(1), std::chrono::hours(1)};
    std::chrono::seconds m_clockOffset{};
    std::chrono::seconds m_toldOffset{};
    Output m_output;
};

}  // namespace kith::login
