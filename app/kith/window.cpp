// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/kith/window.h"

#include <QtQml/qqmlextensionplugin.h>
#include <cstdio>
#include <QQmlApplicationEngine>
#include <QQuickWindow>

#include "app/host/signals.h"
#include "app/kith/client.h"
#include "app/kith/idlewatch.h"
#include "app/kith/ownnetwork.h"
#include "ui/models/appearance.h"
#include "ui/models/clientmodel.h"

Q_IMPORT_QML_PLUGIN(Kith_UiPlugin)

namespace kith::app {

namespace {

bool startsDark(const QString& scheme) {
    return scheme.isEmpty() ? ui::desktopIsDark() : scheme == QLatin1String("dark");
}

}  // namespace

int runWindow(QGuiApplication& application, const WindowOptions& options) {
    ui::prepare(application);
    Client client(options.data);
    if (const auto why = client.start()) {
        std::fprintf(stderr, "kith: %s\n", qPrintable(*why));
        return 1;
    }
    OwnNetwork network(options.data / "network");
    network.resume();
    ui::ClientModel model(client.port(), network);
    IdleWatch idle(application);
    QObject::connect(&idle, &IdleWatch::idleFor, model.presence(), &ui::PresenceModel::setIdle);

    QQmlApplicationEngine engine;
    ui::prepare(engine);
    engine.setInitialProperties({{QStringLiteral("client"), QVariant::fromValue(&model)},
                                 {QStringLiteral("link"), options.link},
                                 {QStringLiteral("systemDark"), startsDark(options.scheme)}});
    engine.load(QUrl(QStringLiteral("qrc:/qt/qml/Kith/Ui/Main.qml")));
    if (engine.rootObjects().isEmpty()) return 1;
    const Signals signals([&application] { application.quit(); }, [] {});
    return application.exec();
}

}  // namespace kith::app
