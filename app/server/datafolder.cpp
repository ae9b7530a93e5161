// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/server/datafolder.h"

#include <unistd.h>

#include <sstream>

#include "app/server/words.h"
#include "protocol/crypto/secret.h"
#include "protocol/store/keyfile.h"

namespace kith::app {

namespace {

constexpr std::string_view kRootKeyTitle = "KITH ROOT KEY - keep off line";

template <class Keys>
Result<Keys> readAs(const std::filesystem::path& file) {
    auto bytes = store::KeyFile(file).read();
    if (!bytes) return tl::make_unexpected(bytes.error());
    if (!*bytes) return fail(Fault::NotFound, "keys");
    const crypto::WipeAtEnd wiped(**bytes);
    auto keys = wire::decodeObjects<Keys>(**bytes);
    if (!keys) return fail(Fault::StorageBroken, "keys");
    return keys;
}

template <class Keys>
Result<void> writeAs(const std::filesystem::path& file, const Keys& keys) {
    Bytes bytes = wire::encodeObjects(keys);
    const crypto::WipeAtEnd wiped(bytes);
    return store::KeyFile(file).write(bytes);
}

bool isOurs(const std::filesystem::path& folder) {
    return ::access(folder.c_str(), R_OK | W_OK | X_OK) == 0;
}

}  // namespace

std::string DataFolder::missing() const {
    const std::string folder = m_path.string();
    std::error_code failure;
    const auto status = std::filesystem::status(m_path, failure);
    // What may not be looked at is there, as far as anybody can tell.
    if (failure == std::errc::permission_denied || (std::filesystem::is_directory(status) && !isOurs(m_path)))
        return why({Fault::PermissionDenied}, folder);
    if (!std::filesystem::exists(status))
        return "The folder " + folder + " is not there. Make a network first: kith-server init --data " + folder +
               " --name NAME";
    if (!std::filesystem::is_directory(status)) return folder + " is not a folder.";
    const bool keys = std::filesystem::exists(keysFile(), failure) || isOfNode();
    const bool database = std::filesystem::exists(databaseFile(), failure);
    if (keys && database) return {};
    if (!keys && !database)
        return "There is no network in " + folder + ". Make one: kith-server init --data " + folder + " --name NAME";
    return (keys ? databaseFile() : keysFile()).string() + " is missing. Put it back from a copy of the data folder.";
}

std::string DataFolder::missingNetwork() const {
    if (auto text = missing(); !text.empty() || !isOfNode()) return text;
    return m_path.string() + " is the folder of a supernode. Do this where the login server is.";
}

bool DataFolder::isOfNode() const {
    std::error_code ignored;
    return std::filesystem::exists(nodeKeysFile(), ignored);
}

Result<server::ServerKeys> DataFolder::readKeys() const {
    return readAs<server::ServerKeys>(keysFile());
}

Result<void> DataFolder::writeKeys(const server::ServerKeys& keys) const {
    return writeAs(keysFile(), keys);
}

Result<server::NodeKeys> DataFolder::readNodeKeys() const {
    return readAs<server::NodeKeys>(nodeKeysFile());
}

Result<void> DataFolder::writeNodeKeys(const server::NodeKeys& keys) const {
    return writeAs(nodeKeysFile(), keys);
}

Result<NetworkSettings> NetworkSettings::read(store::ServerDatabase& database) {
    NetworkSettings out;
    const auto link = database.setting("link");
    const auto rootPart = database.setting("root-part");
    const auto embedded = database.setting("embedded");
    for (const auto* setting : {&link, &rootPart, &embedded})
        if (!*setting) return tl::make_unexpected(setting->error());
    auto profile = overlay::NetworkProfile::parseLink(*link);
    auto part = fromBase64Url(*rootPart);
    if (!profile || !part) return fail(Fault::StorageBroken, "settings");
    out.profile = std::move(*profile);
    out.rootPart = std::move(*part);
    out.embedded = *embedded == "yes";
    return out;
}

Result<void> NetworkSettings::write(store::ServerDatabase& database) const {
    for (const auto& [name, value] : {std::pair<std::string, std::string>{"link", profile.link()},
                                      {"root-part", toBase64Url(rootPart)},
                                      {"embedded", embedded ? "yes" : "no"}})
        if (const auto done = database.setSetting(name, value); !done) return done;
    return {};
}

Result<void> writeRootKey(const std::filesystem::path& file, const crypto::SigningKey& key,
                          const std::string& network) {
    std::string text =
        std::string(kRootKeyTitle) + "\nnetwork: " + network + "\nkey: " + toBase64Url(key.seed()) + "\n";
    const auto done = store::KeyFile(file).write(asBytes(text));
    wipe(std::as_writable_bytes(std::span(text.data(), text.size())));
    return done;
}

Result<crypto::SigningKey> readRootKey(const std::filesystem::path& file) {
    auto bytes = store::KeyFile(file).read();
    if (!bytes) return tl::make_unexpected(bytes.error());
    if (!*bytes) return fail(Fault::NotFound, "root key");
    const crypto::WipeAtEnd wiped(**bytes);
    std::istringstream lines{std::string(asText(**bytes))};
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("key: ")) continue;
        const auto seed = fromBase64Url(std::string_view(line).substr(5, 43));
        if (const auto array = seed ? toArray<32>(*seed) : std::nullopt) return crypto::SigningKey::fromSeed(*array);
    }
    return fail(Fault::Malformed, "root key");
}

}  // namespace kith::app
