// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>
#include <QTest>

#include "tests/support/screen.h"
#include "tests/support/sound/pulseserver.h"
#include "tests/support/testmain.h"

using namespace kith::test;
using namespace Qt::StringLiterals;

namespace {

/// A person's Kith on the screen, in its place.
class Window {
public:
    Window(const Screen& screen, const QString& name, const QString& folder, const QRect& place)
        : m_screen(screen), m_place(place) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"DISPLAY"_s, screen.display());
        environment.insert(u"QT_QPA_PLATFORM"_s, u"xcb"_s);
        environment.insert(u"QT_QUICK_BACKEND"_s, u"software"_s);
        environment.insert(u"XDG_RUNTIME_DIR"_s, folder);
        environment.insert(u"LANG"_s, u"C.UTF-8"_s);
        m_process.setProcessEnvironment(environment);
        m_process.setProcessChannelMode(QProcess::ForwardedChannels);
        m_process.start(QStringLiteral(KITH_PROGRAM), {u"--scheme"_s, u"light"_s, u"--data"_s, folder + u'/' + name});
    }
    ~Window() {
        m_process.terminate();
        if (!m_process.waitForFinished(10'000)) m_process.kill();
        m_process.waitForFinished(1000);
    }

    [[nodiscard]] bool move(const QString& title) const { return m_screen.place(title, m_place); }
    [[nodiscard]] bool sees(const QString& words) const { return m_screen.waitFor(words, m_place).has_value(); }
    [[nodiscard]] bool click(const QString& words) const { return m_screen.click(words, m_place); }
    /// Clicks into the field below its name and fills it.
    [[nodiscard]] bool fill(const QString& name, const QString& text) const {
        constexpr int kFieldBelowName = 32;
        if (!m_screen.click(name, m_place, kFieldBelowName)) return false;
        m_screen.key(u"ctrl+a"_s);
        m_screen.type(text);
        return true;
    }
    [[nodiscard]] QRect place() const { return m_place; }

private:
    const Screen& m_screen;
    QRect m_place;
    QProcess m_process;
};

}  // namespace

/// Two people at one screen, by what they see: from nothing to an answered call.
class WindowTest : public QObject {
    Q_OBJECT

private slots:
    void cleanup() {
        if (m_screen && QTest::currentTestFailed()) m_screen->save(pictures() + u"failed.png"_s);
        m_bob.reset();
        m_alice.reset();
        m_screen.reset();
    }

    void fromSigningUpToAnAnsweredCall() {
        PulseServer sound({u"mic"_s}, {u"speaker"_s});
        QVERIFY2(sound.running(), qPrintable(sound.failure()));
        const Screen& screen = m_screen.emplace(QSize(1420, 780));
        QVERIFY(screen.isUp());
        QTemporaryDir folder;
        const QString shots = pictures();

        // Alice starts a network and has an account.
        const Window& alice = m_alice.emplace(screen, u"alice"_s, folder.path(), QRect(0, 0, 705, 760));
        QVERIFY(alice.move(u"Kith"_s));
        QVERIFY(alice.click(u"New network"_s));
        QVERIFY(alice.fill(u"Name of the network"_s, u"Family"_s));
        QVERIFY(alice.fill(u"User name"_s, u"alice"_s));
        QVERIFY(alice.fill(u"Password"_s, u"correct horse battery"_s));
        screen.save(shots + u"1-new-network.png"_s);
        screen.key(u"Return"_s);
        QVERIFY(alice.sees(u"Your recovery key"_s));
        screen.save(shots + u"2-recovery-key.png"_s);
        QVERIFY(alice.click(u"have written it down"_s));
        QVERIFY(alice.sees(u"Find people"_s));

        // She copies an invitation, and Bob pastes it; he signs up without a mouse.
        screen.key(u"ctrl+comma"_s);
        QVERIFY(alice.click(u"Invite somebody to this network"_s));
        QVERIFY(alice.sees(u"Send this link to one person"_s));
        screen.save(shots + u"3-invitation.png"_s);
        QVERIFY(alice.click(u"Copy link"_s));

        const Window& bob = m_bob.emplace(screen, u"bob"_s, folder.path(), QRect(710, 0, 705, 760));
        QVERIFY(bob.move(u"^Kith$"_s));
        QVERIFY(bob.sees(u"Network link"_s));
        screen.key(u"ctrl+v"_s);
        screen.key(u"Tab"_s);
        screen.type(u"bob"_s);
        screen.key(u"Tab"_s);
        screen.key(u"Return"_s);
        screen.type(u"another long password"_s);
        screen.key(u"Return"_s);
        QVERIFY(bob.sees(u"have written it down"_s));
        screen.key(u"Return"_s);
        QVERIFY(bob.sees(u"Find people"_s));

        QVERIFY(alice.sees(u"Find people"_s));

        // Bob finds Alice and asks; she accepts.
        QVERIFY(bob.click(u"Find people"_s));
        screen.type(u"alice"_s);
        QVERIFY(bob.click(u"Add"_s));
        QVERIFY(bob.sees(u"A few words"_s));
        screen.type(u"It is Bob"_s);
        QVERIFY(bob.click(u"Send request"_s));
        QVERIFY(alice.sees(u"would like to add you"_s));
        screen.save(shots + u"4-request.png"_s);
        QVERIFY(alice.click(u"Accept"_s));

        // He writes, she calls, he answers by keyboard, she hangs up.
        QVERIFY(bob.click(u"alice"_s));
        QVERIFY(bob.click(u"Write a message"_s));
        screen.type(u"Shall we talk?"_s);
        screen.key(u"Return"_s);
        QVERIFY(alice.click(u"bob"_s));
        QVERIFY(alice.sees(u"Shall we talk"_s));
        screen.save(shots + u"5-conversation.png"_s);
        screen.key(u"ctrl+shift+c"_s);
        QVERIFY(bob.sees(u"is calling"_s));
        screen.save(shots + u"6-ringing.png"_s);
        QVERIFY(screen.focus(u"^bob"_s));
        screen.key(u"ctrl+shift+a"_s);
        QVERIFY(alice.sees(u"Hang up"_s));
        QVERIFY(bob.sees(u"Hang up"_s));
        QVERIFY(alice.sees(u"round trip"_s));
        screen.save(shots + u"7-talking.png"_s);
        QVERIFY(alice.click(u"Hang up"_s));
        QVERIFY(screen.waitUntilGone(u"Hang up"_s, bob.place()));
        QVERIFY(bob.sees(u"Call ended"_s));
    }

private:
    static QString pictures() { return QCoreApplication::applicationDirPath() + u"/../window/"_s; }

    std::optional<Screen> m_screen;
    std::optional<Window> m_alice;
    std::optional<Window> m_bob;
};

KITH_TEST(WindowTest);
#include "window_test.moc"
