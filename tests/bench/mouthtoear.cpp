// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <sys/resource.h>
#include <unistd.h>
#include <chrono>
#include <cmath>
#include <complex>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <numbers>
#include <QCoreApplication>
#include <QEventLoop>
#include <QProcess>
#include <span>
#include <thread>

#include "media/devices/audiothread.h"
#include "media/devices/clock.h"
#include "media/srtp/session.h"
#include "protocol/threads/inbox.h"
#include "tests/support/sound/chirps.h"
#include "tests/support/sound/pulseserver.h"
#include "tests/support/sound/pulsestreams.h"

// How long sound takes from one microphone to the other end's speaker. Without arguments two ends in this process, with
// SRTP and no network between them, over a PulseAudio of its own; with three names (sink to play into, source of the
// mouth, source of the ear) whatever call is going on over the PulseAudio of PULSE_SERVER. With `first-sound SINK EAR
// COMMAND...` how long after COMMAND (that answers a call) what goes on at the mouth is heard at the ear, in ms.

using namespace kith;

namespace {

constexpr double kFrame = 10;       ///< ms until a frame is full
constexpr double kLookahead = 2.5;  ///< ms that Opus looks ahead

/// One end of a call as a program has it: an audio thread, a port, a session.
class End {
public:
    End(std::uint32_t ssrc, const std::string& microphone, const std::string& speaker, srtp::Session session)
        : m_sound([this] { m_inbox.post([this] { awake(); }); }), m_session(std::move(session)) {
        m_sound.chooseDevices(microphone, speaker);
        audio::VoiceSettings settings;
        settings.ssrc = ssrc;
        settings.name = "end";
        m_port = m_sound.openVoice(settings);
    }
    void connectTo(End& other) { m_other = &other; }
    [[nodiscard]] audio::VoiceStatistics statistics() const { return m_port->statistics(); }

private:
    void awake() {
        ByteArray<audio::kMaxPacket> buffer;
        while (const std::size_t size = m_port->takePacket(buffer))
            if (const auto sealed = m_session.protect(buffer, size); sealed && m_other != nullptr)
                m_other->arrived(ByteSpan(buffer).first(*sealed));
        std::vector<audio::SoundEvent> events;
        m_sound.takeEvents(events);
        for (const auto& event : events)
            if (const auto* input = std::get_if<audio::InputChanged>(&event))
                std::printf("microphone: %s\n", input->device.c_str());
            else if (const auto* output = std::get_if<audio::OutputChanged>(&event))
                std::printf("speaker: %s\n", output->device.c_str());
    }
    void arrived(ByteSpan packet) {
        if (const auto size = m_session.unprotect(packet)) m_port->packetIn(devices::steadyNow(), packet.first(*size));
    }

    threads::Inbox m_inbox;
    devices::AudioThread m_sound;
    srtp::Session m_session;
    std::unique_ptr<audio::VoicePort> m_port;
    End* m_other = nullptr;
};

srtp::MasterKey key(int number) {
    srtp::MasterKey out;
    out.key.fill(static_cast<std::byte>(number));
    return out;
}

void print(const char* what, const test::DelayReport& report) {
    std::printf("%-28s n %3d  median %6.1f ms  p5 %6.1f  p95 %6.1f  max %6.1f  clean/garbled/lost %d/%d/%d\n", what,
                report.clean, report.quantile(0.5), report.quantile(0.05), report.quantile(0.95), report.quantile(1.0),
                report.clean, report.garbled, report.lost);
    for (const double at : report.spoilt) std::printf("  spoilt: what was said at %.2f s\n", at);
}

/// Plays the chirps and compares; turns Qt's events meanwhile.
test::DelayReport measure(
    const std::string& sink, const std::string& mouth, const std::string& ear, int count,
    const std::function<void()>& atEnd = [] {}) {
    test::PulseRecorder atMouth(mouth, 5);
    test::PulseRecorder atEar(ear, 5);
    QEventLoop loop;
    std::thread player([&] {
        test::playInto(sink, test::makeChirps(count).sound);
        std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // the tail of the last one
        QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection);
    });
    loop.exec();
    player.join();
    atEnd();  // before the long comparison, during which nobody forwards packets
    const auto& mouthSound = atMouth.stop();
    const auto& earSound = atEar.stop();
    return test::compareChirps(mouthSound, atMouth.beginning(), earSound, atEar.beginning());
}

/// Seconds of processor time of this program, and its resident memory in MiB.
double processorSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double residentMemory() {
    std::ifstream statm("/proc/self/statm");
    double pages = 0;
    statm >> pages >> pages;
    return pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

int measureOwn(int count) {
    test::PulseServer server({QStringLiteral("mic_a"), QStringLiteral("mic_b")},
                             {QStringLiteral("spk_a"), QStringLiteral("spk_b")});
    if (!server.running()) {
        std::fprintf(stderr, "no PulseAudio: %s\n", qPrintable(server.failure()));
        return 1;
    }
    const int loop = server.load({QStringLiteral("module-loopback"), QStringLiteral("source=mic_a"),
                                  QStringLiteral("sink=spk_b"), QStringLiteral("latency_msec=5")});
    const auto floor = measure("mic_a_in", "mic_a_in.monitor", "spk_b.monitor", 10);
    print("floor (module-loopback 5 ms)", floor);
    server.unload(loop);

    const double memoryBefore = residentMemory();
    srtp::KeyLedger ledgerA;
    srtp::KeyLedger ledgerB;
    End a(1, "mic_a", "spk_a", *srtp::Session::open(ledgerA, key(1), key(2)));
    End b(2, "mic_b", "spk_b", *srtp::Session::open(ledgerB, key(2), key(1)));
    a.connectTo(b);
    b.connectTo(a);
    audio::VoiceStatistics statistics;
    const double processorBefore = processorSeconds();
    const Instant began = devices::steadyNow();
    double processor = 0;
    const auto report = measure("mic_a_in", "mic_a_in.monitor", "spk_b.monitor", count, [&] {
        statistics = b.statistics();
        const std::chrono::duration<double> took = devices::steadyNow() - began;
        processor = (processorSeconds() - processorBefore) / took.count();
    });
    print("two ends in one process", report);
    const double buffer = std::chrono::duration<double, std::milli>(statistics.playoutDelay).count();
    std::printf("  by stage: frame %.1f, Opus %.1f, jitter buffer %.1f (at the end), devices and threads %.1f ms\n",
                kFrame, kLookahead, buffer, report.quantile(0.5) - kFrame - kLookahead - buffer);
    std::printf(
        "  processor %.1f %% of a core for both ends, the recorders and the player; Qt Multimedia and two calls took "
        "%.0f MiB\n",
        processor * 100, residentMemory() - memoryBefore);
    std::printf(
        "  jitter buffer target %.1f ms, waiting %.1f ms; arrival jitter %.2f ms; lost %llu of %llu; made up %.2f %%\n",
        std::chrono::duration<double, std::milli>(statistics.targetDelay).count(),
        std::chrono::duration<double, std::milli>(statistics.bufferedDelay).count(),
        std::chrono::duration<double, std::milli>(statistics.arrivalJitter).count(),
        static_cast<unsigned long long>(statistics.packetsLost),
        static_cast<unsigned long long>(statistics.packetsReceived), statistics.concealed * 100);
    return 0;
}

constexpr double kTone = 3300;  ///< Hz; no ring tone is there
constexpr int kRate = 48'000;

test::Sound tone(double seconds) {
    test::Sound out;
    out.samples.resize(static_cast<std::size_t>(seconds * kRate));
    for (std::size_t i = 0; i < out.samples.size(); ++i)
        out.samples[i] =
            static_cast<float>(0.4 * std::sin(2 * std::numbers::pi * kTone * static_cast<double>(i) / kRate));
    return out;
}

/// Whether these samples are mostly the tone.
bool isTone(std::span<const float> samples) {
    std::complex<double> product = 0;
    double energy = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto sample = static_cast<double>(samples[i]);
        product += sample * std::polar(1.0, 2 * std::numbers::pi * kTone * static_cast<double>(i) / kRate);
        energy += sample * sample;
    }
    const auto count = static_cast<double>(samples.size());
    return energy / count > 1e-4 && 2 * std::norm(product) / count > 0.5 * energy;
}

int measureFirstSound(const std::string& sink, const std::string& ear, const QStringList& command) {
    constexpr double kWindow = 0.005;
    test::PulseRecorder atEar(ear, 5);
    std::thread player([&] { test::playInto(sink, tone(4)); });
    std::this_thread::sleep_for(std::chrono::milliseconds(800));  // the recorder knows its beginning, the tone is there
    const double asked = std::chrono::duration<double>(devices::steadyNow().time_since_epoch()).count();
    const int outcome = QProcess::execute(command.first(), command.mid(1));
    player.join();
    const test::Sound& heard = atEar.stop();
    const auto window = static_cast<std::size_t>(kWindow * kRate);
    for (std::size_t at = 0; outcome == 0 && at + window <= heard.samples.size(); at += window / 5) {
        const double when = atEar.beginning() + static_cast<double>(at + window) / kRate;
        if (when < asked || !isTone(std::span(heard.samples).subspan(at, window))) continue;
        std::printf("%.0f\n", (when - asked) * 1000);
        return 0;
    }
    std::fprintf(stderr, "nothing heard\n");
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    if (argc > 4 && app.arguments().at(1) == QLatin1String("first-sound"))
        return measureFirstSound(argv[2], argv[3], app.arguments().mid(4));
    const int count = argc == 2 ? std::atoi(argv[1]) : 40;
    if (argc != 4) return measureOwn(count);
    print("mouth to ear", measure(argv[1], argv[2], argv[3], count));
    return 0;
}
