// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/gallery/scenes.h"

#include <QtQml/qqmlextensionplugin.h>
#include <QDir>
#include <QGuiApplication>
#include <QQmlApplicationEngine>
#include <QQuickWindow>
#include <QSignalSpy>
#include <QTest>

#include "tests/support/testmain.h"
#include "ui/models/appearance.h"

Q_IMPORT_QML_PLUGIN(Kith_UiPlugin)

using namespace kith::ui;

namespace {

struct Window {
    Window() {
        prepare(engine);
        engine.setInitialProperties({{QStringLiteral("client"), QVariant::fromValue(&client)}});
        engine.load(QUrl(QStringLiteral("qrc:/qt/qml/Kith/Ui/Main.qml")));
        if (!engine.rootObjects().isEmpty()) window = qobject_cast<QQuickWindow*>(engine.rootObjects().first());
    }

    ScriptedPort port;
    ScriptedStarter starter;
    ClientModel client{port, starter};
    QQmlApplicationEngine engine;
    QQuickWindow* window = nullptr;
};

struct Size {
    const char* name;
    int width;
    int height;
};
constexpr Size kSizes[] = {{"narrow", 360, 640}, {"normal", 1000, 680}, {"wide", 1600, 900}};

}  // namespace

/// Draws every scene in light and dark and in three sizes; any warning of QML fails. The pictures are kept beside the
/// build for people to look at.
class GalleryTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { prepare(*qGuiApp); }

    void everySceneIsDrawnWithoutComplaint_data() {
        QTest::addColumn<int>("scene");
        QTest::addColumn<bool>("dark");
        QTest::addColumn<int>("size");
        for (std::size_t scene = 0; scene < scenes().size(); ++scene)
            for (const bool dark : {false, true})
                for (int size = 0; size < 3; ++size)
                    QTest::addRow("%s-%s-%s", scenes()[scene].name, dark ? "dark" : "light", kSizes[size].name)
                        << static_cast<int>(scene) << dark << size;
    }

    void everySceneIsDrawnWithoutComplaint() {
        QFETCH(int, scene);
        QFETCH(bool, dark);
        QFETCH(int, size);
        // What a scene may not cause: any message at all.
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));

        Window w;
        QVERIFY(w.window);
        w.window->setProperty("systemDark", dark);
        w.window->resize(kSizes[size].width, kSizes[size].height);
        scenes()[static_cast<std::size_t>(scene)].play(w.port, w.client);
        QVERIFY(QTest::qWaitForWindowExposed(w.window));
        QCoreApplication::processEvents();
        QSignalSpy drawn(w.window, &QQuickWindow::afterRendering);
        w.window->update();
        QTRY_VERIFY(drawn.count() > 0);
        const QImage picture = w.window->grabWindow();
        QVERIFY(!picture.isNull());

        const QString folder = QCoreApplication::applicationDirPath() + QStringLiteral("/../gallery");
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(picture.save(QStringLiteral("%1/%2.png").arg(folder, QLatin1String(QTest::currentDataTag()))));
    }
};

KITH_TEST(GalleryTest);
#include "gallery_test.moc"
