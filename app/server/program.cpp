// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/server/program.h"

#include <sys/resource.h>

#include "app/server/invitations.h"
#include "app/server/nodes.h"
#include "app/server/renewal.h"
#include "app/server/words.h"
#include "protocol/net/clock.h"

namespace kith::app {

namespace {

/// Of a supernode that stands alone and is not told another one.
constexpr std::uint16_t kNodePort = 33033;

/// Each client keeps a TCP connection; the usual limit of 1024 open files is for programs of another kind.
void allowManyFiles() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Program::Program(DataFolder folder, RunOptions options) : m_folder(std::move(folder)), m_options(std::move(options)) {
    QObject::connect(&m_hourly, &QTimer::timeout, &m_hourly, [this] { everyHour(); });
}

Program::~Program() {
    m_echo.reset();
    // First the one that orders, then the one that carries out: what was ordered is still written.
    m_network.stop();
    m_store.reset();
}

bool Program::start() {
    allowManyFiles();
    if (!readFolder() || !checkCertificates()) return false;
    auto store = store::ServerStore::start(m_folder.databaseFile(), [this] { wakeUp(); });
    if (!store) {
        complain(why(store.error(), m_folder.databaseFile().string()));
        return false;
    }
    m_store = std::move(*store);
    if (!listen()) return false;
    findServers();
    m_hourly.start(std::chrono::hours(1));
    if (m_options.echo && m_options.login && m_options.supernode) startEcho();
    return true;
}

bool Program::readFolder() {
    if (const auto missing = m_folder.missing(); !missing.empty()) {
        complain(missing);
        return false;
    }
    auto lock = store::DirectoryLock::take(m_folder.path());
    if (!lock) {
        complain(lock.error().fault == Fault::InUse
                     ? "A kith-server runs already with " + m_folder.path().string() + "."
                     : why(lock.error(), m_folder.path().string()));
        return false;
    }
    m_lock = std::move(*lock);
    auto database = store::ServerDatabase::open(m_folder.databaseFile(), store::ServerDatabase::Check::Quick);
    auto settings = database ? NetworkSettings::read(*database) : tl::make_unexpected(database.error());
    auto records = settings ? database->records() : tl::make_unexpected(settings.error());
    if (!records) {
        complain(why(records.error(), m_folder.databaseFile().string()));
        return false;
    }
    m_settings = std::move(*settings);
    m_restored.records = std::move(*records);
    return true;
}

bool Program::checkNodeKeys() {
    if (!m_options.supernode) {
        complain(m_folder.path().string() + " is the folder of a supernode: it can't be a login server.");
        return false;
    }
    m_options.login = false;
    const auto keys = m_folder.readNodeKeys();
    auto identity =
        keys ? server::ServerIdentity::ofNode(*keys, m_settings.profile.trust()) : tl::make_unexpected(keys.error());
    if (!identity) {
        complain(why({Fault::StorageBroken, identity.error().detail}, m_folder.nodeKeysFile().string()));
        return false;
    }
    m_identity = std::move(*identity);
    m_restored.node = *keys;
    return true;
}

void Program::findServers() {
    if (m_options.supernode) {
        auto supernodes = lookUp(m_settings.profile.supernodes);
        m_network.post([this, supernodes = std::move(supernodes)](Now) { m_host->server().setSupernodes(supernodes); });
    }
    if (!m_folder.isOfNode()) return;
    auto servers = lookUp(m_settings.profile.loginServers);
    if (servers.empty()) m_log.write(LogLevel::Warning, "supernode", "the login server has no address now");
    m_network.post([this, servers = std::move(servers)](Now) { m_host->server().setLoginServers(servers); });
}

std::uint16_t Program::port() const {
    const auto usual = m_folder.isOfNode() ? kNodePort : m_settings.profile.loginServers.front().port;
    return m_options.port.value_or(usual);
}

bool Program::checkCertificates() {
    if (m_folder.isOfNode()) return checkNodeKeys();
    renewIfEmbedded();
    auto identity = m_folder.readKeys().and_then(server::ServerIdentity::make);
    if (!identity) {
        complain(why({Fault::StorageBroken, identity.error().detail}, m_folder.keysFile().string()));
        return false;
    }
    m_identity = std::move(*identity);
    m_restored.rootPart = m_settings.rootPart;
    const UnixTime now = net::readClocks().seconds();
    const UnixTime expires = m_identity->issuer().expires();
    if (expires <= now) {
        complain("The server's certificates ended on " + dateOf(expires) + ". Renew them: kith-server renew --data " +
                 m_folder.path().string() + " --root-key FILE");
        return false;
    }
    if (expires < now + kRenewBefore)
        m_log.write(LogLevel::Warning, "server",
                    "the certificates end on " + dateOf(expires) + ": run kith-server renew before that day");
    return true;
}

void Program::renewIfEmbedded() {
    if (!m_settings.embedded) return;
    const auto identity = m_folder.readKeys().and_then(server::ServerIdentity::make);
    if (!identity || identity->issuer().expires() >= net::readClocks().seconds() + kRenewBefore) return;
    const auto rootKey = readRootKey(m_folder.rootKeyFile());
    auto database = store::ServerDatabase::open(m_folder.databaseFile());
    if (rootKey && database && renew(m_folder, *database, m_settings, *rootKey, OldCertificates::StayGood)) return;
    m_log.write(LogLevel::Error, "server", "the certificates could not be renewed");
}

bool Program::listen() {
    net::NetworkThread::Options options;
    options.address = m_options.address;
    options.udpPort = port();
    options.sameTcpPort = true;
    options.tcpPorts = m_options.tcpPorts;
    options.ended = crypto::forgetThread;
    server::Server::Options roles;
    roles.login = m_options.login;
    roles.supernode = m_options.supernode;
    roles.loginService.registration = m_settings.profile.registration;

    const auto started = m_network.start(options, [this, roles]() -> std::unique_ptr<link::CarrierUser> {
        auto host = std::make_unique<server::Host>(
            net::readClocks(), roles, *m_identity, m_restored,
            server::Host::Environment{m_suite, m_obfuscation, m_random, m_log,
                                      [this](server::StoreOrder order) { m_store->order(std::move(order)); },
                                      [this](server::NodeKeys keys) { keepNodeKeys(std::move(keys)); }});
        m_host = host.get();
        return host;
    });
    m_restored = {};
    std::string ports = std::to_string(options.udpPort);
    for (const auto port : options.tcpPorts) ports += ", " + std::to_string(port);
    if (started) {
        say("Listening on port " + ports + ".");
        return true;
    }
    switch (started.error().fault) {
        case Fault::InUse:
            complain("Port " + ports +
                     " is in use by another program. Stop that one, or choose another port with --listen.");
            break;
        case Fault::PermissionDenied:
            complain("Not allowed to listen on port " + ports + ". Ports below 1024 need the right to bind them.");
            break;
        case Fault::Unreachable:
            complain("This computer has no address " + options.address.text() + " to listen on.");
            break;
        default: complain("Can't listen on port " + ports + ": " + std::string(name(started.error().fault)) + ".");
    }
    return false;
}

void Program::startEcho() {
    const auto folder = m_folder.path() / "echo";
    auto made = store::makePrivateDirectory(folder);
    if (made) {
        m_echo = std::make_unique<echo::Echo>(echo::Echo::Options{folder, [this] { return echoLink(); }, m_log});
        made = m_echo->start();
    }
    // The network is there without it.
    if (!made) m_log.write(LogLevel::Error, "echo", why(made.error(), folder.string()));
}

std::string Program::echoLink() const {
    const std::string host = m_options.address.isUnspecified() ? "127.0.0.1" : m_options.address.text();
    NetworkSettings settings = m_settings;
    settings.profile.loginServers = {
        {m_options.address.isUnspecified() || m_options.address.isV4() ? host : "[" + host + "]", port()}};
    settings.profile.supernodes.clear();
    auto database = store::ServerDatabase::open(m_folder.databaseFile());
    if (!database) return {};
    OfferTerms terms;
    terms.onlyFor = UserName::parse(echo::Echo::kUser).value();
    terms.days = 1;
    const auto offer = makeOffer(*database, settings, terms);
    if (!offer && offer.error().fault != Fault::NameTaken) return {};
    return offer ? offer->link : settings.profile.link();
}

void Program::wakeUp() {
    m_network.post([this](Now now) {
        std::vector<server::StoreAnswer> answers;
        m_store->take(answers);
        for (const auto& answer : answers) m_host->answered(now, answer);
    });
}

void Program::keepNodeKeys(server::NodeKeys keys) {
    QMetaObject::invokeMethod(&m_hourly, [this, keys = std::move(keys)] {
        const auto kept = m_folder.writeNodeKeys(keys);
        // It is asked for again after the next start.
        if (!kept) m_log.write(LogLevel::Error, "supernode", why(kept.error(), m_folder.nodeKeysFile().string()));
    });
}

void Program::everyHour() {
    renewIfEmbedded();
    reload();
    findServers();
}

void Program::reload() {
    if (m_folder.isOfNode()) return;
    auto database = store::ServerDatabase::open(m_folder.databaseFile());
    auto settings = database ? NetworkSettings::read(*database) : tl::make_unexpected(database.error());
    auto identity = m_folder.readKeys().and_then(server::ServerIdentity::make);
    if (!settings || !identity) {
        m_log.write(LogLevel::Error, "server", "the renewed certificates can't be read; going on with the old ones");
        return;
    }
    // Supernodes are invited while the server runs.
    m_settings.profile = settings->profile;
    if (settings->rootPart == m_settings.rootPart && identity->issuer().expires() == m_identity->issuer().expires())
        return;
    m_settings = std::move(*settings);
    m_identity = std::move(*identity);
    m_network.post([this, renewed = *m_identity, rootPart = m_settings.rootPart](Now now) {
        m_host->server().renewed(now, renewed, rootPart);
    });
    m_log.write(LogLevel::Info, "server", "certificates good until " + dateOf(m_identity->issuer().expires()));
}

}  // namespace kith::app
