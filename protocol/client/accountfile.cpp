// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/accountfile.h"

namespace kith::client {

namespace {

struct AccountItem {
    std::string link;  ///< of the network
    Bytes membership;

    static constexpr auto fields() {
        return std::tuple{wire::field<&AccountItem::link>(0, "link"),
                          wire::field<&AccountItem::membership>(1, "membership")};
    }
};

struct KeysItem {
    Bytes membership;
    Bytes weekly;

    KeysItem() = default;
    KeysItem(Bytes m, Bytes w) : membership(std::move(m)), weekly(std::move(w)) {}
    KeysItem(KeysItem&&) = default;
    KeysItem& operator=(KeysItem&&) = default;
    ~KeysItem() {
        wipe(membership);
        wipe(weekly);
    }

    static constexpr auto fields() {
        return std::tuple{wire::field<&KeysItem::membership>(0, "membership"),
                          wire::field<&KeysItem::weekly>(1, "weekly")};
    }
};

auto broken(std::string_view detail) {
    return fail(Fault::StorageBroken, detail);
}

}  // namespace

std::vector<SaveItem> itemsOf(const overlay::NetworkProfile& profile, const login::Membership& membership,
                              const WeeklyKeys& weekly) {
    return {{0, Item::Keys, wire::encodeObjects(KeysItem{membership.keys(), weekly.encoded()})},
            {0, Item::Account, wire::encodeObjects(AccountItem{profile.link(), membership.account()})},
            {0, Item::Vault, login::encodeSealed(membership.vault)}};
}

Result<KeptAccount> keptAccount(const std::map<Item, Bytes>& items) {
    const auto account = items.find(Item::Account);
    const auto keys = items.find(Item::Keys);
    const auto vault = items.find(Item::Vault);
    if (account == items.end() || keys == items.end()) return fail(Fault::NotSignedIn, "no account is kept");
    if (vault == items.end()) return broken("vault");

    const auto accountItem = wire::decodeObjects<AccountItem>(account->second);
    const auto keysItem = wire::decodeObjects<KeysItem>(keys->second);
    if (!accountItem || !keysItem) return broken("account");
    auto profile = overlay::NetworkProfile::parseLink(accountItem->link);
    if (!profile) return broken("network");
    auto membership =
        login::Membership::restore(profile->network(), accountItem->membership, keysItem->membership, vault->second);
    if (!membership) return tl::make_unexpected(membership.error());
    auto weekly = WeeklyKeys::decode(keysItem->weekly);
    if (!weekly) return broken("weekly keys");
    return KeptAccount{std::move(*profile), std::move(*membership), std::move(*weekly)};
}

}  // namespace kith::client
