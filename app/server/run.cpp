// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QCoreApplication>

#include "app/host/signals.h"
#include "app/server/commands.h"
#include "app/server/program.h"
#include "app/server/words.h"

namespace kith::app {

namespace {

const CommandLine::Options kOptions{
    {"data", CommandLine::Kind::Value},      {"listen", CommandLine::Kind::Value},
    {"tcp-port", CommandLine::Kind::Values}, {"no-echo", CommandLine::Kind::Flag},
    {"login-only", CommandLine::Kind::Flag}, {"supernode-only", CommandLine::Kind::Flag}};

/// `ADDRESS`, `ADDRESS:PORT`, `[ADDRESS]:PORT`. A text says what is wrong.
std::optional<std::string> readListen(const std::string& text, RunOptions& out) {
    if (const auto endpoint = Endpoint::parse(text)) {
        out.address = endpoint->address;
        out.port = endpoint->port;
        return std::nullopt;
    }
    if (const auto address = IpAddress::parse(text)) {
        out.address = *address;
        return std::nullopt;
    }
    return "--listen " + text + " is no address with a port (as in 192.0.2.7:33033 or [2001:db8::7]:33033).";
}

std::optional<std::string> optionsOf(const CommandLine& line, RunOptions& out) {
    if (line.value("data").empty()) return "--data is needed.";
    if (!line.words().empty()) return "What is \"" + line.words().front() + "\"?";
    if (line.has("login-only") && line.has("supernode-only")) return "It is --login-only or --supernode-only.";
    out.supernode = !line.has("login-only");
    out.login = !line.has("supernode-only");
    out.echo = !line.has("no-echo");
    for (const std::string& text : line.values("tcp-port")) {
        const auto port = numberOf(text, 1, 65535);
        if (!port) return "--tcp-port needs a number from 1 to 65535.";
        out.tcpPorts.push_back(static_cast<std::uint16_t>(*port));
    }
    if (line.has("listen")) return readListen(line.value("listen"), out);
    return std::nullopt;
}

}  // namespace

int runCommand(const Arguments& arguments) {
    CommandLine line;
    if (const auto wrong = CommandLine::parse(arguments, kOptions, line)) return complainAboutUse(*wrong, "run");
    RunOptions options;
    if (const auto wrong = optionsOf(line, options)) return complainAboutUse(*wrong, "run");

    Program program(DataFolder(line.value("data")), options);
    const Signals signals([] { QCoreApplication::quit(); }, [&program] { program.reload(); });
    if (!program.start()) return kFailed;
    return QCoreApplication::exec();
}

}  // namespace kith::app
