// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QHostAddress>
#include <QNetworkInterface>

#include "app/server/commands.h"
#include "app/server/datafolder.h"
#include "app/server/invitations.h"
#include "app/server/nodes.h"
#include "app/server/rootpart.h"
#include "app/server/words.h"
#include "protocol/crypto/systemrandom.h"
#include "protocol/net/clock.h"
#include "protocol/store/files.h"

namespace kith::app {

namespace {

constexpr unsigned kDefaultPort = 33033;
constexpr std::size_t kMostFoundAddresses = 4;

const CommandLine::Options kOptions{
    {"data", CommandLine::Kind::Value},         {"name", CommandLine::Kind::Value},
    {"address", CommandLine::Kind::Values},     {"port", CommandLine::Kind::Value},
    {"registration", CommandLine::Kind::Value}, {"root-key", CommandLine::Kind::Value},
    {"embedded", CommandLine::Kind::Flag},      {"supernode", CommandLine::Kind::Value}};

struct Plan {
    DataFolder folder{{}};
    NetworkSettings settings;
    std::filesystem::path rootKeyFile;
};

/// Where this computer can be reached as far as it knows: never a loopback or link-local address.
std::vector<overlay::HostPort> foundAddresses(std::uint16_t port) {
    std::vector<overlay::HostPort> out;
    for (const QHostAddress& address : QNetworkInterface::allAddresses()) {
        if (!address.isGlobal() || out.size() >= kMostFoundAddresses) continue;
        const std::string text = address.toString().toStdString();
        const bool v6 = address.protocol() == QAbstractSocket::IPv6Protocol;
        out.push_back({v6 ? "[" + text + "]" : text, port});
    }
    return out;
}

/// A text says what is wrong with an option.
std::optional<std::string> planAddresses(const CommandLine& line, Plan& plan) {
    const std::string portText = line.value("port");
    const auto port = portText.empty() ? kDefaultPort : numberOf(portText, 1, 65535);
    if (!port) return "--port needs a number from 1 to 65535.";
    auto& servers = plan.settings.profile.loginServers;
    for (const std::string& address : line.values("address")) {
        // An IPv6 address ends with its bracket, unless a port follows.
        const bool hasPort = address.rfind(':') != std::string::npos && address.back() != ']';
        auto server = overlay::HostPort::parse(hasPort ? address : address + ":" + std::to_string(*port));
        if (!server) return "--address " + address + " is no name or address (write IPv6 as [ADDRESS]:PORT).";
        servers.push_back(std::move(*server));
    }
    if (servers.size() > overlay::NetworkProfile::kMaxServers) return "There are too many addresses.";
    if (!servers.empty()) return std::nullopt;
    servers = foundAddresses(static_cast<std::uint16_t>(*port));
    if (plan.settings.embedded) servers.push_back({"127.0.0.1", static_cast<std::uint16_t>(*port)});
    if (servers.empty()) return "This computer has no address that others could reach. Give one with --address.";
    return std::nullopt;
}

std::optional<std::string> planRegistration(const CommandLine& line, Plan& plan) {
    const std::string text = line.value("registration");
    auto& registration = plan.settings.profile.registration;
    if (text.empty() || text == "invite")
        registration = overlay::Registration::Invite;
    else if (text == "open")
        registration = overlay::Registration::Open;
    else if (text == "operator")
        registration = overlay::Registration::Operator;
    else
        return "--registration is invite, open or operator.";
    return std::nullopt;
}

std::optional<std::string> planOf(const CommandLine& line, Plan& plan) {
    for (const char* needed : {"data", "name"})
        if (line.value(needed).empty()) return "--" + std::string(needed) + " is needed.";
    if (!line.words().empty()) return "What is \"" + line.words().front() + "\"?";
    plan.folder = DataFolder(line.value("data"));
    plan.settings.embedded = line.has("embedded");
    plan.settings.profile.name = line.value("name");
    if (plan.settings.profile.name.size() > overlay::NetworkProfile::kMaxName || !isUtf8(plan.settings.profile.name))
        return "The name is too long: at most " + std::to_string(overlay::NetworkProfile::kMaxName) +
               " bytes of UTF-8.";
    if (auto wrong = planAddresses(line, plan)) return wrong;
    if (auto wrong = planRegistration(line, plan)) return wrong;
    plan.rootKeyFile = line.has("root-key") ? std::filesystem::path(line.value("root-key")) : plan.folder.rootKeyFile();
    std::error_code ignored;
    if (line.has("root-key") && std::filesystem::exists(plan.rootKeyFile, ignored))
        return plan.rootKeyFile.string() + " is there already. Choose another file for the root key.";
    return std::nullopt;
}

/// Empty: the folder is free.
std::string alreadyThere(const DataFolder& folder) {
    std::error_code ignored;
    const std::string path = folder.path().string();
    for (const auto& file : {folder.keysFile(), folder.rootKeyFile(), folder.databaseFile()})
        if (std::filesystem::exists(file, ignored))
            return "There is a network in " + path + " already (" + file.filename().string() +
                   "). Nothing was changed. Choose another folder, or move that one away.";
    return {};
}

/// Keys last: a folder with keys is a whole one.
Result<void> makeFiles(Plan& plan, std::string& failedFile) {
    const DataFolder& folder = plan.folder;
    crypto::SystemRandom random;
    const UnixTime now = net::readClocks().seconds();
    const auto rootKey = crypto::SigningKey::generate(random);
    const auto keys = server::ServerKeys::make(rootKey, now, random);
    plan.settings.profile.rootKeyHash = crypto::rootKeyHash(rootKey.publicKey());
    plan.settings.rootPart = makeRootPart(rootKey, plan.settings.profile, {}, {}, now);

    failedFile = plan.rootKeyFile.string();
    if (const auto done = writeRootKey(plan.rootKeyFile, rootKey, plan.settings.profile.name); !done) return done;
    failedFile = folder.databaseFile().string();
    auto database = store::ServerDatabase::open(folder.databaseFile());
    if (!database) return tl::make_unexpected(database.error());
    if (const auto done = plan.settings.write(*database); !done) return done;
    failedFile = folder.profileFile().string();
    if (const auto done = writeProfile(folder.profileFile(), plan.settings.profile, keys, now); !done) return done;
    failedFile = folder.keysFile().string();
    return folder.writeKeys(keys);
}

void tell(const Plan& plan, const Offer& offer) {
    const std::string data = plan.folder.path().string();
    say("The network \"" + plan.settings.profile.name + "\" lies in " + data + ".\n");
    say(offer.text);
    say(offer.link + "\n");
    if (plan.settings.embedded) return;
    say("Root key: " + plan.rootKeyFile.string() +
        "\n  Whoever has this file can pretend to be your network. Move it off this computer, to a stick in a drawer\n"
        "  or printed on paper. The server runs without it; `kith-server renew` needs it once in 90 days.\n");
    say("Start it: kith-server run --data " + data);
}

}  // namespace

int initCommand(const Arguments& arguments) {
    CommandLine line;
    if (const auto wrong = CommandLine::parse(arguments, kOptions, line)) return complainAboutUse(*wrong, "init");
    if (line.has("supernode")) return initNode(line);
    Plan plan;
    if (const auto wrong = planOf(line, plan)) return complainAboutUse(*wrong, "init");
    if (const auto text = alreadyThere(plan.folder); !text.empty()) return complain(text);

    const std::string path = plan.folder.path().string();
    if (const auto made = store::makePrivateDirectory(plan.folder.path()); !made)
        return complain(why(made.error(), path));
    const auto lock = store::DirectoryLock::take(plan.folder.path());
    if (!lock) return complain(why(lock.error(), path));
    std::string file;
    if (const auto made = makeFiles(plan, file); !made) return complain(why(made.error(), file));

    auto database = store::ServerDatabase::open(plan.folder.databaseFile());
    const auto offer = database ? makeFirstOffer(*database, plan.settings) : tl::make_unexpected(database.error());
    if (!offer) return complain(why(offer.error(), plan.folder.databaseFile().string()));
    tell(plan, *offer);
    return kDone;
}

}  // namespace kith::app
