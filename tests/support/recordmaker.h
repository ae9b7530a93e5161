// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/crypto/modernsuite.h"
#include "protocol/directory/records.h"
#include "tests/support/authority.h"

namespace kith::test {

/// A person with one device or several, who signs what the directory holds.
class RecordMaker {
public:
    RecordMaker(Authority& network, std::string_view userName, int deviceCount = 1)
        : authority(network),
          name(UserName::parse(userName).value()),
          userKey(std::make_shared<crypto::SigningKey>(crypto::SigningKey::generate(authority.random))),
          server(authority.loginServer()) {
        for (int i = 0; i < deviceCount; ++i) addDevice();
    }

    void addDevice() { devices.push_back(authority.person(name, key().bytes)); }
    [[nodiscard]] UserKey user() const { return UserKey{userKey->publicKey()}; }
    [[nodiscard]] directory::PersonKey key() const { return directory::personKey(user()); }
    [[nodiscard]] DeviceId device(std::size_t which = 0) const { return DeviceId{devices[which]->key->publicKey()}; }

    [[nodiscard]] directory::UserRecord record(std::uint64_t sequence = 1) const {
        return {name,      user(),
                "Display", directory::Findable::ExactName,
                sequence,  authority.now + directory::kUserRecordLife};
    }
    [[nodiscard]] directory::SignedUserRecord sign(const directory::UserRecord& record) {
        return directory::sign(suite, network(), record, *userKey, devices[0]->chain);
    }
    [[nodiscard]] directory::DeviceList list(std::uint64_t epoch = 1) const {
        directory::DeviceList out{user(), epoch, {}};
        for (std::size_t i = 0; i < devices.size(); ++i) out.devices.push_back(device(i));
        return out;
    }
    [[nodiscard]] directory::SignedDeviceList sign(const directory::DeviceList& list) {
        directory::SignedDeviceList out;
        out.list = wire::encodeObjects(list);
        out.signature = suite.sign(*userKey, directory::deviceListMessage(network(), out.list));
        out.countersignature =
            suite.sign(*server->key, directory::countersignatureMessage(network(), out.list, out.signature));
        out.server = crypto::encodeChain(server->chain);
        return out;
    }
    [[nodiscard]] directory::Location location(std::size_t which = 0, std::uint64_t sequence = 1) const {
        return {key(), device(which), NodeId{}, LocationId{}, {}, sequence, authority.now + directory::kLocationLife};
    }
    [[nodiscard]] directory::SignedLocation sign(const directory::Location& location, std::size_t which = 0) {
        return directory::sign(suite, network(), location, *devices[which]->key, devices[which]->chain);
    }
    [[nodiscard]] NetworkId network() const { return authority.issuer.network(); }

    Authority& authority;
    crypto::ModernSuite suite;
    UserName name;
    std::shared_ptr<crypto::SigningKey> userKey;
    std::shared_ptr<crypto::Credentials> server;
    std::vector<std::shared_ptr<crypto::Credentials>> devices;
};

}  // namespace kith::test
