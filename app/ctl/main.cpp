// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <csignal>
#include <cstdio>
#include <QCoreApplication>

#include "app/api/socketpath.h"
#include "app/ctl/commands.h"

using namespace kith::ctl;
using namespace Qt::StringLiterals;

namespace {

void addGeneralOptions(QCommandLineParser& parser) {
    parser.setOptionsAfterPositionalArgumentsMode(QCommandLineParser::ParseAsOptions);
    parser.addOption({u"json"_s, u"One JSON object a line."_s});
    parser.addOption({u"data"_s, u"The client that runs with --data DIR."_s, u"dir"_s});
    parser.addOption({u"socket"_s, u"The client that listens there."_s, u"path"_s});
    parser.addOption({{u"h"_s, u"help"_s}, u"This text."_s});
    parser.addOption({{u"v"_s, u"version"_s}, u"The version."_s});
}

int usage(const QString& complaint) {
    std::fprintf(stderr, "%s\nkithctl --help tells more.\n", complaint.toUtf8().constData());
    return Usage;
}

int notRunning(Connected why, const QString& socket) {
    const QByteArray path = socket.toUtf8();
    if (why == Connected::AnotherUser)
        std::fprintf(stderr, "Kith is not running as you (%s belongs to another user, who was told nothing).\n",
                     path.constData());
    else
        std::fprintf(stderr, "Kith is not running (nothing answers at %s). Start it: kith --headless\n",
                     path.constData());
    return NotRunning;
}

void help(const QCommandLineParser& parser) {
    QString text = parser.helpText();
    text.replace(u"Usage: kithctl [options]"_s, u"Usage: kithctl [options] COMMAND …"_s);
    std::printf(
        "%s\nCommands:\n%s\nExits with 0 when it is done, 1 when it was refused, 2 for a wrong command line, 3 "
        "when Kith is not running.\n",
        text.toUtf8().constData(), commandList().toUtf8().constData());
}

QString socketOf(const QCommandLineParser& parser) {
    if (parser.isSet(u"socket"_s)) return parser.value(u"socket"_s);
    return kith::api::socketPath(parser.value(u"data"_s));
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_DFL);
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"kithctl"_s);
    QCommandLineParser parser;
    addGeneralOptions(parser);
    addCommandOptions(parser);
    if (!parser.parse(QCoreApplication::arguments())) return usage(parser.errorText());
    if (parser.isSet(u"help"_s)) return help(parser), Done;
    if (parser.isSet(u"version"_s)) return std::printf("kithctl %s\n", KITH_VERSION), Done;

    QStringList words = parser.positionalArguments();
    if (words.isEmpty()) return usage(u"Say what to do."_s);
    const QString name = words.takeFirst();
    if (name == u"help"_s) return help(parser), Done;
    const Command* command = findCommand(name);
    if (!command) return usage(u"There is no command \"%1\"."_s.arg(name));
    if (words.size() < command->least || words.size() > command->most)
        return usage(u"Usage: kithctl %1 %2"_s.arg(name, QLatin1String(command->arguments)));

    Client client;
    const QString socket = socketOf(parser);
    if (const Connected connected = client.connect(socket); connected != Connected::Yes)
        return notRunning(connected, socket);
    return command->run({client, parser, words, parser.isSet(u"json"_s)});
}
