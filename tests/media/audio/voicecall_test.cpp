// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/audio/voicecall.h"

#include <rapidcheck.h>

#include <cmath>
#include <deque>
#include <numbers>
#include <QTest>
#include <random>

#include "media/audio/echosound.h"
#include "media/rtp/rtcp.h"
#include "tests/media/audio/allocations.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace std::chrono_literals;
using audio::Frame;
using audio::Sample;

namespace {

constexpr Instant kStart{1000s};

audio::VoiceSettings settings(std::uint32_t ssrc) {
    audio::VoiceSettings out;
    out.ssrc = ssrc;
    out.firstSequence = 32'700;
    out.firstTimestamp = 0xFFFF'FF00U;
    out.name = "random";
    return out;
}

/// Keeps what is sent, without the heap.
struct Outbox final : audio::PacketSink {
    struct Entry {
        std::array<std::byte, audio::kMaxPacket> bytes;
        std::size_t size;
        [[nodiscard]] ByteView view() const { return ByteView(bytes).first(size); }
    };
    std::array<Entry, 4> entries{};
    std::size_t count = 0;
    void send(ByteView packet) override {
        std::copy(packet.begin(), packet.end(), entries[count].bytes.begin());
        entries[count++].size = packet.size();
    }
};

/// Two ends and a line in virtual time. The line takes the same time for all packets and loses some.
class TwoEnds {
public:
    explicit TwoEnds(Duration delay = 30ms, int lossPercent = 0) : m_delay(delay), m_loss(lossPercent) {}

    /// Ten milliseconds; each end's microphone hears its tone.
    void turn() {
        speak(a, 440, m_toB);
        speak(b, 1000, m_toA);
        deliver(m_toA, a);
        deliver(m_toB, b);
        a.playback(now, heardByA);
        b.playback(now, heardByB);
        now += 10ms;
        ++m_number;
    }
    void run(Duration time) {
        for (const Instant end = now + time; now < end;) turn();
    }

    Instant now = kStart;
    audio::VoiceCall a{settings(1), kStart};
    audio::VoiceCall b{settings(2), kStart};
    Frame heardByA{};
    Frame heardByB{};
    bool recordPackets = false;
    std::vector<Bytes> sentByA;

private:
    using Line = std::deque<std::pair<Instant, Bytes>>;

    void speak(audio::VoiceCall& call, double hertz, Line& line) {
        Frame frame;
        for (std::size_t i = 0; i < frame.size(); ++i)
            frame[i] = static_cast<Sample>(
                8000 * std::sin(2 * std::numbers::pi * hertz * (m_number * 480.0 + static_cast<double>(i)) / 48'000));
        Outbox out;
        call.capture(now, frame, out);
        for (std::size_t i = 0; i < out.count; ++i) {
            if (recordPackets && &call == &a) sentByA.push_back(toBytes(out.entries[i].view()));
            if (static_cast<int>(m_random() % 100) >= m_loss)
                line.emplace_back(now + m_delay, toBytes(out.entries[i].view()));
        }
    }
    void deliver(Line& line, audio::VoiceCall& call) {
        for (; !line.empty() && line.front().first <= now; line.pop_front())
            call.packetIn(line.front().first, line.front().second);
    }

    Duration m_delay;
    int m_loss;
    int m_number = 0;
    Line m_toA, m_toB;
    std::mt19937 m_random{5};
};

double loudness(audio::SampleView sound) {
    double energy = 0;
    for (const Sample sample : sound) energy += static_cast<double>(sample) * sample;
    return std::sqrt(energy / static_cast<double>(sound.size()));
}

}  // namespace

class VoiceCallTest : public QObject {
    Q_OBJECT
private slots:
    void bothHearEachOther() {
        TwoEnds call;
        call.run(2s);
        QVERIFY(std::abs(loudness(call.heardByA) - 5657) < 600);
        QVERIFY(std::abs(loudness(call.heardByB) - 5657) < 600);
        const auto statistics = call.b.statistics();
        QVERIFY(statistics.heard);
        QVERIFY(statistics.packetsReceived > 190);
        QCOMPARE(statistics.packetsLost, std::uint64_t{0});
        QCOMPARE(statistics.concealed, 0.0);
        QCOMPARE(statistics.targetDelay, Duration(5ms));
    }

    void theFirstSoundComesWithinTwoFrames() {
        TwoEnds call(0ms);
        int turns = 0;
        while (loudness(call.heardByB) < 500 && turns < 20) {
            call.turn();
            ++turns;
        }
        QVERIFY2(turns <= 3, qPrintable(QString::number(turns)));
    }

    void roundTripAndLossAreMeasured() {
        TwoEnds call(40ms, 10);
        call.run(8s);
        const auto statistics = call.a.statistics();
        QVERIFY(statistics.roundTrip.has_value());
        // Reports wait for the turn that sends them, up to 10 ms; the other end tells how long it kept them.
        QVERIFY(*statistics.roundTrip >= 79ms && *statistics.roundTrip <= 101ms);
        QVERIFY(std::abs(statistics.loss - 0.1) < 0.06);
        QVERIFY(std::abs(statistics.lossOverThere - 0.1) < 0.09);
        QVERIFY(std::abs(statistics.concealed - statistics.loss) < 0.04);
    }

    void statisticsForgetAfterFiveSeconds() {
        TwoEnds bad(30ms, 0);
        bad.run(3s);
        Outbox out;
        // Half a second of which nothing arrives.
        for (int i = 0; i < 50; ++i) {
            bad.now += 10ms;
            bad.b.playback(bad.now, bad.heardByB);
            bad.b.capture(bad.now, Frame{}, out);
            out.count = 0;
        }
        QVERIFY(bad.b.statistics().concealed > 0.05);
        bad.run(8s);
        QCOMPARE(bad.b.statistics().concealed, 0.0);
    }

    void aSteadySoundThatBreaksOffFades() {
        TwoEnds call;
        call.run(1s);
        std::vector<double> loud;
        for (int i = 0; i < 40; ++i) {
            call.b.playback(call.now, call.heardByB);
            call.now += 10ms;
            loud.push_back(loudness(call.heardByB));
        }
        QVERIFY(loud[2] > 2000);  // a frame or two are made up as if nothing had happened
        QVERIFY(loud[25] < 5);    // a quarter of a second isn't
        call.run(500ms);
        QVERIFY(loudness(call.heardByB) > 5000);
    }

    void muteIsHeardAsSilenceAndPacketsGoOn() {
        TwoEnds call;
        call.run(1s);
        call.a.setMuted(true);
        call.run(500ms);
        QVERIFY(loudness(call.heardByB) < 5);
        const auto before = call.a.statistics().packetsSent;
        call.run(1s);
        QCOMPARE(call.a.statistics().packetsSent - before, std::uint64_t{100});
        QVERIFY(call.a.statistics().inputLevel > 0.5);  // for "you are muted" when somebody speaks
        call.a.setMuted(false);
        call.run(500ms);
        QVERIFY(loudness(call.heardByB) > 5000);
    }

    void muteMakesNoClick() {
        TwoEnds call;
        call.run(1s);
        int most = 0;
        Sample before = call.heardByB.back();
        for (int i = 0; i < 40; ++i) {
            if (i == 5) call.a.setMuted(true);
            if (i == 25) call.a.setMuted(false);
            call.turn();
            for (const Sample sample : call.heardByB) {
                most = std::max(most, std::abs(sample - before));
                before = sample;
            }
        }
        QVERIFY2(most < 1200, qPrintable(QString::number(most)));  // 440 Hz at 8000 itself moves by 460
    }

    void holdIsSilentBothWaysAndStillAlive() {
        TwoEnds call;
        call.run(1s);
        call.a.setHeld(true);
        call.run(3s);
        QCOMPARE(loudness(call.heardByA), 0.0);
        QVERIFY(loudness(call.heardByB) < 30);
        const auto before = call.a.statistics();
        call.recordPackets = true;
        call.run(5s);
        QCOMPARE(call.a.statistics().packetsSent, before.packetsSent);
        QVERIFY(call.sentByA.size() >= 5 && call.sentByA.size() <= 11);  // reports go on
        QVERIFY(std::all_of(call.sentByA.begin(), call.sentByA.end(), [](const Bytes& p) { return rtp::isRtcp(p); }));
        call.a.setHeld(false);
        call.run(500ms);
        QVERIFY(loudness(call.heardByA) > 5000);
        QVERIFY(loudness(call.heardByB) > 5000);
        QVERIFY(call.b.statistics().bufferedDelay <= Duration(40ms));
    }

    void packetsAreWhatTheRfcsSay() {
        TwoEnds call;
        call.recordPackets = true;
        call.run(2s);
        std::optional<rtp::Packet> before;
        int reports = 0;
        for (const Bytes& bytes : call.sentByA) {
            if (rtp::isRtcp(bytes)) {
                ++reports;
                auto reader = rtp::CompoundReader::open(bytes);
                QVERIFY(reader);
                const auto report = reader->next();
                QVERIFY(report && std::get<rtp::Report>(*report).sender);
                const auto name = reader->next();
                QVERIFY(name);
                QCOMPARE(std::get<rtp::SourceName>(*name).name, std::string_view("random"));
                continue;
            }
            const auto packet = rtp::parse(bytes);
            QVERIFY(packet);
            QCOMPARE(packet->payloadType, std::uint8_t{111});
            QCOMPARE(packet->marker, !before.has_value());
            if (before) {
                QCOMPARE(packet->sequence, static_cast<std::uint16_t>(before->sequence + 1));
                QCOMPARE(packet->timestamp, before->timestamp + 480);
            } else {
                QCOMPARE(packet->sequence, std::uint16_t{32'700});
            }
            before = *packet;
        }
        QVERIFY(reports >= 1);
    }

    void anotherSourceTakesOver() {
        TwoEnds call;
        call.run(1s);
        audio::VoiceCall restarted(settings(77), call.now);
        Frame tone;
        for (std::size_t i = 0; i < tone.size(); ++i) tone[i] = static_cast<Sample>(i % 48 < 24 ? 6000 : -6000);
        Frame heard{};
        for (int i = 0; i < 50; ++i) {
            Outbox out;
            restarted.capture(call.now, tone, out);
            for (std::size_t p = 0; p < out.count; ++p) call.b.packetIn(call.now, out.entries[p].view());
            call.b.playback(call.now + 8ms, heard);
            call.now += 10ms;
        }
        QVERIFY(loudness(heard) > 3000);
    }

    void foreignPacketsAreDropped() {
        TwoEnds call;
        call.recordPackets = true;
        call.run(500ms);
        audio::VoiceCall listener(settings(9), kStart);
        Bytes own = call.sentByA.front();
        own[8] = own[9] = own[10] = std::byte{0};
        own[11] = std::byte{9};  // our own source
        listener.packetIn(kStart, own);
        Bytes otherType = call.sentByA.front();
        otherType[1] = std::byte{0};
        listener.packetIn(kStart, otherType);
        QVERIFY(!listener.statistics().heard);
        listener.packetIn(kStart, call.sentByA.front());
        QVERIFY(listener.statistics().heard);
    }

    void anythingMayComeIn() {
        const bool ok = rc::check("noise in", [](const std::vector<std::vector<std::uint8_t>>& packets) {
            audio::VoiceCall call(settings(1), kStart);
            Frame out;
            Instant now = kStart;
            for (const auto& noise : packets) {
                Bytes bytes;
                for (const auto b : noise) bytes.push_back(std::byte{b});
                if (bytes.size() >= 2) {
                    bytes[0] = (bytes[0] & std::byte{0x0F}) | std::byte{0x80};
                    bytes[1] = std::to_integer<int>(bytes[1]) % 2 == 0 ? std::byte{111} : std::byte{200};
                }
                call.packetIn(now, bytes);
                call.playback(now, out);
                now += 10ms;
            }
        });
        QVERIFY(ok);
    }

    /// Between reading and writing a device nothing may ask the heap; the whole of a lossy call, reports included.
    void nothingIsAllocatedWhileACallRuns() {
        audio::VoiceCall a(settings(1), kStart);
        audio::VoiceCall b(settings(2), kStart);
        Outbox out;
        Frame frame{};
        std::uint32_t random = 1;
        QVERIFY(std::make_unique<int>(1));
        const std::size_t sane = test::allocations();
        QVERIFY(sane > 0);

        std::size_t inside = 0;
        Instant now = kStart;
        for (int i = 0; i < 1000; ++i) {
            for (Sample& sample : frame) sample = static_cast<Sample>(random = random * 1'664'525 + 1'013'904'223);
            const std::size_t before = test::allocations();
            out.count = 0;
            a.setMuted(i % 300 > 280);
            a.capture(now, frame, out);
            // One in ten lost, one in seven twice, now and then a pause that makes the buffer stretch.
            for (std::size_t p = 0; p < out.count && i % 10 != 3 && i % 200 > 12; ++p)
                for (int copies = 0; copies < (i % 7 == 0 ? 2 : 1); ++copies)
                    b.packetIn(now + std::chrono::milliseconds(random % 17), out.entries[p].view());
            b.playback(now + 12ms, frame);
            out.count = 0;
            b.capture(now, frame, out);
            for (std::size_t p = 0; p < out.count; ++p) a.packetIn(now, out.entries[p].view());
            (void)b.statistics();
            inside += test::allocations() - before;
            now += 10ms;
        }
        QCOMPARE(inside, std::size_t{0});
        QVERIFY(b.statistics().concealed > 0);
    }
};
KITH_TEST(VoiceCallTest);

class EchoPortTest : public QObject {
    Q_OBJECT
private slots:
    void whatIsSaidComesBackLater() {
        audio::EchoSound sound(500ms);
        const auto port = sound.openVoice(settings(2));
        audio::VoiceCall call(settings(1), kStart);
        Frame heard{};
        ByteArray<audio::kMaxPacket> buffer;
        std::optional<Instant> firstHeard;
        for (Instant now = kStart; now < kStart + 6s; now += 10ms) {
            Frame tone;
            for (std::size_t i = 0; i < tone.size(); ++i) tone[i] = static_cast<Sample>(i % 48 < 24 ? 6000 : -6000);
            Outbox out;
            call.capture(now, now < kStart + 3s ? tone : Frame{}, out);
            for (std::size_t p = 0; p < out.count; ++p) port->packetIn(now, out.entries[p].view());
            if (port->nextWake() <= now) port->wake(now);
            while (const std::size_t size = port->takePacket(buffer)) call.packetIn(now, ByteView(buffer).first(size));
            call.playback(now + 6ms, heard);
            if (!firstHeard && loudness(heard) > 1000) firstHeard = now;
            if (now == kStart + 3300ms) QVERIFY(loudness(heard) > 3000);
        }
        QVERIFY(firstHeard && *firstHeard - kStart >= 500ms && *firstHeard - kStart < 600ms);
        QVERIFY(loudness(heard) < 5);
        QVERIFY(call.statistics().roundTrip.has_value());
        QVERIFY(*call.statistics().roundTrip < 20ms);
        QVERIFY(port->statistics().packetsReceived > 500);
    }

    void lossesComeBackAsLosses() {
        audio::EchoPort port(settings(2), 0ms);
        audio::VoiceCall call(settings(1), kStart);
        std::vector<std::uint16_t> sequences;
        ByteArray<audio::kMaxPacket> buffer;
        for (int i = 0; i < 10; ++i) {
            Outbox out;
            call.capture(kStart + i * 10ms, Frame{}, out);
            if (i == 4) continue;
            port.packetIn(kStart + i * 10ms, out.entries[0].view());
            while (const std::size_t size = port.takePacket(buffer))
                sequences.push_back(rtp::parse(ByteView(buffer).first(size))->sequence);
        }
        QCOMPARE(sequences.size(), std::size_t{9});
        QCOMPARE(sequences.front(), std::uint16_t{32'700});
        QCOMPARE(sequences[4], std::uint16_t{32'705});
    }

    void mutedAndHeldItIsSilent() {
        audio::EchoPort port(settings(2), 0ms);
        audio::VoiceCall call(settings(1), kStart);
        Outbox out;
        call.capture(kStart, Frame{}, out);
        ByteArray<audio::kMaxPacket> buffer;
        port.setHeld(true);
        port.packetIn(kStart, out.entries[0].view());
        QCOMPARE(port.takePacket(buffer), std::size_t{0});
        port.setHeld(false);
        port.packetIn(kStart, out.entries[0].view());
        QVERIFY(port.takePacket(buffer) > 0);
    }
};
KITH_TEST(EchoPortTest);

#include "voicecall_test.moc"
