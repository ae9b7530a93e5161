// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/signingin.h"

#include <algorithm>

#include "app/engine/convert.h"
#include "protocol/contacts/relation.h"

namespace kith::engine {

namespace {

Result<overlay::NetworkProfile> profileOf(const std::string& link) {
    auto profile = overlay::NetworkProfile::parseLink(link);
    // The classic suite is for laboratories; this program has only the modern one.
    if (profile && profile->suite != overlay::SuiteChoice::Modern) return fail(Fault::UnknownVersion, "suite");
    return profile;
}

bool isPassword(const std::string& password) {
    return password.size() >= crypto::kMinPasswordSize && password.size() <= crypto::kMaxPasswordSize;
}

bool hasRungs(const overlay::RungFaults& rungs) {
    return std::ranges::any_of(rungs, [](const auto& fault) { return fault.has_value(); });
}

}  // namespace

void SigningIn::resume(Now, const client::OpenStore& kept) {
    if (m_wish || m_shared.client) return;
    m_wish = std::make_unique<Wish>();
    m_wish->user = kept.user;
    m_account.user = kept.user;
    m_shared.orders.store.emplace_back(kept);
}

void SigningIn::execute(Now now, RequestNumber number, const SignUp& request) {
    const auto profile = profileOf(request.link);
    const auto user = UserName::parse(request.user);
    if (!profile) return m_shared.done(number, {Reason::LinkInvalid});
    if (!user || !contacts::isDisplayName(request.displayName)) return m_shared.done(number, {Reason::NameInvalid});
    Wish wish;
    wish.number = number;
    wish.profile = *profile;
    wish.user = *user;
    wish.displayName = request.displayName;
    wish.isNew = true;
    begin(now, std::move(wish), request.password);
}

void SigningIn::execute(Now now, RequestNumber number, const SignIn& request) {
    const auto profile = profileOf(request.link);
    const auto user = UserName::parse(request.user);
    if (!profile) return m_shared.done(number, {Reason::LinkInvalid});
    if (!user) return m_shared.done(number, {Reason::WrongPassword});
    Wish wish;
    wish.number = number;
    wish.profile = *profile;
    wish.user = *user;
    begin(now, std::move(wish), request.password);
}

void SigningIn::execute(Now now, RequestNumber number, const RecoverAccount& request) {
    const auto profile = profileOf(request.link);
    const auto user = UserName::parse(request.user);
    auto recovery = login::RecoveryKey::parse(request.recoveryKey);
    if (!profile) return m_shared.done(number, {Reason::LinkInvalid});
    if (!user || !recovery) return m_shared.done(number, {Reason::WrongRecoveryKey});
    Wish wish;
    wish.number = number;
    wish.profile = *profile;
    wish.user = *user;
    wish.recovery = std::move(*recovery);
    begin(now, std::move(wish), request.newPassword);
}

void SigningIn::begin(Now, Wish wish, const std::string& password) {
    const auto number = wish.number;
    if (m_wish || m_shared.people()) return m_shared.done(number, {Reason::NotPossibleNow});
    // A password of another length can't be anybody's; when it is a new one it is told.
    const bool isNewPassword = wish.isNew || wish.recovery;
    if (!isPassword(password))
        return m_shared.done(number, {isNewPassword ? Reason::PasswordInvalid : Reason::WrongPassword});
    wish.ticket = ++m_lastTicket;
    m_shared.orders.passwords.push_back({wish.ticket, password, wish.user, wish.profile.network()});
    m_shared.orders.store.emplace_back(client::OpenStore{wish.profile.network(), wish.user});
    m_wish = std::make_unique<Wish>(std::move(wish));
    m_account = {};
    m_account.user = m_wish->user;
    m_account.network = m_wish->profile.name;
}

void SigningIn::opened(Now now, client::StoreOpened answer) {
    if (!m_wish) return m_shared.orders.store.emplace_back(client::CloseStore{}), void();
    if (!answer.state) return giveUp(failureOf(answer.state.error().fault));
    m_summaries = std::move(answer.summaries);
    if (m_wish->number == 0) return resumeStored(now, std::move(*answer.state));
    m_wish->stored = std::move(*answer.state);
    goOn(now);
}

void SigningIn::derived(Now now, PasswordDerived answer) {
    if (!m_wish || m_wish->ticket != answer.ticket) return;
    if (!answer.keys) return giveUp({Reason::PasswordInvalid});
    m_wish->keys = std::move(*answer.keys);
    goOn(now);
}

void SigningIn::goOn(Now now) {
    if (!m_wish->stored || !m_wish->keys) return;
    makeClient(m_wish->profile);
    m_shared.client->restore(std::move(*m_wish->stored));
    if (m_wish->isNew)
        m_shared.client->signUp(now, m_wish->user, m_wish->displayName, *m_wish->keys);
    else if (m_wish->recovery)
        m_shared.client->recover(now, m_wish->user, *m_wish->recovery, *m_wish->keys);
    else
        m_shared.client->signIn(now, m_wish->user, *m_wish->keys);
    m_wish->keys.reset();
    m_wish->recovery.reset();
}

void SigningIn::resumeStored(Now now, client::StoredState state) {
    auto kept = client::keptAccount(state.items);
    if (!kept) {
        const auto fault = kept.error().fault;
        return giveUp(fault == Fault::NotSignedIn ? Failure{} : failureOf(fault));
    }
    m_account.network = kept->profile.name;
    m_account.displayName = kept->membership.content.displayName;
    makeClient(kept->profile);
    m_shared.client->restore(std::move(state));
    m_shared.client->resume(now, std::move(*kept));
    m_wish.reset();
}

void SigningIn::makeClient(const overlay::NetworkProfile& profile) {
    const auto& environment = m_shared.environment;
    session::Transport::Options options;
    options.trust = profile.trust();
    options.maxLinks = 1024;
    m_shared.carriers.use(std::make_unique<session::Transport>(
        options, session::Transport::Environment{environment.suite, environment.obfuscation, environment.random,
                                                 environment.log}));
    m_shared.client = std::make_unique<client::Client>(
        client::Client::Environment{*m_shared.carriers.transport(), environment.suite, environment.random,
                                    environment.log, environment.calls},
        profile);
}

void SigningIn::giveUp(Failure failure) {
    m_shared.client.reset();
    m_shared.orders.store.emplace_back(client::CloseStore{});
    m_summaries.clear();
    m_account = {};
    // Whoever asked is answered; what nobody asked for shows in the account.
    if (m_wish && m_wish->number == 0) m_account.failure = failure;
    fulfil(std::move(failure));
}

void SigningIn::fulfil(Failure failure) {
    const auto wish = std::exchange(m_wish, nullptr);
    if (wish && wish->number != 0) m_shared.done(wish->number, std::move(failure));
}

void SigningIn::execute(Now now, RequestNumber number, const SignOut&) {
    if (!m_shared.people() || isLeaving()) return m_shared.done(number, {Reason::NotSignedIn});
    m_signingOut = number;
    leave(now);
}

void SigningIn::execute(Now now, RequestNumber number, const SetFindable& request) {
    if (!m_shared.people() || isLeaving()) return m_shared.done(number, {Reason::NotSignedIn});
    m_choosing.push_back(number);
    m_shared.client->setFindable(now, findableFrom(request.findable));
}

void SigningIn::leave(Now now) {
    auto* online = m_shared.client ? m_shared.client->online() : nullptr;
    if (!online || isLeaving()) return;
    m_leaveBy = now.at + kFarewell;
    online->leave(m_shared.corrected(now));
}

void SigningIn::ended() {
    for (const auto number : std::exchange(m_choosing, {})) m_shared.done(number, {Reason::NotSignedIn});
}

bool SigningIn::finishLeaving(Now now) {
    if (!isLeaving()) return false;
    auto* online = m_shared.client ? m_shared.client->online() : nullptr;
    if (online && now.at < m_leaveBy && !online->isDrained()) return false;
    m_leaveBy = kNever;
    if (m_signingOut)
        finishSignOut(now);
    else if (online)
        online->stop(m_shared.corrected(now), Fault::ConnectionLost);
    return true;
}

void SigningIn::finishSignOut(Now now) {
    m_shared.client->signOut(now);
    client::Client::Output output;
    m_shared.client->take(now, output);
    for (auto& write : output.writes) m_shared.orders.store.emplace_back(std::move(write));
    m_shared.orders.store.emplace_back(client::CloseStore{});
    // The transport stays until another account needs its place: the farewells still have to leave.
    m_shared.client.reset();
    m_account = {};
    m_down.reset();
    m_shared.done(*std::exchange(m_signingOut, std::nullopt));
}

void SigningIn::heed(Now now, const client::ClientEvent& event) {
    if (std::holds_alternative<login::SignedIn>(event)) {
        m_isNew = m_wish && m_wish->isNew;
        m_account.displayName = m_shared.people()->contacts().own().displayName;
    } else if (const auto* made = std::get_if<login::RecoveryKeyMade>(&event)) {
        m_shared.tell(RecoveryKeyMade{made->text});
    } else if (const auto* clock = std::get_if<login::ClockDiffers>(&event)) {
        m_shared.tell(Trouble{clockOff(-clock->offset)});
    } else if (const auto* failed = std::get_if<client::SignInFailed>(&event)) {
        heed(now, *failed);
    } else if (const auto* settings = std::get_if<client::SettingsKept>(&event)) {
        if (m_choosing.empty()) return;
        m_shared.done(m_choosing.front(), settings->outcome);
        m_choosing.pop_front();
    } else if (std::holds_alternative<client::AccountKept>(event)) {
        fulfil({});
    } else if (const auto* keeping = std::get_if<client::KeepingFailed>(&event)) {
        if (m_wish)
            fulfil(failureOf(keeping->error.fault));
        else
            m_shared.storeFails(keeping->error.fault);
    }
}

void SigningIn::heed(Now, const client::SignInFailed& failed) {
    auto failure = failureOf(failed.failed.fault);
    if (failed.failed.errand == login::ErrandKind::Recover && failure.reason == Reason::WrongPassword)
        failure.reason = Reason::WrongRecoveryKey;
    if (failure.reason == Reason::ClockOff && failed.failed.detail.count() != 0)
        failure = clockOff(-failed.failed.detail);
    if (failure.reason == Reason::CantReach || failure.reason == Reason::ConnectionLost)
        if (hasRungs(failed.rungs)) failure = cantReach(failed.rungs);
    if (m_wish) return giveUp(std::move(failure));
    if (failed.failed.errand == login::ErrandKind::SaveVault) return m_shared.tell(Trouble{std::move(failure)});
    // Renewing never will work: what is kept stays, for the operator may change their mind.
    giveUp(failure);
    m_account.failure = std::move(failure);
}

void SigningIn::heed(Now, const client::NetworkUp&) {
    m_down.reset();
    m_account.retryAt.reset();
}

void SigningIn::heed(Now now, const client::NetworkDown& down) {
    m_down = hasRungs(down.rungs) ? cantReach(down.rungs) : failureOf(down.reason);
    m_account.retryAt.reset();
    if (down.retryAt != kNever)
        m_account.retryAt = now.wall + std::chrono::ceil<std::chrono::milliseconds>(down.retryAt - now.at);
}

Connection SigningIn::connection() const {
    auto* online = m_shared.client ? m_shared.client->online() : nullptr;
    if (online) {
        if (online->isUp()) return Connection::Online;
        return m_down && !online->rung() ? Connection::Offline : Connection::Connecting;
    }
    if (!m_wish) return Connection::SignedOut;
    return m_shared.client && m_shared.client->signIn().rung() ? Connection::Connecting : Connection::SigningIn;
}

std::string SigningIn::rung() const {
    if (!m_shared.client) return {};
    auto* online = m_shared.client->online();
    const auto rung = online ? online->rung() : m_shared.client->signIn().rung();
    return rung ? std::string(overlay::name(*rung)) : std::string();
}

void SigningIn::tellChanges() {
    auto account = m_account;
    account.connection = connection();
    account.rung = rung();
    if (m_shared.people()) account.findable = findableFrom(m_shared.client->settings().findable);
    if (account.connection == Connection::Offline)
        account.failure = *m_down;
    else
        account.retryAt.reset();
    if (m_told == account) return;
    m_account.connection = account.connection;
    m_told = account;
    m_shared.tell(AccountChanged{std::move(account)});
}

}  // namespace kith::engine
