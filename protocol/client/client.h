// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/client/accountfile.h"
#include "protocol/client/online.h"
#include "protocol/client/settings.h"
#include "protocol/client/signin.h"

namespace kith::client {

/// Signing up, signing in or renewing did not work. `rungs`: if no login server could be reached, what the ladder met.
struct SignInFailed {
    login::Failed failed;
    overlay::RungFaults rungs;
};
/// What a device must have on disk to start again could not be written; said once, tried again until it can.
struct KeepingFailed {
    Error error;
};
/// All of that is on disk.
struct AccountKept {};
/// What setFindable() was given is on disk, or can't be written.
struct SettingsKept {
    Result<void> outcome;
};
using ClientEvent = std::variant<login::SignedIn, login::RecoveryKeyMade, login::ClockDiffers, SignInFailed,
                                 KeepingFailed, AccountKept, SettingsKept, OnlineEvent>;

/// A member of one network, from signing in to what people do: composes the machines on one transport and routes
/// between them. Owns no state of its own beyond that. The membership is in memory only while something is done with
/// it.
///
/// Lives on the network thread. After any call: take().
class Client {
public:
    using Environment = People::Environment;
    /// The vault is saved this long after the first change: several changes go together.
    static constexpr Duration kVaultDelay = std::chrono::seconds(3);
    /// If another device of ours made the change, which saves it.
    static constexpr Duration kVaultDelayElsewhere = std::chrono::seconds(20);
    /// After coming on line, if there are other devices: what they saved meanwhile is asked for within this span, and
    /// not again soon.
    static constexpr Duration kRefreshWithin = std::chrono::minutes(1);
    static constexpr Duration kRefreshAgainAfter = std::chrono::hours(1);
    static constexpr Duration kKeepAgainAfter = std::chrono::seconds(30);

    /// `environment.transport` belongs to this network (its trust) and to this client alone.
    Client(const Environment& environment, overlay::NetworkProfile profile);

    /// What the store holds of the account; before signing up, in, or resuming.
    void restore(StoredState state) { m_stored = std::make_unique<StoredState>(std::move(state)); }
    void signUp(Now now, const UserName& user, const std::string& displayName, const crypto::PasswordKeys& password);
    void signIn(Now now, const UserName& user, const crypto::PasswordKeys& password);
    /// Sets a new password by the recovery key and signs in with it.
    void recover(Now now, const UserName& user, const login::RecoveryKey& recovery,
                 const crypto::PasswordKeys& newPassword);
    /// Goes on with what restore() brought, without asking anybody.
    void resume(Now now, KeptAccount account);
    /// Off line for others at once; forgets certificates and keys, here and on disk. History stays.
    void signOut(Now now);
    /// Who finds us in the directory. Counts at once; SettingsKept follows, once for every call.
    void setFindable(Now now, directory::Findable findable);
    [[nodiscard]] const Settings& settings() const { return m_settings; }
    void resolved(Now now, const std::string& host, const std::vector<IpAddress>& addresses);

    [[nodiscard]] const overlay::NetworkProfile& profile() const { return m_profile; }
    /// Null: not signed in.
    [[nodiscard]] Online* online() { return m_online.get(); }
    [[nodiscard]] const SignIn& signIn() const { return m_signIn; }
    /// Right by the login server: what verbs of People want.
    [[nodiscard]] Now corrected(Now now) const { return {now.at, now.wall + m_signIn.login().clockOffset()}; }

    // Doors: by this computer's own clock.
    void receive(Now now, const session::Event& event);
    void receive(Now now, const Written& written);
    void receive(Now now, ItemsRead read);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    struct Output {
        std::vector<Write> writes;
        std::optional<ReadItems> read;  ///< after these writes
        std::vector<ClientEvent> events;
        std::vector<std::string> resolve;
    };
    void take(Now now, Output& out);

private:
    /// What is withdrawn by the membership's network document.
    void learnRevocations();
    void settleSignIn(Now now);
    void heed(Now now, const login::LoginEvent& event);
    void goOnline(Now now);
    void mergeVault(Now now);
    void mergeSettings(Now now, const Settings& other);
    void keepSettings();
    void keep();
    void kept(Now now, const Stored& stored);
    void keepingFailed(const Error& error);
    /// What is on disk, and wanted about once a day, needn't be in memory.
    void putAway();
    [[nodiscard]] bool isPutAway() const { return m_online && !m_signIn.login().membership(); }
    [[nodiscard]] Instant nextDue() const;
    void refreshWeekly(Now now);
    [[nodiscard]] Identity identity(Now now) const;
    void scheduleRenewal(Now now);
    [[nodiscard]] Bytes vaultPeople();
    void saveVault(Now now);
    [[nodiscard]] Duration vaultDelay(const contacts::VaultOutdated& outdated);
    void settleOnline(Now now);
    void refreshVault(Now now);

    Environment m_environment;
    overlay::NetworkProfile m_profile;
    SignIn m_signIn;
    WeeklyKeys m_weekly;
    std::shared_ptr<const crypto::Revocations> m_revocations;  ///< null: nothing is
    std::unique_ptr<StoredState> m_stored;                     ///< until we are on line for the first time
    std::unique_ptr<Online> m_online;
    Instant m_nextWeekly = kNever;  ///< a sealing key or an access certificate takes turns
    Instant m_saveVaultAt = kNever;
    StoreTicket m_lastTicket = 0;
    Settings m_settings;
    std::vector<StoreTicket> m_settingWrites;  ///< that somebody waits for
    /// The writes of the last keep(), as long as they are not all answered.
    struct Keeping {
        StoreTicket first;
        StoreTicket last;
        bool failed = false;
    };
    std::optional<Keeping> m_keeping;
    Instant m_keepAgainAt = kNever;
    bool m_keepingFailed = false;  ///< told, until it works again
    StoreTicket m_reading = 0;     ///< the membership that was put away; 0: not asked for
    Instant m_readAgainAt{};       ///< not before
    Instant m_refreshAgainAt{};    ///< not before
    Output m_output;
};

}  // namespace kith::client
