// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <chrono>
#include <QElapsedTimer>
#include <QFile>
#include <QSemaphore>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include "media/devices/audiothread.h"
#include "media/devices/audioworker.h"
#include "media/devices/clock.h"
#include "protocol/threads/inbox.h"
#include "tests/support/sound/pulseserver.h"
#include "tests/support/sound/pulsestreams.h"
#include "tests/support/sound/stallingproxy.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace std::chrono_literals;
using audio::DeviceState;
using devices::AudioWorker;
using Mode = test::StallingProxy::Mode;

namespace {

constexpr int kPatience = 40'000;  ///< ms

/// A client with one call to nobody, which looks after its ports as the engine does.
class Client {
public:
    Client() : m_sound([this] { m_inbox.post([this] { awake(); }); }) {
        m_sound.chooseDevices("mic", "spk");
        m_timer.callOnTimeout([this] {
            if (m_port && m_port->nextWake() <= devices::steadyNow()) m_port->wake(devices::steadyNow());
        });
        m_timer.start(100ms);
    }

    void call() { m_port = m_sound.openVoice({}); }
    void hangUp() { m_port.reset(); }
    [[nodiscard]] bool hasSound() const { return isFine(input) && isFine(output); }

    int packets = 0;
    std::optional<DeviceState> input{};
    std::optional<DeviceState> output{};

private:
    static bool isFine(const std::optional<DeviceState>& state) { return state == DeviceState::Fine; }
    void awake() {
        std::vector<audio::SoundEvent> events;
        m_sound.takeEvents(events);
        for (const auto& event : events) {
            if (const auto* changed = std::get_if<audio::InputChanged>(&event)) input = changed->state;
            if (const auto* changed = std::get_if<audio::OutputChanged>(&event)) output = changed->state;
        }
        ByteArray<audio::kMaxPacket> buffer;
        while (m_port && m_port->takePacket(buffer) > 0) ++packets;
    }

    threads::Inbox m_inbox;
    QTimer m_timer;
    devices::AudioThread m_sound;
    std::unique_ptr<audio::VoicePort> m_port;
};

}  // namespace

/// A sound server that stops answering takes no call with it, and nobody waits for it for ever. One story: Qt knows one
/// server a process.
class HangingServerTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        m_server =
            std::make_unique<test::PulseServer>(QStringList{QStringLiteral("mic")}, QStringList{QStringLiteral("spk")});
        QVERIFY2(m_server->running(), qPrintable(QStringLiteral("PulseAudio is needed: ") + m_server->failure()));
        QFile settings(m_folder.filePath(QStringLiteral("client.conf")));
        QVERIFY(settings.open(QIODevice::WriteOnly) && settings.write(test::StallingProxy::settings()) > 0);
        settings.close();
        qputenv("PULSE_CLIENTCONFIG", settings.fileName().toUtf8());
        const QString own = m_folder.filePath(QStringLiteral("proxy"));
        m_proxy = std::make_unique<test::StallingProxy>(own.toStdString(), m_server->address().mid(5).toStdString());
        qputenv("PULSE_SERVER", (QStringLiteral("unix:") + own).toUtf8());
    }

    /// Stopped before it was ever asked: Qt isn't let near it, and the call goes on without.
    void aServerThatNeverAnswersCostsOnlyTheSound() {
        m_proxy->set(Mode::Hold);
        Client client;
        client.call();
        QTRY_VERIFY_WITH_TIMEOUT(client.packets > 100, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(client.input == DeviceState::Failed && client.output == DeviceState::Failed,
                                 kPatience);
        m_proxy->set(Mode::Pass);
        QTRY_VERIFY_WITH_TIMEOUT(client.hasSound(), kPatience);
        QCOMPARE(AudioWorker::leftBehind(), std::size_t{0});
    }

    void aServerThatStopsInACallCostsOnlyTheSound() {
        Client client;
        client.call();
        QTRY_VERIFY_WITH_TIMEOUT(client.hasSound() && client.packets > 50, kPatience);
        m_proxy->set(Mode::Hold);
        QTRY_VERIFY_WITH_TIMEOUT(client.input == DeviceState::Failed && client.output == DeviceState::Failed,
                                 kPatience);
        const int before = client.packets;
        QTRY_VERIFY_WITH_TIMEOUT(client.packets > before + 100, kPatience);
        m_proxy->set(Mode::Pass);
        QTRY_VERIFY_WITH_TIMEOUT(client.hasSound(), kPatience);
        QCOMPARE(AudioWorker::leftBehind(), std::size_t{0});
    }

    /// Qt waits for the stream: the thread hangs, the call goes on in another one.
    void aThreadThatHangsIsReplaced() {
        m_proxy->set(Mode::HoldAtStreams);
        Client client;
        client.call();
        QTRY_VERIFY_WITH_TIMEOUT(m_proxy->caught(), kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(AudioWorker::leftBehind(), std::size_t{1}, kPatience);
        QVERIFY(devices::AudioThread::someHang());
        const int before = client.packets;
        QTRY_VERIFY_WITH_TIMEOUT(client.packets > before + 100, kPatience);

        m_proxy->set(Mode::Pass);
        QTRY_VERIFY_WITH_TIMEOUT(client.hasSound(), kPatience);
        // The other one comes back to nothing, gives its devices back and ends.
        QTRY_COMPARE_WITH_TIMEOUT(AudioWorker::leftBehind(), std::size_t{0}, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(
            m_server->control({QStringLiteral("list"), QStringLiteral("short"), QStringLiteral("source-outputs")})
                .count(QLatin1Char('\n')),
            qsizetype{2}, kPatience);  // the call's, and the remapped microphone's own
    }

    void nobodyWaitsLongForAThreadThatHangs() {
        m_proxy->set(Mode::HoldAtStreams);
        QElapsedTimer took;
        {
            Client client;
            client.call();
            QTRY_VERIFY_WITH_TIMEOUT(m_proxy->caught(), kPatience);
            took.start();
        }
        QVERIFY2(took.elapsed() < 4000, qPrintable(QString::number(took.elapsed())));
        QVERIFY(devices::AudioThread::someHang());
        m_proxy->set(Mode::Pass);
        QTRY_VERIFY_WITH_TIMEOUT(!devices::AudioThread::someHang(), kPatience);
    }

    void aThreadIsStuckOnlyWhileItDoesNothing() {
        auto worker = std::make_unique<AudioWorker>(std::make_shared<devices::Outlet>([] {}));
        QSemaphore began, goOn;
        const Instant start{1h};
        QCOMPARE(worker->stuckFor(start), Duration{});
        worker->order(start, [&](devices::AudioLoop&) {
            began.release();
            goOn.acquire();
        });
        worker->order(start + 1s, [](devices::AudioLoop&) {});
        began.acquire();
        QVERIFY(!worker->isIdle());
        QCOMPARE(worker->stuckFor(start + 3s), Duration(3s));
        goOn.release();
        QTRY_VERIFY(worker->isIdle());
        QCOMPARE(worker->stuckFor(start + 4s), Duration{});
        AudioWorker::letGo(std::move(worker), 30s);
        QVERIFY(!devices::AudioThread::someHang());
    }

    void callsAreTakenAwayOnlyBetweenTurns() {
        devices::Custody custody;
        {
            const devices::Custody::Turn turn(custody);
            QVERIFY(bool(turn));
            QVERIFY(!custody.revoke());
        }
        QVERIFY(custody.revoke());
        QVERIFY(custody.revoked() && custody.revoke());
        const devices::Custody::Turn late(custody);
        QVERIFY(!late);
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<test::PulseServer> m_server;
    std::unique_ptr<test::StallingProxy> m_proxy;
};
KITH_TEST(HangingServerTest);

#include "hangingserver_test.moc"
