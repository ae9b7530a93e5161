// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/devices/audiothread.h"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <QDir>
#include <QFile>
#include <QTest>
#include <QThread>

#include "media/devices/clock.h"
#include "media/devices/cueplayer.h"
#include "protocol/threads/inbox.h"
#include "tests/support/notpossiblehere.h"
#include "tests/support/sound/pulseserver.h"
#include "tests/support/sound/pulsestreams.h"
#include "tests/support/sound/speech.h"
#include "tests/support/sound/speechmatch.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace std::chrono_literals;
using audio::DeviceState;

namespace {

constexpr int kPatience = 15'000;  ///< ms

QString text(const char* latin) {
    return QString::fromLatin1(latin);
}

/// A client's sound on this thread: forwards the packets of its call to another one's.
class Client {
public:
    Client() : m_sound([this] { m_inbox.post([this] { awake(); }); }) {}

    audio::SoundSystem& sound() { return m_sound; }
    void call(std::uint32_t ssrc, Client* other) {
        audio::VoiceSettings settings;
        settings.ssrc = ssrc;
        m_port = m_sound.openVoice(settings);
        m_other = other;
    }
    void hangUp() { m_port.reset(); }
    audio::VoicePort& port() { return *m_port; }

    int packets = 0;
    audio::SoundDevices devices{};
    std::optional<audio::InputChanged> input{};
    std::optional<audio::OutputChanged> output{};

    [[nodiscard]] bool hasInput(const std::string& id) const { return has(devices.inputs, id); }
    [[nodiscard]] bool hasOutput(const std::string& id) const { return has(devices.outputs, id); }
    [[nodiscard]] std::string defaultOutput() const {
        for (const auto& device : devices.outputs)
            if (device.isDefault) return device.id;
        return {};
    }
    [[nodiscard]] bool uses(const std::string& in, const std::string& out) const {
        return input && output && input->state == DeviceState::Fine && output->state == DeviceState::Fine &&
               input->device == in && output->device == out;
    }

private:
    static bool has(const std::vector<audio::SoundDevice>& list, const std::string& id) {
        return std::any_of(list.begin(), list.end(), [&](const auto& device) { return device.id == id; });
    }
    void awake() {
        std::vector<audio::SoundEvent> events;
        m_sound.takeEvents(events);
        for (const auto& event : events) {
            if (const auto* changed = std::get_if<audio::DevicesChanged>(&event)) devices = changed->devices;
            if (const auto* changed = std::get_if<audio::InputChanged>(&event)) input = *changed;
            if (const auto* changed = std::get_if<audio::OutputChanged>(&event)) output = *changed;
        }
        if (!m_port) return;
        ByteArray<audio::kMaxPacket> buffer;
        while (const std::size_t size = m_port->takePacket(buffer)) {
            ++packets;
            if (m_other != nullptr && m_other->m_port)
                m_other->m_port->packetIn(devices::steadyNow(), ByteView(buffer).first(size));
        }
    }

    threads::Inbox m_inbox;
    devices::AudioThread m_sound;
    std::unique_ptr<audio::VoicePort> m_port;
    Client* m_other = nullptr;
};

double loudness(const test::Sound& sound, double from, double to) {
    double energy = 0;
    std::size_t count = 0;
    for (auto i = static_cast<std::size_t>(from * sound.rate);
         i < std::min(sound.samples.size(), static_cast<std::size_t>(to * sound.rate)); ++i, ++count)
        energy += static_cast<double>(sound.samples[i]) * static_cast<double>(sound.samples[i]);
    return count > 0 ? std::sqrt(energy / static_cast<double>(count)) : 0;
}

/// Runs something that blocks while this thread's events go on.
template <class Work>
void meanwhile(Work work) {
    QThread* thread = QThread::create(std::move(work));
    QEventLoop loop;
    QObject::connect(thread, &QThread::finished, &loop, &QEventLoop::quit);
    thread->start();
    loop.exec();
    delete thread;
}

}  // namespace

/// Over a PulseAudio of our own; Qt knows one server a process, so all of it is one story whose last part kills it.
class AudioThreadTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        m_server = std::make_unique<test::PulseServer>(QStringList{text("mic_a"), text("mic_b")},
                                                       QStringList{text("spk_a"), text("spk_b")});
        QVERIFY2(m_server->running(), qPrintable(text("PulseAudio is needed: ") + m_server->failure()));
    }

    void listsDevicesAndTheirComingAndGoing() {
        Client client;
        client.sound().watchDevices();
        QTRY_VERIFY_WITH_TIMEOUT(client.hasInput("mic_a") && client.hasInput("mic_b"), kPatience);
        QVERIFY(client.hasOutput("spk_a") && client.hasOutput("spk_b"));
        QTRY_COMPARE_WITH_TIMEOUT(client.defaultOutput(), std::string("spk_a"), kPatience);

        const int headset = m_server->addSpeaker(text("headset"));
        QVERIFY(headset >= 0);
        QTRY_VERIFY_WITH_TIMEOUT(client.hasOutput("headset"), kPatience);
        m_server->control({text("set-default-sink"), text("headset")});
        QTRY_COMPARE_WITH_TIMEOUT(client.defaultOutput(), std::string("headset"), kPatience);
        m_server->unload(headset);
        QTRY_VERIFY_WITH_TIMEOUT(!client.hasOutput("headset"), kPatience);
        m_server->control({text("set-default-sink"), text("spk_a")});
        QTRY_COMPARE_WITH_TIMEOUT(client.defaultOutput(), std::string("spk_a"), kPatience);
        QVERIFY(!client.input && !client.output);  // looking opens nothing
    }

    /// What Qt's own threads carry late is heard as late.
    void whatCarriesSoundIsAsPunctualAsWhatMakesIt() {
        Client client;
        client.sound().chooseDevices("mic_a", "spk_a");
        client.call(1, nullptr);
        QTRY_VERIFY_WITH_TIMEOUT(client.uses("mic_a", "spk_a"), kPatience);
        std::map<QString, QList<int>> policies;
        for (const QString& thread : QDir(text("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            QFile name(QStringLiteral("/proc/self/task/%1/comm").arg(thread));
            if (name.open(QIODevice::ReadOnly))
                policies[QString::fromLatin1(name.readAll().trimmed())] += sched_getscheduler(thread.toInt());
        }
        QCOMPARE(policies[text("audio")].size(), qsizetype{1});
        const int audio = policies[text("audio")].first();
        if (audio != SCHED_RR) KITH_NOT_POSSIBLE_HERE("real-time threads are not allowed here");
        QVERIFY(!policies[text("threaded-ml")].isEmpty());
        for (const int each : policies[text("threaded-ml")]) QCOMPARE(each, audio);
    }

    void speechCrossesACall() {
        Client a, b;
        a.sound().chooseDevices("mic_a", "spk_a");
        b.sound().chooseDevices("mic_b", "spk_b");
        a.call(1, &b);
        b.call(2, &a);
        QTRY_VERIFY_WITH_TIMEOUT(a.uses("mic_a", "spk_a") && b.uses("mic_b", "spk_b"), kPatience);
        const auto said = test::speak(text("Seven ships sail past the harbour while the lazy dog sleeps in the sun."));
        QVERIFY2(said.has_value(), "espeak-ng is needed");
        test::PulseRecorder ear("spk_b.monitor");
        test::PulseRecorder ownEar("spk_a.monitor");
        QVERIFY(ear.ok() && ownEar.ok());
        QTRY_VERIFY_WITH_TIMEOUT(a.port().statistics().heard && b.port().statistics().heard, kPatience);
        meanwhile([&] {
            test::playInto("mic_a_in", *said);
            QThread::msleep(300);  // what is under way
        });
        const auto verdict = test::matchSpeech(*said, ear.stop());
        QVERIFY2(verdict.matches(), verdict.text().c_str());
        QVERIFY(!test::matchSpeech(*said, ownEar.stop()).matches());  // nobody hears himself
        const auto statistics = b.port().statistics();
        QVERIFY(statistics.packetsReceived > 100);
        QTRY_VERIFY_WITH_TIMEOUT(b.port().statistics().roundTrip.has_value(), kPatience);
    }

    void aPulledMicrophoneMovesOnWithoutEndingTheCall() {
        const int extra = m_server->addMicrophone(text("usb_mic"));
        Client a, b;
        a.sound().chooseDevices("usb_mic", "spk_a");
        a.call(1, &b);
        b.call(2, &a);
        QTRY_VERIFY_WITH_TIMEOUT(a.uses("usb_mic", "spk_a"), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(a.packets > 20, kPatience);
        QVERIFY(m_server->unload(extra));
        QTRY_VERIFY_WITH_TIMEOUT(a.uses("mic_a", "spk_a"), kPatience);
        const int before = a.packets;
        QTRY_VERIFY_WITH_TIMEOUT(a.packets > before + 50, kPatience);
        // Plugged in again it is what was chosen.
        const int again = m_server->addMicrophone(text("usb_mic"));
        QTRY_VERIFY_WITH_TIMEOUT(a.uses("usb_mic", "spk_a"), kPatience);
        m_server->unload(again);
        QTRY_VERIFY_WITH_TIMEOUT(a.uses("mic_a", "spk_a"), kPatience);
    }

    void aPulledSpeakerMovesOnAndTheDefaultIsFollowed() {
        const int headset = m_server->addSpeaker(text("headset"));
        Client a, b;
        a.call(1, &b);
        b.call(2, &a);
        QTRY_VERIFY_WITH_TIMEOUT(a.uses("mic_a", "spk_a"), kPatience);
        m_server->control({text("set-default-sink"), text("headset")});
        QTRY_VERIFY_WITH_TIMEOUT(a.uses("mic_a", "headset"), kPatience);
        QVERIFY(m_server->unload(headset));
        m_server->control({text("set-default-sink"), text("spk_a")});
        QTRY_VERIFY_WITH_TIMEOUT(a.uses("mic_a", "spk_a"), kPatience);
        a.sound().chooseDevices("mic_b", "spk_b");
        QTRY_VERIFY_WITH_TIMEOUT(a.uses("mic_b", "spk_b"), kPatience);
        const int before = a.packets;
        QTRY_VERIFY_WITH_TIMEOUT(a.packets > before + 50, kPatience);
    }

    void cuesAreHeard() {
        Client client;
        client.sound().chooseDevices("", "spk_b");
        test::PulseRecorder ear("spk_b.monitor");
        client.sound().play(audio::Cue::Ring);
        QTRY_VERIFY_WITH_TIMEOUT(client.output && client.output->device == "spk_b", kPatience);
        QVERIFY(!client.input);  // nobody listens to a ringing phone
        meanwhile([] { QThread::msleep(1500); });
        client.sound().play(audio::Cue::None);
        meanwhile([] { QThread::msleep(700); });
        const auto& heard = ear.stop();
        QVERIFY(loudness(heard, 0, heard.seconds()) > 0.02);
        QCOMPARE(loudness(heard, heard.seconds() - 0.3, heard.seconds()), 0.0);
    }

    void theCuesAreThere() {
        for (const auto cue : {audio::Cue::Ring, audio::Cue::SoftRing, audio::Cue::Ringback, audio::Cue::HungUp}) {
            devices::CuePlayer player;
            player.play(cue);
            QVERIFY(player.playing());
            audio::Frame frame;
            int loudest = 0;
            for (int i = 0; i < 600; ++i) {
                player.pull(frame);
                for (const audio::Sample sample : frame) loudest = std::max(loudest, std::abs(int{sample}));
            }
            QVERIFY(loudest > 2000);
            QCOMPARE(player.playing(), cue != audio::Cue::HungUp);
        }
        QVERIFY(devices::readWave({}).empty());
        QVERIFY(devices::readWave(toBytes("RIFFxxxxWAVEfmt \xff\xff\xff\xff")).empty());
    }

    void startsAndStopsManyTimes() {
        const test::PulseRecorder awake("mic_a_in.monitor");  // an idle null sink takes seconds to come round
        for (int i = 0; i < 100; ++i) {
            Client client;
            client.sound().chooseDevices("mic_a", "spk_a");
            client.call(1, nullptr);
            if (i % 10 == 0) QTRY_VERIFY_WITH_TIMEOUT(client.packets > 0, kPatience);
            if (i % 3 == 0) client.hangUp();
        }
    }

    void twoCallsAreMixed() {
        Client a, b, c;
        a.sound().chooseDevices("mic_a", "spk_a");
        b.sound().chooseDevices("mic_b", "spk_b");
        c.sound().chooseDevices("mic_b", "spk_b");
        a.call(1, &b);
        b.call(2, &a);
        audio::VoiceSettings second;
        second.ssrc = 3;
        const auto port = a.sound().openVoice(second);
        c.call(4, nullptr);
        ByteArray<audio::kMaxPacket> buffer;
        int packets = 0;
        QTRY_VERIFY_WITH_TIMEOUT((packets += port->takePacket(buffer) > 0 ? 1 : 0) > 20, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(a.packets > 20 && c.packets > 20, kPatience);
    }

    /// The sound server dies in the middle of a call, and there is no device left: the call goes on by the clock.
    void withoutAnyDeviceACallIsStillACall() {
        Client a, b;
        a.call(1, &b);
        b.call(2, &a);
        QTRY_VERIFY_WITH_TIMEOUT(a.uses("mic_a", "spk_a"), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(a.packets > 20 && b.port().statistics().heard, kPatience);
        m_server->kill();
        QTRY_VERIFY_WITH_TIMEOUT(a.input->state == DeviceState::Absent && a.output->state == DeviceState::Absent,
                                 kPatience);
        const int before = a.packets;
        QTRY_VERIFY_WITH_TIMEOUT(a.packets > before + 100, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(b.port().statistics().packetsReceived > 100, kPatience);

        Client fresh;
        fresh.call(5, nullptr);
        QTRY_VERIFY_WITH_TIMEOUT(fresh.input && fresh.input->state != DeviceState::Fine && fresh.packets > 50,
                                 kPatience);
    }

private:
    std::unique_ptr<test::PulseServer> m_server;
};
KITH_TEST(AudioThreadTest);

#include "audiothread_test.moc"
