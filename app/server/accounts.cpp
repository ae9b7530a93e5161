// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>

#include "app/server/commands.h"
#include "app/server/invitations.h"
#include "app/server/nodes.h"
#include "app/server/words.h"

namespace kith::app {

namespace {

const CommandLine::Options kOptions{
    {"data", CommandLine::Kind::Value}, {"uses", CommandLine::Kind::Value}, {"days", CommandLine::Kind::Value}};
const CommandLine::Options kNodeOptions{{"data", CommandLine::Kind::Value},
                                        {"supernode", CommandLine::Kind::Flag},
                                        {"at", CommandLine::Kind::Values},
                                        {"days", CommandLine::Kind::Value}};
constexpr unsigned kMostUses = 1'000'000;
constexpr unsigned kMostDays = 3650;
constexpr unsigned kNodeDays = 7;

/// The database of a network that is there, for one command.
struct Opened {
    DataFolder folder;
    store::ServerDatabase database;
};

/// Nothing: it was said why.
std::optional<Opened> open(const CommandLine& line) {
    DataFolder folder(line.value("data"));
    if (const auto missing = folder.missingNetwork(); !missing.empty()) {
        complain(missing);
        return std::nullopt;
    }
    auto database = store::ServerDatabase::open(folder.databaseFile());
    if (!database) {
        complain(why(database.error(), folder.databaseFile().string()));
        return std::nullopt;
    }
    return Opened{std::move(folder), std::move(*database)};
}

/// What is wrong with the line of a command with these many words.
std::optional<std::string> wrongLine(const CommandLine& line, std::size_t words) {
    if (line.value("data").empty()) return "--data is needed.";
    if (line.words().size() < words) return "A name is needed.";
    if (line.words().size() > words) return "What is \"" + line.words()[words] + "\"?";
    if (line.has("uses") && !numberOf(line.value("uses"), 1, kMostUses)) return "--uses needs a number from 1.";
    if (line.has("days") && !numberOf(line.value("days"), 1, kMostDays))
        return "--days needs a number from 1 to " + std::to_string(kMostDays) + ".";
    return std::nullopt;
}

int offer(Opened& opened, const CommandLine& line, std::optional<UserName> onlyFor) {
    const std::string file = opened.folder.databaseFile().string();
    const auto settings = NetworkSettings::read(opened.database);
    if (!settings) return complain(why(settings.error(), file));
    OfferTerms terms;
    terms.onlyFor = std::move(onlyFor);
    if (line.has("uses")) terms.uses = *numberOf(line.value("uses"), 1, kMostUses);
    if (line.has("days")) terms.days = *numberOf(line.value("days"), 1, kMostDays);
    const auto made = makeOffer(opened.database, *settings, terms);
    if (!made && made.error().fault == Fault::NameTaken)
        return complain(terms.onlyFor->text() + " has an account already.");
    if (!made) return complain(why(made.error(), file));
    say(made->text);
    say(made->link);
    return kDone;
}

int inviteNode(const Arguments& arguments) {
    CommandLine line;
    if (const auto wrong = CommandLine::parse(arguments, kNodeOptions, line)) return complainAboutUse(*wrong, "invite");
    if (const auto wrong = wrongLine(line, 0)) return complainAboutUse(*wrong, "invite");
    auto opened = open(line);
    if (!opened) return kFailed;
    const std::string file = opened->folder.databaseFile().string();
    auto settings = NetworkSettings::read(opened->database);
    if (!settings) return complain(why(settings.error(), file));
    const unsigned days = line.has("days") ? *numberOf(line.value("days"), 1, kMostDays) : kNodeDays;
    const auto made = makeNodeOffer(opened->database, *settings, days, line.values("at"));
    if (!made && made.error().fault == Fault::InvalidArgument)
        return complainAboutUse("--at needs HOST:PORT (IPv6: [ADDRESS]:PORT), at most " +
                                    std::to_string(overlay::NetworkProfile::kMaxServers) + " of them.",
                                "invite");
    if (!made) return complain(why(made.error(), file));
    say(made->text);
    say(made->link);
    return kDone;
}

int list(Opened& opened) {
    const auto accounts = opened.database.accounts();
    if (!accounts) return complain(why(accounts.error(), opened.folder.databaseFile().string()));
    std::size_t width = 4;
    for (const auto& account : *accounts) width = std::max(width, account.user.text().size());
    const auto row = [&](std::string name, const std::string& since, const std::string& devices, const char* state) {
        name.resize(width, ' ');
        say(name + "  " + since + "  " + std::string(7 - std::min<std::size_t>(7, devices.size()), ' ') + devices +
            "  " + state);
    };
    row("NAME", "SINCE     ", "DEVICES", "STATE");
    for (const auto& account : *accounts)
        row(account.user.text(), dateOf(account.created), std::to_string(account.devices),
            account.disabled ? "disabled" : "active");
    return kDone;
}

int setDisabled(Opened& opened, const UserName& user, bool disabled) {
    const auto done = opened.database.setDisabled(user, disabled);
    if (!done && done.error().fault == Fault::NotFound) return complain("There is no account " + user.text() + ".");
    if (!done) return complain(why(done.error(), opened.folder.databaseFile().string()));
    say(disabled ? user.text() + " is disabled: sessions end within a minute, the name stays taken."
                 : user.text() + " can sign in again.");
    return kDone;
}

int withName(const std::string& verb, const CommandLine& line) {
    const auto user = UserName::parse(line.words()[0]);
    if (!user)
        return complainAboutUse(
            "\"" + line.words()[0] +
                "\" is no user name: 3 to 32 of a-z, 0-9, dot, hyphen and underline, a letter first.",
            "accounts");
    auto opened = open(line);
    if (!opened) return kFailed;
    if (verb == "add") return offer(*opened, line, *user);
    return setDisabled(*opened, *user, verb == "disable");
}

}  // namespace

int inviteCommand(const Arguments& arguments) {
    CommandLine line;
    if (std::ranges::find(arguments, "--supernode") != arguments.end()) return inviteNode(arguments);
    if (const auto wrong = CommandLine::parse(arguments, kOptions, line)) return complainAboutUse(*wrong, "invite");
    if (const auto wrong = wrongLine(line, 0)) return complainAboutUse(*wrong, "invite");
    auto opened = open(line);
    return opened ? offer(*opened, line, std::nullopt) : kFailed;
}

int accountsCommand(const Arguments& arguments) {
    const std::string verb = arguments.empty() ? std::string() : arguments.front();
    const bool named = verb == "add" || verb == "disable" || verb == "enable";
    if (!named && verb != "list" && verb != "invite")
        return complainAboutUse("accounts needs one of: list, add, invite, disable, enable.", "accounts");
    CommandLine line;
    if (const auto wrong = CommandLine::parse({arguments.begin() + 1, arguments.end()}, kOptions, line))
        return complainAboutUse(*wrong, "accounts");
    if (const auto wrong = wrongLine(line, named ? 1 : 0)) return complainAboutUse(*wrong, "accounts");
    if (named) return withName(verb, line);
    auto opened = open(line);
    if (!opened) return kFailed;
    return verb == "list" ? list(*opened) : offer(*opened, line, std::nullopt);
}

}  // namespace kith::app
