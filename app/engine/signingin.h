// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <deque>
#include <optional>

#include "app/engine/shared.h"

namespace kith::engine {

/// The account of this computer's user: signing up, in and out, going on with what is kept on disk, and the state of
/// the connection as people see it.
class SigningIn {
public:
    /// How long farewells may take.
    static constexpr Duration kFarewell = std::chrono::milliseconds(500);

    explicit SigningIn(Shared& shared) : m_shared(shared) {}

    /// Goes on with an account that is kept on this computer.
    void resume(Now now, const client::OpenStore& kept);
    void execute(Now now, RequestNumber number, const SignUp& request);
    void execute(Now now, RequestNumber number, const SignIn& request);
    void execute(Now now, RequestNumber number, const RecoverAccount& request);
    void execute(Now now, RequestNumber number, const SignOut& request);
    void execute(Now now, RequestNumber number, const SetFindable& request);
    /// The program ends; the account stays.
    void leave(Now now);
    [[nodiscard]] bool isLeaving() const { return m_leaveBy != kNever; }
    /// Goes when the farewells have arrived, or have had their time. True if it went.
    bool finishLeaving(Now now);
    [[nodiscard]] Instant nextWake() const { return m_leaveBy; }

    /// Nobody is signed in any more.
    void ended();

    void opened(Now now, client::StoreOpened answer);
    void derived(Now now, PasswordDerived answer);
    void heed(Now now, const client::ClientEvent& event);
    void heed(Now now, const client::NetworkUp& up);
    void heed(Now now, const client::NetworkDown& down);
    /// What the store holds of conversations, once, when an account was opened.
    [[nodiscard]] std::vector<client::Summary> takeSummaries() { return std::exchange(m_summaries, {}); }
    /// Once after signing up, when the network is there.
    [[nodiscard]] bool takeIsNew() { return std::exchange(m_isNew, false); }

    [[nodiscard]] const Account& account() const { return m_account; }
    /// Tells if the account is another than what was told last.
    void tellChanges();
    /// The next tellChanges() tells in any case.
    void tellAgain() { m_told.reset(); }

private:
    /// What a person asked for and what it waits for.
    struct Wish {
        RequestNumber number = 0;  ///< 0: resuming, nobody waits
        overlay::NetworkProfile profile{};
        UserName user{};
        std::string displayName{};
        bool isNew = false;
        std::optional<login::RecoveryKey> recovery{};  ///< the password is a new one
        std::uint64_t ticket = 0;                      ///< of the password
        std::optional<crypto::PasswordKeys> keys{};    ///< derived
        std::optional<client::StoredState> stored{};   ///< opened
    };

    void finishSignOut(Now now);
    void begin(Now now, Wish wish, const std::string& password);
    void goOn(Now now);
    void resumeStored(Now now, client::StoredState state);
    void makeClient(const overlay::NetworkProfile& profile);
    void giveUp(Failure failure);
    void fulfil(Failure failure);
    void heed(Now now, const client::SignInFailed& failed);
    [[nodiscard]] Connection connection() const;
    [[nodiscard]] std::string rung() const;

    Shared& m_shared;
    std::unique_ptr<Wish> m_wish;
    std::uint64_t m_lastTicket = 0;
    Instant m_leaveBy = kNever;
    std::optional<RequestNumber> m_signingOut;
    std::deque<RequestNumber> m_choosing;  ///< each waits for one SettingsKept
    bool m_isNew = false;
    std::vector<client::Summary> m_summaries;
    std::optional<Failure> m_down;  ///< why there is no network
    Account m_account;
    std::optional<Account> m_told;
};

}  // namespace kith::engine
