// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/server/renewal.h"

#include "app/server/commands.h"
#include "app/server/rootpart.h"
#include "app/server/words.h"
#include "protocol/crypto/systemrandom.h"
#include "protocol/net/clock.h"

namespace kith::app {

namespace {

const CommandLine::Options kOptions{
    {"data", CommandLine::Kind::Value}, {"root-key", CommandLine::Kind::Value}, {"stolen", CommandLine::Kind::Flag}};

int complainAboutRootKey(const Error& error, const std::string& file) {
    switch (error.fault) {
        case Fault::NotFound:
            return complain("The root key is not at " + file + ". Fetch it from where you keep it: --root-key FILE.");
        case Fault::Malformed: return complain(file + " is no root key file.");
        case Fault::WrongRootKey: return complain(file + " is the root key of another network. Nothing was changed.");
        default: return complain(why(error, file));
    }
}

}  // namespace

Result<void> renew(const DataFolder& folder, store::ServerDatabase& database, NetworkSettings& settings,
                   const crypto::SigningKey& rootKey, OldCertificates old) {
    crypto::SystemRandom random;
    const UnixTime now = net::readClocks().seconds();
    auto keys = folder.readKeys();
    if (!keys) return tl::make_unexpected(keys.error());
    std::optional<Bytes> stolen;
    if (old == OldCertificates::AreStolen) stolen = keys->intermediateCertificate;
    if (const auto done = keys->renew(rootKey, now, random); !done) return done;
    settings.rootPart = makeRootPart(rootKey, settings.profile, settings.rootPart, stolen, now);
    if (const auto done = settings.write(database); !done) return done;
    if (const auto done = writeProfile(folder.profileFile(), settings.profile, *keys, now); !done) return done;
    return folder.writeKeys(*keys);
}

int renewCommand(const Arguments& arguments) {
    CommandLine line;
    if (const auto wrong = CommandLine::parse(arguments, kOptions, line)) return complainAboutUse(*wrong, "renew");
    if (line.value("data").empty()) return complainAboutUse("--data is needed.", "renew");
    if (!line.words().empty()) return complainAboutUse("What is \"" + line.words().front() + "\"?", "renew");
    const DataFolder folder(line.value("data"));
    if (const auto missing = folder.missingNetwork(); !missing.empty()) return complain(missing);

    const std::filesystem::path keyFile =
        line.has("root-key") ? std::filesystem::path(line.value("root-key")) : folder.rootKeyFile();
    const auto rootKey = readRootKey(keyFile);
    if (!rootKey) return complainAboutRootKey(rootKey.error(), keyFile.string());
    auto database = store::ServerDatabase::open(folder.databaseFile());
    if (!database) return complain(why(database.error(), folder.databaseFile().string()));
    auto settings = NetworkSettings::read(*database);
    if (!settings) return complain(why(settings.error(), folder.databaseFile().string()));
    const bool isStolen = line.has("stolen");
    const auto done = renew(folder, *database, *settings, *rootKey,
                            isStolen ? OldCertificates::AreStolen : OldCertificates::StayGood);
    if (!done && done.error().fault == Fault::WrongRootKey) return complainAboutRootKey(done.error(), keyFile.string());
    if (!done) return complain(why(done.error(), folder.path().string()));

    const auto identity = folder.readKeys().and_then(server::ServerIdentity::make);
    if (!identity) return complain(why(identity.error(), folder.keysFile().string()));
    if (isStolen)
        say("The old certificates are withdrawn. Programs learn it when they renew theirs, within a day; supernodes on "
            "other computers have to be invited anew.");
    say("The server's certificates are good until " + dateOf(identity->issuer().expires()) +
        ". Put the root key back to where it is off line.");
    return kDone;
}

}  // namespace kith::app
