// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/kith/headless.h"

#include <cstdio>
#include <QCoreApplication>

#include "app/host/signals.h"
#include "app/kith/client.h"

namespace kith::app {

int runHeadless(const std::filesystem::path& data) {
    Client client(data);
    if (const auto why = client.start()) {
        std::fprintf(stderr, "kith: %s\n", qPrintable(*why));
        return 1;
    }
    const Signals signals([] { QCoreApplication::quit(); }, [] {});
    return QCoreApplication::exec();
}

}  // namespace kith::app
