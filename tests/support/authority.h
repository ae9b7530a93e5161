// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/crypto/certificate.h"
#include "protocol/crypto/hash.h"
#include "protocol/crypto/keys.h"
#include "tests/support/seededrandom.h"

namespace kith::test {

/// The root and a login server's intermediate of a made-up network, and certificates under them.
class Authority {
public:
    static constexpr UnixTime kNow{std::chrono::seconds{1'800'000'000}};

    explicit Authority(std::uint64_t seed = 1, UnixTime made = kNow)
        : random(seed), rootKey(crypto::SigningKey::generate(random)), now(made), issuer(makeIssuer()) {}

    [[nodiscard]] crypto::Trust trust() const { return {issuer.network(), issuer.rootHash()}; }

    std::shared_ptr<crypto::Credentials> person(const UserName& user, const ByteArray<32>& userKeyHash = {}) {
        return issue([&](const auto& key) {
            return issuer.person(key, user, userKeyHash, crypto::Validity::from(now, crypto::kCredentialLife), random);
        });
    }
    std::shared_ptr<crypto::Credentials> access() {
        return issue([&](const auto& key) {
            return issuer.access(key, random.bytes<16>(), crypto::Validity::from(now, crypto::kAccessLife), random);
        });
    }
    std::shared_ptr<crypto::Credentials> loginServer() {
        return issue([&](const auto& key) {
            return issuer.loginServer(key, crypto::Validity::ofServer(now, crypto::kLoginServerLife), random);
        });
    }
    std::shared_ptr<crypto::Credentials> supernode() {
        return issue([&](const auto& key) {
            return issuer.supernode(key, crypto::Validity::from(now, crypto::kSupernodeLife), random);
        });
    }

    /// `makeLeaf` gets the public key of a fresh key pair.
    template <class MakeLeaf>
    std::shared_ptr<crypto::Credentials> issue(MakeLeaf makeLeaf) {
        auto key = std::make_shared<crypto::SigningKey>(crypto::SigningKey::generate(random));
        auto chain = issuer.chainOf(makeLeaf(key->publicKey()));
        return std::make_shared<crypto::Credentials>(crypto::Credentials{std::move(chain), std::move(key)});
    }

    SeededRandom random;
    crypto::SigningKey rootKey;
    UnixTime now;
    std::shared_ptr<const crypto::SigningKey> intermediateKey;
    crypto::Issuer issuer;

private:
    crypto::Issuer makeIssuer() {
        intermediateKey = std::make_shared<crypto::SigningKey>(crypto::SigningKey::generate(random));
        const Bytes root = crypto::makeRoot(rootKey, crypto::Validity::ofServer(now, crypto::kRootLife), random);
        const Bytes own = crypto::makeIntermediate(rootKey, root, intermediateKey->publicKey(),
                                                   crypto::Validity::ofServer(now, crypto::kIntermediateLife), random);
        return crypto::Issuer::make({{own, root}, intermediateKey}).value();
    }
};

}  // namespace kith::test
