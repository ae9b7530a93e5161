// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/models/appearance.h"

#include <QFont>
#include <QGuiApplication>
#include <QLocale>
#include <QPalette>
#include <QQmlEngine>
#include <QQuickStyle>
#include <QTranslator>

#include "ui/models/iconprovider.h"

namespace kith::ui {

void prepare(QGuiApplication& application) {
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
