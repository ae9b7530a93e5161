// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <QTimer>

#include "app/echo/echo.h"
#include "app/host/stderrlog.h"
#include "app/server/datafolder.h"
#include "protocol/crypto/modernsuite.h"
#include "protocol/crypto/systemrandom.h"
#include "protocol/net/networkthread.h"
#include "protocol/server/host.h"
#include "protocol/store/files.h"
#include "protocol/store/serverstore.h"
#include "protocol/wire/obfuscation.h"

namespace kith::app {

struct RunOptions {
    IpAddress address{};
    std::optional<std::uint16_t> port{};
    std::vector<std::uint16_t> tcpPorts{};
    bool login = true;
    bool supernode = true;
    bool echo = true;  ///< the echo contact, where both roles are
};

/// A running server: the host on the network thread, the database on the store thread. Lives on the main thread.
class Program {
public:
    Program(DataFolder folder, RunOptions options);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// False: it was said why not.
    bool start();
    /// The certificates were renewed, perhaps: shows the ones in the folder.
    void reload();

private:
    /// Everything from the folder that has to be right before anything listens. Errors are said.
    bool readFolder();
    bool checkCertificates();
    bool checkNodeKeys();
    /// Tells the network thread where the login servers are now.
    /// Looks up where the servers of the network are, as the settings have it now.
    void findServers();
    [[nodiscard]] std::uint16_t port() const;
    bool listen();
    void renewIfEmbedded();
    void startEcho();
    /// How the echo contact joins: over this computer, with an invitation of its own if it has no account yet.
    [[nodiscard]] std::string echoLink() const;
    void everyHour();
    /// On the store thread.
    void wakeUp();
    /// On the network thread; they are written by the main one.
    void keepNodeKeys(server::NodeKeys keys);

    DataFolder m_folder;
    RunOptions m_options;
    StderrLog m_log;
    std::optional<store::DirectoryLock> m_lock;
    NetworkSettings m_settings;
    std::optional<server::ServerIdentity> m_identity;
    server::Host::Restored m_restored;
    QTimer m_hourly;

    // Of the network thread while it runs.
    crypto::ModernSuite m_suite;
    crypto::SystemRandom m_random;
    wire::SeedObfuscation m_obfuscation;
    server::Host* m_host = nullptr;

    std::unique_ptr<store::ServerStore> m_store;
    net::NetworkThread m_network;
    std::unique_ptr<echo::Echo> m_echo;
};

}  // namespace kith::app
