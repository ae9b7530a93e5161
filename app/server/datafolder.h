// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <filesystem>
#include <string>

#include "protocol/overlay/networkprofile.h"
#include "protocol/server/serverkeys.h"
#include "protocol/store/serverdatabase.h"

namespace kith::app {

/// The files of a network on its server: keys, database, perhaps the root key, and the profile for people.
class DataFolder {
public:
    explicit DataFolder(std::filesystem::path path) : m_path(std::move(path)) {}

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] std::filesystem::path keysFile() const { return m_path / "server.keys"; }
    /// Instead of those, of a supernode that stands apart from its login server.
    [[nodiscard]] std::filesystem::path nodeKeysFile() const { return m_path / "node.keys"; }
    [[nodiscard]] std::filesystem::path databaseFile() const { return m_path / "server.db"; }
    [[nodiscard]] std::filesystem::path rootKeyFile() const { return m_path / "root.key"; }
    [[nodiscard]] std::filesystem::path profileFile() const { return m_path / "network.kith"; }

    /// Nothing: a network lies here, or a supernode of one. Else, what is missing and what to do, as a sentence.
    [[nodiscard]] std::string missing() const;
    /// The same, where only the network will do.
    [[nodiscard]] std::string missingNetwork() const;

    [[nodiscard]] Result<server::ServerKeys> readKeys() const;
    Result<void> writeKeys(const server::ServerKeys& keys) const;
    [[nodiscard]] bool isOfNode() const;
    [[nodiscard]] Result<server::NodeKeys> readNodeKeys() const;
    Result<void> writeNodeKeys(const server::NodeKeys& keys) const;

private:
    std::filesystem::path m_path;
};

/// What the network is called, who may join and where, in the database's settings.
struct NetworkSettings {
    overlay::NetworkProfile profile;  ///< without a code
    Bytes rootPart;                   ///< encodeObjects(login::SignedRootPart)
    bool embedded = false;

    static Result<NetworkSettings> read(store::ServerDatabase& database);
    Result<void> write(store::ServerDatabase& database) const;
};

/// The root key as text that can be printed on paper: its purpose, the network's name, the key.
Result<void> writeRootKey(const std::filesystem::path& file, const crypto::SigningKey& key, const std::string& network);
/// Malformed: no root key in it.
Result<crypto::SigningKey> readRootKey(const std::filesystem::path& file);

}  // namespace kith::app
