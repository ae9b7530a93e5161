// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QCommandLineParser>

#include "app/ctl/client.h"

/// What kithctl can do, one function a command.
namespace kith::ctl {

/// Exit codes.
enum Exit { Done = 0, Refused = 1, Usage = 2, NotRunning = 3 };

/// Everything a command was given.
struct Invocation {
    Client& client;
    const QCommandLineParser& options;
    QStringList words;  ///< after the command's name
    bool json;
};

struct Command {
    const char* name;
    const char* arguments;  ///< for the usage line
    const char* what;
    qsizetype least, most;  ///< words
    Exit (*run)(const Invocation&);
};

/// By name; null if there is none.
const Command* findCommand(const QString& name);
/// One line each.
QString commandList();
/// Options that some command knows, added to the general ones.
void addCommandOptions(QCommandLineParser& parser);

}  // namespace kith::ctl
