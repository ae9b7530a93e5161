// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/client.h"

#include <algorithm>

#include "protocol/client/vaultpeople.h"
#include "protocol/login/networkdocument.h"

namespace kith::client {

Client::Client(const Environment& environment, overlay::NetworkProfile profile)
    : m_environment(environment),
      m_profile(std::move(profile)),
      m_signIn(environment.transport, environment.suite, environment.random, m_profile) {}

void Client::signUp(Now now, const UserName& user, const std::string& displayName,
                    const crypto::PasswordKeys& password) {
    m_signIn.login().signUp(now, user, displayName, password, m_profile.code);
    m_signIn.settle(now);
}

void Client::signIn(Now now, const UserName& user, const crypto::PasswordKeys& password) {
    m_signIn.login().signIn(now, user, password);
    m_signIn.settle(now);
}

void Client::recover(Now now, const UserName& user, const login::RecoveryKey& recovery,
                     const crypto::PasswordKeys& newPassword) {
    m_signIn.login().recover(now, user, recovery, newPassword);
    m_signIn.settle(now);
}

void Client::resume(Now now, KeptAccount account) {
    m_weekly = std::move(account.weekly);
    m_signIn.login().resume(now, std::move(account.membership));
    learnRevocations();
    m_signIn.settle(now);
    const bool isNewKey = m_weekly.refresh(corrected(now).seconds(), m_environment.random);
    goOnline(now);
    if (isNewKey) keep();
}

void Client::signOut(Now now) {
    if (m_online) {
        m_online->stop(corrected(now), Fault::NotSignedIn);
        settleOnline(now);
        m_online.reset();
    }
    m_signIn.login().signOut();
    m_signIn.settle(now);
    m_weekly = {};
    m_revocations.reset();
    m_settings = {};
    m_settingWrites.clear();
    m_nextWeekly = m_saveVaultAt = m_keepAgainAt = kNever;
    m_keeping.reset();
    m_reading = 0;
    for (const auto item : {Item::Keys, Item::Account, Item::Vault})
        m_output.writes.emplace_back(EraseItem{++m_lastTicket, item});
}

void Client::resolved(Now now, const std::string& host, const std::vector<IpAddress>& addresses) {
    m_signIn.resolved(now, host, addresses);
    if (m_online) m_online->resolved(corrected(now), host, addresses);
}

void Client::receive(Now now, const session::Event& event) {
    if (const auto* opened = std::get_if<session::LinkOpened>(&event); opened && m_revocations)
        if (const auto judged = m_revocations->judge(opened->peerChain, opened->peer); !judged)
            return m_environment.transport.close(corrected(now), opened->link, judged.error().fault);
    if (m_signIn.receive(now, event)) return settleSignIn(now);
    if (m_online) m_online->receive(corrected(now), event);
}

void Client::receive(Now now, const Written& written) {
    if (written.room != Room::Client) {
        if (m_online) m_online->receive(corrected(now), written);
        return;
    }
    if (std::erase(m_settingWrites, written.stored.ticket) > 0) {
        const auto& error = written.stored.error;
        m_output.events.emplace_back(SettingsKept{error ? Result<void>(tl::make_unexpected(*error)) : Result<void>()});
    }
    kept(now, written.stored);
}

void Client::kept(Now now, const Stored& stored) {
    if (!m_keeping || stored.ticket < m_keeping->first || stored.ticket > m_keeping->last) return;
    m_keeping->failed |= stored.error.has_value();
    if (stored.error) keepingFailed(*stored.error);
    if (stored.ticket != m_keeping->last) return;
    if (m_keeping->failed) {
        m_keepAgainAt = now.at + kKeepAgainAfter;
    } else {
        m_keepingFailed = false;
        m_output.events.emplace_back(AccountKept{});
    }
    m_keeping.reset();
}

void Client::keepingFailed(const Error& error) {
    if (!std::exchange(m_keepingFailed, true)) m_output.events.emplace_back(KeepingFailed{error});
}

void Client::putAway() {
    const bool isAllDone = m_signIn.login().isIdle() && m_saveVaultAt == kNever && !m_keeping && !m_keepingFailed;
    if (m_online && isAllDone) m_signIn.login().putAway();
}

void Client::receive(Now now, ItemsRead read) {
    if (m_reading == 0 || read.ticket != m_reading) return;
    m_reading = 0;
    auto account = read.items ? keptAccount(*read.items) : tl::make_unexpected(read.items.error());
    if (read.items) wipe((*read.items)[Item::Keys]);
    if (!account) {
        m_readAgainAt = now.at + kKeepAgainAfter;
        return keepingFailed(account.error());
    }
    m_signIn.login().giveBack(std::move(account->membership));
    m_keepingFailed = false;
    wake(now);
}

void Client::wake(Now now) {
    if (m_online) m_online->wake(corrected(now));
    if (isPutAway()) {
        if (nextDue() > now.at) return;
        m_reading = ++m_lastTicket;
        m_output.read = ReadItems{m_reading};
        return;
    }
    m_signIn.wake(now);
    settleSignIn(now);
    if (m_nextWeekly <= now.at) refreshWeekly(now);
    if (m_saveVaultAt <= now.at) saveVault(now);
    if (m_keepAgainAt <= now.at) keep();
}

/// Of what is done with the membership.
Instant Client::nextDue() const {
    const auto next = std::min({m_signIn.nextWake(), m_nextWeekly, m_saveVaultAt, m_keepAgainAt});
    if (!isPutAway()) return next;
    return m_reading != 0 ? kNever : std::max(next, m_readAgainAt);
}

Instant Client::nextWake() const {
    return m_online ? std::min(nextDue(), m_online->nextWake()) : nextDue();
}

void Client::learnRevocations() {
    const auto& membership = *m_signIn.login().membership();
    auto known = login::revocationsOf(membership.rootDocument, membership.serverDocument);
    m_revocations = known.isEmpty() ? nullptr : std::make_shared<const crypto::Revocations>(std::move(known));
}

void Client::settleSignIn(Now now) {
    m_signIn.settle(now);
    std::vector<login::LoginEvent> events;
    m_signIn.take(events, m_output.resolve);
    for (const auto& event : events) heed(now, event);
}

void Client::heed(Now now, const login::LoginEvent& event) {
    if (std::holds_alternative<login::SignedIn>(event)) {
        learnRevocations();
        m_refreshAgainAt = now.at + kRefreshAgainAfter;
        goOnline(now);
        mergeVault(now);
        keep();
        m_output.events.emplace_back(login::SignedIn{});
    } else if (const auto* made = std::get_if<login::RecoveryKeyMade>(&event)) {
        m_output.events.emplace_back(*made);
    } else if (std::holds_alternative<login::PapersRenewed>(event)) {
        learnRevocations();
        scheduleRenewal(now);
        if (m_online) m_online->renew(corrected(now), identity(now));
        keep();
    } else if (std::holds_alternative<login::VaultSaved>(event)) {
        if (m_online) m_online->people().vaultSaved();
        keep();
    } else if (std::holds_alternative<login::VaultChanged>(event)) {
        mergeVault(now);
        keep();
    } else if (const auto* clock = std::get_if<login::ClockDiffers>(&event)) {
        m_output.events.emplace_back(*clock);
    } else if (const auto* failed = std::get_if<login::Failed>(&event)) {
        m_output.events.emplace_back(SignInFailed{*failed, m_signIn.rungs()});
    }
}

void Client::goOnline(Now now) {
    const auto right = corrected(now);
    m_weekly.refresh(right.seconds(), m_environment.random);
    scheduleRenewal(now);
    const auto stored = std::exchange(m_stored, nullptr);
    const auto inVault = decodeSettings(m_signIn.login().membership()->content.settings);
    m_settings = stored ? merged(settingsIn(*stored), inVault) : inVault;
    // A choice that did not reach the vault before the program ended.
    if (m_settings != inVault) m_saveVaultAt = std::min(m_saveVaultAt, now.at + kVaultDelay);
    const auto who = identity(now);
    m_online =
        std::make_unique<Online>(right, m_environment, m_profile, who, stored ? std::move(*stored) : StoredState());
    m_online->start(right, who);
}

void Client::setFindable(Now now, directory::Findable findable) {
    const auto right = corrected(now);
    // A choice counts as later than the one before whatever the clock says.
    m_settings.findable = findable;
    m_settings.findableChosen = std::max(right.wall, m_settings.findableChosen + std::chrono::milliseconds(1));
    keepSettings();
    m_settingWrites.push_back(m_lastTicket);
    m_saveVaultAt = std::min(m_saveVaultAt, now.at + kVaultDelay);
    if (m_online) m_online->setFindable(right, findable);
}

void Client::mergeSettings(Now now, const Settings& other) {
    const auto both = merged(m_settings, other);
    if (both == m_settings) return;
    m_settings = both;
    keepSettings();
    m_online->setFindable(corrected(now), m_settings.findable);
}

void Client::keepSettings() {
    m_output.writes.emplace_back(SaveItem{++m_lastTicket, Item::Settings, encode(m_settings)});
}

void Client::refreshWeekly(Now now) {
    const auto right = corrected(now);
    const bool changed = m_weekly.refresh(right.seconds(), m_environment.random);
    scheduleRenewal(now);
    if (!m_online) return;
    m_online->renew(right, identity(now));
    if (changed) keep();
}

void Client::keep() {
    m_keepAgainAt = kNever;
    m_keeping = {m_lastTicket + 1, 0};
    for (auto& item : itemsOf(m_profile, *m_signIn.login().membership(), m_weekly)) {
        item.ticket = ++m_lastTicket;
        m_output.writes.emplace_back(std::move(item));
    }
    m_keeping->last = m_lastTicket;
}

void Client::scheduleRenewal(Now now) {
    const auto right = corrected(now).seconds();
    auto due = m_weekly.due();
    // The next access certificate has begun when this one ends, and an hour before.
    for (const auto& paper : m_signIn.login().membership()->access)
        if (paper.validity.notAfter > right) due = std::min(due, paper.validity.notAfter);
    m_nextWeekly = now.at + std::max(due - right, std::chrono::seconds(1));
}

Identity Client::identity(Now now) const {
    const auto& membership = *m_signIn.login().membership();
    Identity out;
    out.user = membership.user;
    out.displayName = membership.content.displayName;
    out.findable = m_settings.findable;
    out.userKey = membership.userKey;
    out.userSigningKey = membership.userSigningKey;
    out.device = membership.device;
    out.access = membership.accessAt(corrected(now).seconds());
    out.devices = std::make_shared<const directory::SignedDeviceList>(membership.devices);
    out.sealing = m_weekly.keys();
    out.revocations = m_revocations;
    return out;
}

void Client::mergeVault(Now now) {
    if (!m_online) return;
    const auto right = corrected(now);
    mergeSettings(now, decodeSettings(m_signIn.login().membership()->content.settings));
    const auto people = decodeVaultPeople(m_signIn.login().membership()->content.contacts);
    if (people) {
        m_online->people().merge(right, *people);
    } else {
        m_environment.log.write(LogLevel::Warning, "client", "the people in the vault can't be read");
    }
    m_saveVaultAt = std::min(m_saveVaultAt, now.at + kVaultDelay);
}

Bytes Client::vaultPeople() {
    return encode(m_online->people().everything());
}

void Client::saveVault(Now now) {
    m_saveVaultAt = kNever;
    if (!m_online) return;
    const auto& content = m_signIn.login().membership()->content;
    auto people = vaultPeople();
    auto settings = m_settings == decodeSettings(content.settings) ? content.settings : encode(m_settings);
    if (people == content.contacts && settings == content.settings) return;
    m_signIn.login().saveVault(now, content.displayName, std::move(people), std::move(settings));
    m_signIn.settle(now);
}

void Client::settleOnline(Now now) {
    if (!m_online) return;
    Online::Output output;
    m_online->take(corrected(now), output);
    for (auto& write : output.writes) {
        // Tickets are unique in this room: the host cache's go with ours.
        if (auto* item = std::get_if<SaveItem>(&write)) item->ticket = ++m_lastTicket;
        m_output.writes.emplace_back(std::move(write));
    }
    std::ranges::move(output.resolve, std::back_inserter(m_output.resolve));
    for (auto& event : output.events) {
        if (std::holds_alternative<NetworkUp>(event)) refreshVault(now);
        const auto* people = std::get_if<PeopleEvent>(&event);
        const auto* contacts = people ? std::get_if<contacts::Event>(people) : nullptr;
        if (const auto* outdated = contacts ? std::get_if<contacts::VaultOutdated>(contacts) : nullptr)
            m_saveVaultAt = std::min(m_saveVaultAt, now.at + vaultDelay(*outdated));
        if (people && std::holds_alternative<VaultSavedElsewhere>(*people)) m_saveVaultAt = kNever;
        const auto* presence = people ? std::get_if<presence::Event>(people) : nullptr;
        if (presence && std::holds_alternative<presence::VaultOutdated>(*presence))
            m_saveVaultAt = std::min(m_saveVaultAt, now.at + kVaultDelay);
        m_output.events.emplace_back(std::move(event));
    }
}

void Client::refreshVault(Now now) {
    if (!m_online->people().hasOtherDevices() || now.at < m_refreshAgainAt) return;
    m_refreshAgainAt = now.at + kRefreshAgainAfter;
    m_signIn.login().refresh(now, kRefreshWithin);
}

/// Who made the change saves it; the others only see to it that it was done.
Duration Client::vaultDelay(const contacts::VaultOutdated& outdated) {
    if (!outdated.elsewhere) return kVaultDelay;
    return kVaultDelayElsewhere + m_environment.random.within(kVaultDelayElsewhere);
}

void Client::take(Now now, Output& out) {
    settleSignIn(now);
    settleOnline(now);
    putAway();
    std::ranges::move(m_output.writes, std::back_inserter(out.writes));
    std::ranges::move(m_output.events, std::back_inserter(out.events));
    std::ranges::move(m_output.resolve, std::back_inserter(out.resolve));
    if (m_output.read) out.read = m_output.read;
    m_output = {};
}

}  // namespace kith::client
