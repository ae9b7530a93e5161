// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <algorithm>
#include <map>
#include <set>

#include "protocol/login/accountstore.h"
#include "protocol/wire/message.h"

namespace kith::test {

/// A login server's store in memory, with the promises of login/accountstore.h.
class MemoryAccounts {
public:
    std::map<UserName, login::Account> accounts;
    std::map<UserName, login::StoredVault> vaults;
    std::map<UserName, std::vector<login::IssuedAccess>> access;
    std::vector<login::Invitation> invitations;
    std::map<ByteArray<32>, std::optional<NodeId>> nodeCodes;  ///< by hash; whose it is, once it was shown
    std::vector<ByteArray<16>> withdrawn;                      ///< access ids, beside those of disabled accounts
    bool broken = false;                                       ///< every request fails, nothing changes
    std::size_t requests = 0;                                  ///< carried out so far

    login::StoreAnswer carryOut(const login::StoreRequest& request) {
        ++requests;
        return std::visit([this](const auto& r) -> login::StoreAnswer { return answer(r); }, request);
    }

private:
    static constexpr Error kBroken{Fault::StorageBroken, "memory"};

    login::AccountLoaded answer(const login::LoadAccount& r) {
        if (broken) return {r.ticket, {}, kBroken};
        const auto at = accounts.find(r.user);
        return {r.ticket, at == accounts.end() ? std::nullopt : std::optional(at->second), {}};
    }
    login::StoreDone answer(const login::InsertAccount& r) {
        if (broken) return {r.ticket, kBroken};
        const UserName& user = r.account.user;
        login::Invitation* used = nullptr;
        if (r.invitation) {
            for (auto& i : invitations)
                if (i.codeHash == *r.invitation && i.usesLeft > 0 && i.expires > r.now &&
                    (!i.onlyFor || *i.onlyFor == user) && (i.onlyFor || !r.namedInvitationOnly))
                    used = &i;
            if (!used) return {r.ticket, Error{Fault::InvitationInvalid}};
        }
        const bool setAside = std::any_of(invitations.begin(), invitations.end(), [&](const auto& i) {
            return &i != used && i.onlyFor == user && i.usesLeft > 0 && i.expires > r.now;
        });
        if (setAside || accounts.count(user) > 0) return {r.ticket, Error{Fault::NameTaken}};
        if (used) --used->usesLeft;
        accounts.emplace(user, r.account);
        vaults.emplace(user, r.vault);
        return {r.ticket, {}};
    }
    login::StoreDone answer(const login::SaveDevices& r) {
        if (broken) return {r.ticket, kBroken};
        const auto at = accounts.find(r.user);
        if (at == accounts.end()) return {r.ticket, Error{Fault::NotFound}};
        if (r.epoch < at->second.epoch || (r.epoch == at->second.epoch && r.devices.list != at->second.devices.list))
            return {r.ticket, Error{Fault::VersionConflict}};
        at->second.epoch = r.epoch;
        at->second.devices = r.devices;
        return {r.ticket, {}};
    }
    login::VaultPartLoaded answer(const login::LoadVaultPart& r) {
        login::VaultPartLoaded out;
        out.ticket = r.ticket;
        const auto at = vaults.find(r.user);
        if (broken) out.error = kBroken;
        if (!broken && at == vaults.end()) out.error = Error{Fault::NotFound};
        if (out.error) return out;
        out.version = accounts.at(r.user).vaultVersion;
        out.passwordWrap = at->second.passwordWrap;
        out.recoveryWrap = at->second.recoveryWrap;
        const ByteView box = at->second.box;
        out.total = static_cast<std::uint32_t>(box.size());
        const std::size_t from = std::min<std::size_t>(r.offset, box.size());
        out.part = toBytes(box.subspan(from, std::min<std::size_t>(r.length, box.size() - from)));
        return out;
    }
    login::StoreDone answer(const login::SaveVault& r) {
        if (broken) return {r.ticket, kBroken};
        const auto at = accounts.find(r.user);
        if (at == accounts.end()) return {r.ticket, Error{Fault::NotFound}};
        if (at->second.vaultVersion != r.baseVersion) return {r.ticket, Error{Fault::VersionConflict}};
        at->second.vaultVersion = r.baseVersion + 1;
        if (r.loginHash) at->second.loginHash = *r.loginHash;
        vaults[r.user] = r.vault;
        return {r.ticket, {}};
    }
    login::StoreDone answer(const login::SaveAccess& r) {
        if (broken) return {r.ticket, kBroken};
        auto& ids = access[r.user];
        ids.insert(ids.end(), r.access.begin(), r.access.end());
        std::erase_if(ids, [&](const auto& one) { return one.expires <= r.now; });
        return {r.ticket, {}};
    }
    login::StoreDone answer(const login::ClaimNodeCode& r) {
        if (broken) return {r.ticket, kBroken};
        const auto at = nodeCodes.find(r.codeHash);
        if (at == nodeCodes.end() || at->second.value_or(r.node) != r.node)
            return {r.ticket, Error{Fault::InvitationInvalid}};
        at->second = r.node;
        return {r.ticket, {}};
    }
    login::RevocationsLoaded answer(const login::LoadRevocations& r) {
        if (broken) return {r.ticket, {}, {}, kBroken};
        std::set<ByteArray<32>> users;
        std::set<ByteArray<16>> ids(withdrawn.begin(), withdrawn.end());
        for (const auto& [user, account] : accounts) {
            if (account.disabled) users.insert(directory::personKey(account.userKey).bytes);
            const auto list = wire::decodeObjects<directory::DeviceList>(account.devices.list).value();
            for (const auto& one : access[user]) {
                const bool listed = std::count(list.devices.begin(), list.devices.end(), one.device) > 0;
                if ((account.disabled || !listed) && one.expires > r.now) ids.insert(one.id);
            }
        }
        return {r.ticket, {users.begin(), users.end()}, {ids.begin(), ids.end()}, {}};
    }
};

}  // namespace kith::test
