// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/models/appearance.h"

#include <QDir>
#include <QFont>
#include <QGuiApplication>
#include <QLocale>
#include <QPalette>
#include <QQmlEngine>
#include <QQuickStyle>
#include <QQuickWindow>
#include <QSGRendererInterface>
#include <QTranslator>

#include "ui/models/iconprovider.h"

namespace kith::ui {

namespace {

/// Mesa's emulation of OpenGL (llvmpipe) shows the same, but takes 60 MiB and doubles the time to the first frame.
void chooseRenderer() {
#ifdef Q_OS_LINUX
    for (const char* chosen : {"QT_QUICK_BACKEND", "QMLSCENE_DEVICE", "QSG_RHI_BACKEND"})
        if (qEnvironmentVariableIsSet(chosen)) return;
    if (qEnvironmentVariableIntValue("LIBGL_ALWAYS_SOFTWARE") == 0 && hasGraphicsCard()) return;
    QQuickWindow::setGraphicsApi(QSGRendererInterface::Software);
#endif
}

}  // namespace

bool hasGraphicsCard(const QString& devices) {
    const QDir folder(devices);
    // Any driver of the kernel that can render; NVIDIA's own; that of a Linux within Windows.
    return !QDir(folder.filePath(QStringLiteral("dri")))
                .entryList({QStringLiteral("renderD*")}, QDir::Files | QDir::System)
                .isEmpty() ||
           folder.exists(QStringLiteral("nvidiactl")) || folder.exists(QStringLiteral("dxg"));
}

void prepare(QGuiApplication& application) {
    chooseRenderer();
    QFont font = application.font();
    font.setFamilies({QStringLiteral("Noto Sans"), QStringLiteral("Noto Color Emoji")});
    font.setPixelSize(14);
    application.setFont(font);
    // Without a language the C locale writes times with seconds and dates as nobody does.
    if (QLocale().language() == QLocale::C) QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
    auto* translator = new QTranslator(&application);
    if (translator->load(QLocale(), QStringLiteral("kith"), QStringLiteral("_"), QStringLiteral(":/translations")) ||
        translator->load(QStringLiteral("kith_en"), QStringLiteral(":/translations")))
        application.installTranslator(translator);
    QQuickStyle::setStyle(QStringLiteral("Basic"));
}

void prepare(QQmlEngine& engine) {
    engine.addImportPath(QStringLiteral("qrc:/qt/qml"));
    engine.addImageProvider(QStringLiteral("icon"), new IconProvider);
}

bool desktopIsDark() {
    const QPalette palette = QGuiApplication::palette();
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

}  // namespace kith::ui
