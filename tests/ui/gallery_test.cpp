// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/gallery/scenes.h"

#include <QtQml/qqmlextensionplugin.h>
#include <QDir>
#include <QGuiApplication>
#include <QQmlApplicationEngine>
#include <QQuickItem>
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

/// The words of people, which may be longer than their place; those of the program may not.
bool isPeoplesWords(const QString& text) {
    for (const char* words : {"Chloé Dubois", "I'll send you the pictures", "Hi Alice, it's Erin", "On the train",
                              "· On the train", "In the garden", "Ask me anything", "Bartholomew", "bobinson.bart"})
        if (text.startsWith(QString::fromUtf8(words))) return true;
    return false;
}

bool isA(const QQuickItem& item, const char* type) {
    return QByteArray(item.metaObject()->className()).startsWith(QByteArray(type) + "_QML");
}

/// Looks at all that can be seen and says what doesn't fit.
class Fit {
public:
    explicit Fit(const QQuickWindow& window) : m_window(window.contentItem()->boundingRect()) {
        look(*window.contentItem(), false);
    }
    [[nodiscard]] const QStringList& misfits() const { return m_misfits; }
    [[nodiscard]] int seen() const { return m_seen; }

private:
    /// What lies in something that scrolls may be above or below the window, but not beside it.
    void look(const QQuickItem& item, bool scrolls) {
        if (!item.isVisible() || item.opacity() <= 0) return;
        const bool label = isA(item, "Label") && !item.property("text").toString().isEmpty();
        const bool button = isA(item, "Button");
        if (label || button || isA(item, "IconButton") || isA(item, "Field")) {
            ++m_seen;
            checkPlace(item, scrolls);
        }
        if (label) checkWords(item);
        if (button) checkFace(item);
        for (const QQuickItem* child : item.childItems()) look(*child, scrolls || item.inherits("QQuickFlickable"));
    }

    void checkPlace(const QQuickItem& item, bool scrolls) {
        QRectF place = item.mapRectToScene(item.boundingRect());
        if (scrolls) place = QRectF(place.x(), m_window.y(), place.width(), 1);
        constexpr double kRounding = 0.5;
        if (!m_window.adjusted(-kRounding, -kRounding, kRounding, kRounding).contains(place))
            complain(item, "is not wholly in the window");
    }
    void checkWords(const QQuickItem& label) {
        if (label.property("truncated").toBool() && !isPeoplesWords(label.property("text").toString()))
            complain(label, "is cut off");
    }
    void checkFace(const QQuickItem& button) {
        const auto* face = button.property("contentItem").value<QQuickItem*>();
        if (face && face->implicitWidth() > face->width() + 0.5) complain(button, "is too narrow for its words");
    }
    void complain(const QQuickItem& item, const char* what) {
        QString name = item.property("text").toString();
        if (name.isEmpty()) name = item.property("label").toString();
        const QRectF at = item.mapRectToScene(item.boundingRect());
        m_misfits += QStringLiteral("%1 \"%2\" at %3,%4 %5x%6 %7")
                         .arg(QLatin1String(item.metaObject()->className()), name)
                         .arg(at.x())
                         .arg(at.y())
                         .arg(at.width())
                         .arg(at.height())
                         .arg(QLatin1String(what));
    }

    QRectF m_window;
    QStringList m_misfits;
    int m_seen = 0;
};

}  // namespace

/// Draws every scene in light and dark and in three sizes; any warning of QML fails, and whatever lies outside the
/// window or is cut off. The pictures are kept beside the build for people to look at.
class GalleryTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { prepare(*qGuiApp); }

    void whoForgotThePasswordUsesTheRecoveryKey() {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        Window w;
        QVERIFY(w.window);
        w.window->resize(kSizes[0].width, kSizes[0].height);
        w.window->requestActivate();
        QVERIFY(QTest::qWaitForWindowActive(w.window));
        const auto press = [&](Qt::Key key, Qt::KeyboardModifier with = Qt::NoModifier) {
            QTest::keyClick(w.window, key, with);
        };
        const auto type = [&](const char* text) {
            for (const char* c = text; *c != 0; ++c) QTest::keyClick(w.window, *c);
        };
        // The field of the link has the keyboard; the ways to begin are before it, forgetting is after the button.
        press(Qt::Key_Backtab, Qt::ShiftModifier);
        press(Qt::Key_Right);
        press(Qt::Key_Right);
        press(Qt::Key_Tab);
        type("kith:join");
        press(Qt::Key_Return);
        type("alice");
        press(Qt::Key_Return);
        press(Qt::Key_Tab);
        press(Qt::Key_Tab);
        press(Qt::Key_Return);
        QCoreApplication::processEvents();
        const Fit fit(*w.window);
        QVERIFY2(fit.misfits().isEmpty(), qPrintable(fit.misfits().join(u'\n')));
        w.window->grabWindow().save(QCoreApplication::applicationDirPath() +
                                    QStringLiteral("/../gallery/welcome-forgotten.png"));
        type("abcd-efgh");
        press(Qt::Key_Return);
        type("a new horse");
        press(Qt::Key_Return);
        const auto* asked = std::get_if<kith::engine::RecoverAccount>(&w.port.asked().back().request);
        QVERIFY(asked);
        QCOMPARE(asked->link, std::string("kith:join"));
        QCOMPARE(asked->user, std::string("alice"));
        QCOMPARE(asked->recoveryKey, std::string("abcd-efgh"));
        QCOMPARE(asked->newPassword, std::string("a new horse"));
    }

    void presenceIsChosenByKeyboard_data() {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    void presenceIsChosenByKeyboard() {
        QFETCH(bool, dark);
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        Window w;
        QVERIFY(w.window);
        w.window->setProperty("systemDark", dark);
        w.window->resize(kSizes[1].width, kSizes[1].height);
        for (const Scene& scene : scenes())
            if (QByteArrayView(scene.name) == "presence-online") scene.play(w.port, w.client);
        w.window->requestActivate();
        QVERIFY(QTest::qWaitForWindowActive(w.window));
        const auto keep = [&](const char* name) {
            QCoreApplication::processEvents();
            const QString folder = QCoreApplication::applicationDirPath() + QStringLiteral("/../gallery");
            QVERIFY(QDir().mkpath(folder));
            w.window->grabWindow().save(QStringLiteral("%1/%2-%3.png")
                                            .arg(folder, QLatin1String(name), QLatin1String(QTest::currentDataTag())));
            const Fit fit(*w.window);
            QVERIFY2(fit.misfits().isEmpty(), qPrintable(fit.misfits().join(u'\n')));
        };
        const auto choose = [&](const char* object, int down) {
            auto* button = w.window->findChild<QQuickItem*>(QLatin1String(object));
            QVERIFY(button);
            button->forceActiveFocus(Qt::TabFocusReason);
            QTest::keyClick(w.window, Qt::Key_Return);
            for (int i = 0; i < down; ++i) QTest::keyClick(w.window, Qt::Key_Down);
        };
        choose("presenceButton", 2);
        keep("presence-menu");
        QTest::keyClick(w.window, Qt::Key_Return);
        const auto* chosen = std::get_if<kith::engine::SetPresence>(&w.port.asked().back().request);
        QVERIFY(chosen && chosen->presence == kith::engine::Presence::OpenToCalls && !chosen->mood);

        auto* mood = w.window->findChild<QQuickItem*>(QStringLiteral("moodField"));
        QVERIFY(mood);
        mood->forceActiveFocus(Qt::TabFocusReason);
        QTest::keyClick(w.window, Qt::Key_A, Qt::ControlModifier);
        for (const char c : {'T', 'e', 'a'}) QTest::keyClick(w.window, c);
        QTest::keyClick(w.window, Qt::Key_Return);
        const auto* written = std::get_if<kith::engine::SetPresence>(&w.port.asked().back().request);
        QVERIFY(written && written->mood == "Tea" && !written->presence);

        choose("personMenuButton", 2);
        keep("person-menu");
        QTest::keyClick(w.window, Qt::Key_Return);
        keep("view-dialog");
        QTest::keyClick(w.window, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(w.window, Qt::Key_Delete);
        QTest::keyClick(w.window, Qt::Key_Tab);
        QTest::keyClick(w.window, Qt::Key_Return);
        const auto* view = std::get_if<kith::engine::SetPresenceFor>(&w.port.asked().back().request);
        QVERIFY(view && view->user.text() == "bob" && !view->mood);
        QVERIFY(view->presence == kith::engine::Presence::OpenToCalls);
    }

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

        const Fit fit(*w.window);
        QVERIFY(fit.seen() > 1);
        QVERIFY2(fit.misfits().isEmpty(), qPrintable(fit.misfits().join(u'\n')));
    }
};

KITH_TEST(GalleryTest);
#include "gallery_test.moc"
