// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/login.h"

#include <algorithm>
#include <array>

#include "protocol/login/errand.h"

namespace kith::login {

namespace {

constexpr int kMaxLostLinks = 2;
constexpr std::chrono::seconds kToldFrom{60};
/// Between two savings of the vault: changes come in bursts.
constexpr Duration kSaveDelay = std::chrono::seconds(1);
constexpr Duration kRenewJitter = std::chrono::minutes(30);

/// Those that no trying again will mend.
bool isFinal(Fault fault) {
    static constexpr std::array kFinal{Fault::CredentialExpired, Fault::AccountDisabled, Fault::WrongRootKey,
                                       Fault::CertificateInvalid, Fault::NotSignedIn};
    return std::find(kFinal.begin(), kFinal.end(), fault) != kFinal.end();
}

bool isOurs(ErrandKind kind) {
    return kind == ErrandKind::Renew || kind == ErrandKind::SaveVault;
}

}  // namespace

Login::Login(const crypto::Trust& trust, const Environment& environment, const Options& options)
    : m_trust(trust), m_environment(environment), m_options(options) {}

Login::~Login() = default;

// Verbs

void Login::signUp(Now now, const UserName& user, const std::string& displayName, const crypto::PasswordKeys& password,
                   const std::string& invitation) {
    const Errand::Environment environment{m_trust, m_environment.suite, m_environment.random, m_options.accessWeeks};
    begin(now, Errand::signUp(environment, user, displayName, password, invitation));
}

void Login::signIn(Now now, const UserName& user, const crypto::PasswordKeys& password) {
    const Errand::Environment environment{m_trust, m_environment.suite, m_environment.random, m_options.accessWeeks};
    begin(now, Errand::signIn(environment, user, password));
}

void Login::recover(Now now, const UserName& user, const RecoveryKey& recovery,
                    const crypto::PasswordKeys& newPassword) {
    const Errand::Environment environment{m_trust, m_environment.suite, m_environment.random, m_options.accessWeeks};
    begin(now, Errand::recover(environment, user, recovery, newPassword));
}

void Login::resume(Now now, Membership membership) {
    m_membership = std::make_unique<Membership>(std::move(membership));
    scheduleNext(now);
}

void Login::saveVault(Now now, const std::string& displayName, Bytes contacts, Bytes settings) {
    if (!m_membership) return;
    m_wish = std::make_unique<VaultWish>(VaultWish{displayName, std::move(contacts), std::move(settings)});
    ++m_wishNumber;
    m_nextErrand = std::min(m_nextErrand, now.at + kSaveDelay);
}

void Login::signOut() {
    if (m_errand) m_output.close = true;
    m_output.open.reset();
    m_output.sends.clear();
    m_errand.reset();
    m_membership.reset();
    m_wish.reset();
    m_linkUp = false;
    m_deadline = m_nextErrand = kNever;
    m_backoff.reset();
}

// Errands

void Login::begin(Now now, std::unique_ptr<Errand> errand) {
    // What a person asked for takes the place of what was under way by itself.
    m_errand = std::move(errand);
    m_attempts = 0;
    openLink(now);
}

void Login::openLink(Now now) {
    m_linkUp = false;
    m_output.close = false;
    m_output.sends.clear();
    m_output.open = OpenLink{m_errand->show()};
    m_deadline = now.at + m_options.linkTime;
}

void Login::linkOpened(Now now) {
    if (!m_errand || m_linkUp) return;
    m_linkUp = true;
    m_output.sends.push_back(m_errand->begin(++m_request));
    m_deadline = now.at + m_options.answerTime;
}

void Login::linkClosed(Now now, Fault reason) {
    if (!m_errand) return;
    const bool wasUp = m_linkUp;
    m_linkUp = false;
    // A chain that fails by its dates alone: it is our clock, or the server would have been missed by everybody.
    if (reason == Fault::CertificateDates) return failErrand(now, {Fault::ClockOff});
    // The account may have been made when only the answer was lost: the same errand asks again, with the same keys.
    if (wasUp && !isFinal(reason) && m_attempts++ < kMaxLostLinks) return openLink(now);
    failErrand(now, {reason});
}

void Login::receive(Now now, const wire::CommandView& command) {
    if (!m_errand || !m_linkUp) return;
    auto next = m_errand->receive(now, command, ++m_request);
    learnClock();
    if (!next) return failErrand(now, next.error());
    if (!*next) return finish(now);
    m_output.sends.push_back(std::move(**next));
    m_deadline = now.at + m_options.answerTime;
}

void Login::learnClock() {
    const auto offset = m_errand->clockOffset();
    if (!offset || std::chrono::abs(*offset) >= kMaxClockOff) return;
    m_clockOffset = *offset;
    if (std::chrono::abs(m_clockOffset - m_toldOffset) < kToldFrom) return;
    m_toldOffset = m_clockOffset;
    m_output.events.emplace_back(ClockDiffers{m_clockOffset});
}

void Login::finish(Now now) {
    const auto errand = std::move(m_errand);
    if (!isOurs(errand->kind()) || !m_membership) m_membership = std::make_unique<Membership>();
    errand->apply(*m_membership);
    m_output.close = true;
    m_linkUp = false;
    m_deadline = kNever;
    m_backoff.reset();
    switch (errand->kind()) {
        case ErrandKind::SignUp:
            m_output.events.emplace_back(RecoveryKeyMade{errand->madeRecoveryKey()->text()});
            [[fallthrough]];
        case ErrandKind::SignIn:
        case ErrandKind::Recover: m_output.events.emplace_back(SignedIn{}); break;
        case ErrandKind::Renew: m_output.events.emplace_back(PapersRenewed{}); break;
        case ErrandKind::SaveVault:
            // Saved, or overtaken: then it is merged and asked for anew.
            if (m_savingWish == m_wishNumber) m_wish.reset();
            if (!errand->vaultChanged()) m_output.events.emplace_back(VaultSaved{});
            break;
    }
    if (errand->vaultChanged()) m_output.events.emplace_back(VaultChanged{});
    scheduleNext(now);
}

void Login::failErrand(Now now, const Error& error) {
    const auto errand = std::move(m_errand);
    m_output.close = true;
    m_output.open.reset();
    m_output.sends.clear();
    m_linkUp = false;
    m_deadline = kNever;
    const bool tellsAll = !isOurs(errand->kind());
    if (tellsAll || isFinal(error.fault)) {
        Failed failed{errand->kind(), error.fault};
        if (error.fault == Fault::ClockOff) failed.detail = errand->clockOffset().value_or(std::chrono::seconds{});
        if (error.fault == Fault::TooManyTries) failed.detail = errand->retryAfter();
        m_output.events.emplace_back(failed);
    }
    if (tellsAll) return scheduleNext(now);
    m_nextErrand = isFinal(error.fault) ? kNever : now.at + m_backoff.next(m_environment.random);
}

/// Renewing when the papers are a day old, saving when there is something to save.
void Login::scheduleNext(Now now) {
    m_nextErrand = kNever;
    if (!m_membership) return;
    const auto due = m_membership->renewed + kRenewAfter - corrected(now).seconds();
    m_nextErrand = now.at + std::max<Duration>(due, Duration{}) + m_environment.random.within(kRenewJitter);
    if (m_wish) m_nextErrand = std::min(m_nextErrand, now.at + kSaveDelay);
}

void Login::startDue(Now now) {
    m_nextErrand = kNever;
    const Errand::Environment environment{m_trust, m_environment.suite, m_environment.random, m_options.accessWeeks};
    if (corrected(now).seconds() >= m_membership->credentialExpires) {
        m_output.events.emplace_back(Failed{ErrandKind::Renew, Fault::CredentialExpired});
        return;
    }
    if (!m_wish) return begin(now, Errand::renew(environment, *m_membership));
    VaultContent content = m_membership->content;
    content.displayName = m_wish->displayName;
    content.contacts = m_wish->contacts;
    content.settings = m_wish->settings;
    m_savingWish = m_wishNumber;
    auto errand = Errand::saveVault(environment, *m_membership, std::move(content));
    if (errand) return begin(now, std::move(errand));
    m_wish.reset();
    m_output.events.emplace_back(Failed{ErrandKind::SaveVault, Fault::TooLarge});
    scheduleNext(now);
}

// Time

void Login::wake(Now now) {
    if (m_errand && now.at >= m_deadline) return linkClosed(now, Fault::TimedOut);
    if (!m_errand && m_membership && now.at >= m_nextErrand) startDue(now);
}

Instant Login::nextWake() const {
    return m_errand ? m_deadline : m_nextErrand;
}

void Login::take(Output& out) {
    if (m_output.close) out.close = true;
    if (m_output.open) out.open = std::move(m_output.open);
    std::move(m_output.sends.begin(), m_output.sends.end(), std::back_inserter(out.sends));
    std::move(m_output.events.begin(), m_output.events.end(), std::back_inserter(out.events));
    m_output = {};
}

}  // namespace kith::login
