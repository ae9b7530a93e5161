// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/membership.h"

#include <algorithm>

#include "protocol/login/messages.h"
#include "protocol/wire/message.h"

namespace kith::login {

namespace {

struct AccountFile {
    UserName user;
    NetworkId network;
    Bytes credential;
    Bytes above;
    std::vector<Bytes> access;
    directory::SignedDeviceList devices;
    Bytes rootDocument;
    Bytes serverDocument;
    UnixTime renewed{};

    static constexpr auto fields() {
        return std::tuple{wire::field<&AccountFile::user>(0, "user"),
                          wire::field<&AccountFile::network>(1, "network"),
                          wire::field<&AccountFile::credential>(2, "credential"),
                          wire::field<&AccountFile::above>(3, "above"),
                          wire::field<&AccountFile::access>(4, "access"),
                          wire::field<&AccountFile::devices>(5, "devices"),
                          wire::field<&AccountFile::rootDocument>(6, "rootDocument"),
                          wire::field<&AccountFile::serverDocument>(7, "serverDocument"),
                          wire::field<&AccountFile::renewed>(8, "renewed")};
    }
};

struct KeysFile {
    ByteArray<32> device{};
    ByteArray<32> vault{};
    std::vector<ByteArray<32>> access;

    KeysFile() = default;
    KeysFile(const KeysFile&) = default;
    KeysFile& operator=(const KeysFile&) = default;
    ~KeysFile() {
        wipe(device);
        wipe(vault);
        for (auto& seed : access) wipe(seed);
    }

    static constexpr auto fields() {
        return std::tuple{wire::field<&KeysFile::device>(0, "device"), wire::field<&KeysFile::vault>(1, "vault"),
                          wire::field<&KeysFile::access>(2, "access")};
    }
};

std::shared_ptr<const crypto::SigningKey> keyOf(const ByteArray<32>& seed) {
    return std::make_shared<const crypto::SigningKey>(crypto::SigningKey::fromSeed(seed));
}

auto broken(std::string_view detail) {
    return fail(Fault::StorageBroken, detail);
}

Result<void> restoreDevice(Membership& out, const AccountFile& account, const KeysFile& keys) {
    const auto above = crypto::decodeChain(account.above);
    const auto facts = crypto::readLeaf(account.credential, out.network);
    if (!above || !facts) return broken("credential");
    const auto* person = std::get_if<crypto::PersonIdentity>(&facts->identity);
    auto key = keyOf(keys.device);
    if (!person || person->user != account.user || facts->publicKey != key->publicKey()) return broken("device key");
    crypto::CertificateChain chain{account.credential};
    chain.insert(chain.end(), above->begin(), above->end());
    out.device = std::make_shared<const crypto::Credentials>(crypto::Credentials{std::move(chain), std::move(key)});
    out.credentialExpires = facts->validity.notAfter;
    return {};
}

/// Keys and certificates are written one after the other, so a disk that failed in between holds those of two
/// renewals: the ones that have their other half count, and for the rest the login server is asked.
void restoreAccess(Membership& out, const AccountFile& account, const KeysFile& keys) {
    std::vector<std::shared_ptr<const crypto::SigningKey>> held;
    for (const auto& seed : keys.access) held.push_back(keyOf(seed));
    for (const Bytes& leaf : account.access) {
        const auto facts = crypto::readLeaf(leaf, out.network);
        if (!facts) continue;
        const auto key = std::find_if(held.begin(), held.end(),
                                      [&](const auto& one) { return one->publicKey() == facts->publicKey; });
        if (key != held.end()) out.access.push_back({leaf, *key, facts->validity});
    }
}

Result<void> restoreVault(Membership& out, const KeysFile& keys, ByteView vault) {
    auto sealed = decodeSealed(vault);
    if (!sealed) return broken("vault");
    out.vaultKey = crypto::Secret<32>(keys.vault);
    auto content = VaultSealer(out.network, out.user).open(sealed->box, sealed->version, out.vaultKey);
    if (!content) return broken("vault");
    out.userSigningKey = keyOf(content->userSeed.bytes);
    if (out.userSigningKey->publicKey() != out.userKey.bytes) return broken("user key");
    out.vault = std::move(*sealed);
    out.content = std::move(*content);
    return {};
}

}  // namespace

std::shared_ptr<const crypto::Credentials> Membership::credentialsOf(const AccessPaper& paper) const {
    crypto::CertificateChain chain{paper.leaf};
    chain.insert(chain.end(), device->chain.begin() + 1, device->chain.end());
    return std::make_shared<const crypto::Credentials>(crypto::Credentials{std::move(chain), paper.key});
}

std::shared_ptr<const crypto::Credentials> Membership::accessAt(UnixTime now) const {
    // Weeks overlap by the backdating: the newest that has begun, or the first if a clock is a little slow.
    const AccessPaper* best = nullptr;
    for (const AccessPaper& paper : access) {
        if (now < paper.validity.notBefore || now >= paper.validity.notAfter) continue;
        if (!best || paper.validity.notBefore + crypto::kBackdate <= now) best = &paper;
    }
    return best ? credentialsOf(*best) : nullptr;
}

Bytes Membership::account() const {
    AccountFile file;
    file.user = user;
    file.network = network;
    file.credential = device->chain.front();
    file.above = crypto::encodeChain({device->chain.begin() + 1, device->chain.end()});
    for (const AccessPaper& paper : access) file.access.push_back(paper.leaf);
    file.devices = devices;
    file.rootDocument = rootDocument;
    file.serverDocument = serverDocument;
    file.renewed = renewed;
    return wire::encodeObjects(file);
}

Bytes Membership::keys() const {
    KeysFile file;
    file.device = device->key->seed();
    file.vault = vaultKey.bytes;
    for (const AccessPaper& paper : access) file.access.push_back(paper.key->seed());
    return wire::encodeObjects(file);
}

Result<Membership> Membership::restore(const NetworkId& network, ByteView account, ByteView keys, ByteView vault) {
    const auto accountFile = wire::decodeObjects<AccountFile>(account);
    const auto keysFile = wire::decodeObjects<KeysFile>(keys);
    if (!accountFile || !keysFile) return broken("account");
    if (accountFile->network != network) return broken("network");
    const auto list = wire::decodeObjects<directory::DeviceList>(accountFile->devices.list);
    if (!list) return broken("device list");
    Membership out;
    out.network = network;
    out.user = accountFile->user;
    out.userKey = list->userKey;
    out.devices = accountFile->devices;
    out.rootDocument = accountFile->rootDocument;
    out.serverDocument = accountFile->serverDocument;
    out.renewed = accountFile->renewed;
    if (const auto done = restoreDevice(out, *accountFile, *keysFile); !done) return tl::make_unexpected(done.error());
    restoreAccess(out, *accountFile, *keysFile);
    if (const auto done = restoreVault(out, *keysFile, vault); !done) return tl::make_unexpected(done.error());
    return out;
}

}  // namespace kith::login
