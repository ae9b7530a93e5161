// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/server/nodes.h"

#include <algorithm>
#include <QHostInfo>

#include "app/server/commands.h"
#include "app/server/words.h"
#include "protocol/crypto/systemrandom.h"
#include "protocol/net/clock.h"
#include "protocol/store/files.h"

namespace kith::app {

namespace {

Result<void> makeFiles(const DataFolder& folder, const overlay::NetworkProfile& invited, std::string& failedFile) {
    crypto::SystemRandom random;
    NetworkSettings settings;
    settings.profile = invited;
    settings.profile.code.clear();
    failedFile = folder.databaseFile().string();
    auto database = store::ServerDatabase::open(folder.databaseFile());
    if (!database) return tl::make_unexpected(database.error());
    if (const auto done = settings.write(*database); !done) return done;
    failedFile = folder.nodeKeysFile().string();
    return folder.writeNodeKeys(server::NodeKeys::make(invited.code, random));
}

/// Empty: the folder is free.
std::string alreadyThere(const DataFolder& folder) {
    std::error_code ignored;
    for (const auto& file : {folder.keysFile(), folder.nodeKeysFile(), folder.databaseFile()})
        if (std::filesystem::exists(file, ignored))
            return "There is a server in " + folder.path().string() + " already (" + file.filename().string() +
                   "). Nothing was changed. Choose another folder, or move that one away.";
    return {};
}

}  // namespace

Result<Offer> makeNodeOffer(store::ServerDatabase& database, NetworkSettings& settings, unsigned days,
                            const std::vector<std::string>& at) {
    auto& supernodes = settings.profile.supernodes;
    const auto before = supernodes.size();
    for (const std::string& text : at) {
        const auto place = overlay::HostPort::parse(text);
        if (!place) return fail(Fault::InvalidArgument, "address");
        if (std::ranges::find(supernodes, *place) == supernodes.end()) supernodes.push_back(*place);
    }
    if (supernodes.size() > overlay::NetworkProfile::kMaxServers) return fail(Fault::InvalidArgument, "addresses");
    if (supernodes.size() != before)
        if (const auto done = settings.write(database); !done) return tl::make_unexpected(done.error());
    crypto::SystemRandom random;
    overlay::NetworkProfile profile = settings.profile;
    profile.code = login::newInvitationCode(random);
    const UnixTime expires = net::readClocks().seconds() + crypto::Days(days);
    const auto kept = database.invite({login::nodeCodeHash(profile.code), {}, 1, expires});
    if (!kept) return tl::make_unexpected(kept.error());
    return Offer{"Good for one supernode until " + dateOf(expires) +
                     ". Where it is to run: kith-server init --data DIR --supernode LINK, with this LINK in quotes:",
                 profile.link()};
}

int initNode(const CommandLine& line) {
    if (line.value("data").empty()) return complainAboutUse("--data is needed.", "init");
    for (const char* other : {"name", "address", "port", "registration", "root-key", "embedded"})
        if (line.has(other))
            return complainAboutUse("--" + std::string(other) + " is for a new network, not for a supernode.", "init");
    const auto invited = overlay::NetworkProfile::parseLink(line.value("supernode"));
    if (!invited || invited->code.empty())
        return complain("--supernode needs the whole link that kith-server invite --supernode printed, in quotes.");
    const DataFolder folder(line.value("data"));
    const std::string path = folder.path().string();
    if (const auto text = alreadyThere(folder); !text.empty()) return complain(text);
    if (const auto made = store::makePrivateDirectory(folder.path()); !made) return complain(why(made.error(), path));
    const auto lock = store::DirectoryLock::take(folder.path());
    if (!lock) return complain(why(lock.error(), path));
    std::string file;
    if (const auto made = makeFiles(folder, *invited, file); !made) return complain(why(made.error(), file));
    say("A supernode of the network \"" + invited->name + "\" lies in " + path + ".");
    say("Start it: kith-server run --data " + path);
    return kDone;
}

std::vector<Endpoint> lookUp(const std::vector<overlay::HostPort>& servers) {
    std::vector<Endpoint> out;
    for (const auto& server : servers) {
        // Brackets are for people; resolvers do without.
        const bool isV6 = server.host.starts_with('[');
        const std::string host = isV6 ? server.host.substr(1, server.host.size() - 2) : server.host;
        for (const QHostAddress& found : QHostInfo::fromName(QString::fromStdString(host)).addresses())
            if (const auto address = IpAddress::parse(found.toString().toStdString()))
                out.push_back({*address, server.port});
    }
    return out;
}

}  // namespace kith::app
