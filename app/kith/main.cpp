// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <QCommandLineParser>
#include <QGuiApplication>

#include "app/kith/client.h"
#include "app/kith/headless.h"
#include "app/kith/window.h"
#include "media/devices/audiothread.h"

using namespace kith::app;

namespace {

struct CommandLine {
    QCommandLineOption headless{QStringLiteral("headless"), QStringLiteral("Run without a window; see kithctl.")};
    QCommandLineOption data{QStringLiteral("data"), QStringLiteral("Keep everything in this folder."),
                            QStringLiteral("DIR")};
    QCommandLineOption scheme{QStringLiteral("scheme"),
                              QStringLiteral("\"light\" or \"dark\"; as the desktop if not given."),
                              QStringLiteral("SCHEME")};

    void parse(QCommandLineParser& parser) const {
        parser.setApplicationDescription(QStringLiteral("Calls and messages on a network of your own."));
        parser.addHelpOption();
        parser.addVersionOption();
        parser.addOptions({headless, data, scheme});
        parser.addPositionalArgument(QStringLiteral("LINK"), QStringLiteral("A kith: link to join a network by."),
                                     QStringLiteral("[LINK]"));
        parser.process(*QCoreApplication::instance());
    }
};

int run(QGuiApplication* window) {
    QCoreApplication::setApplicationName(QStringLiteral("kith"));
    QCoreApplication::setApplicationVersion(QStringLiteral(KITH_VERSION));
    const CommandLine line;
    QCommandLineParser parser;
    line.parse(parser);
    const std::filesystem::path data =
        parser.isSet(line.data) ? std::filesystem::absolute(parser.value(line.data).toStdString()) : usualDataFolder();
    if (!window) return runHeadless(data);
    return runWindow(*window, {data, parser.positionalArguments().value(0), parser.value(line.scheme)});
}

/// The end of main(). A thread that hangs in the computer's sound would keep exit() from ever coming back.
int ended(int code) {
    if (!kith::devices::AudioThread::someHang()) return code;
    std::fflush(nullptr);
    std::_Exit(code);
}

bool opensNoWindow(const char* argument) {
    constexpr std::array kWithout{"--headless", "--help", "-h", "--version", "-v"};
    return std::ranges::any_of(kWithout, [&](const char* each) { return std::strcmp(argument, each) == 0; });
}

}  // namespace

int main(int argc, char** argv) {
    // Without a window there need be no display, so this is known before anything of Qt is made.
    if (std::any_of(argv + 1, argv + argc, opensNoWindow)) {
        const QCoreApplication application(argc, argv);
        return ended(run(nullptr));
    }
    QGuiApplication application(argc, argv);
    return ended(run(&application));
}
