// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QCoreApplication>

#include "app/server/commands.h"
#include "app/server/words.h"

using namespace kith::app;

namespace {

int help(const Arguments& arguments) {
    const std::string command = arguments.empty() ? std::string() : arguments.front();
    const auto text = helpFor(command);
    if (text.empty()) return complainAboutUse("There is no command \"" + command + "\".", {});
    say(text);
    return kDone;
}

int dispatch(const std::string& command, const Arguments& rest) {
    if (command == "help" || command == "--help" || command == "-h") return help(rest);
    for (const std::string& argument : rest)
        if (argument == "--help" || argument == "-h") return help({command});
    if (command == "--version") return say("kith-server " KITH_VERSION), kDone;
    if (command == "init") return initCommand(rest);
    if (command == "run") return runCommand(rest);
    if (command == "invite") return inviteCommand(rest);
    if (command == "accounts") return accountsCommand(rest);
    if (command == "renew") return renewCommand(rest);
    return complainAboutUse("There is no command \"" + command + "\".", {});
}

}  // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const Arguments arguments(argv + 1, argv + argc);
    if (arguments.empty()) return complainAboutUse("What shall it do?", {});
    return dispatch(arguments.front(), {arguments.begin() + 1, arguments.end()});
}
