// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/audio/codec.h"

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <QTest>
#include <set>
#include <utility>
#include <vector>

#include "media/audio/level.h"
#include "media/audio/mixer.h"
#include "tests/support/testmain.h"

using namespace kith;
using audio::Frame;
using audio::Sample;

namespace {

Frame tone(double hertz, double amplitude, int number) {
    Frame frame;
    for (std::size_t i = 0; i < frame.size(); ++i)
        frame[i] = static_cast<Sample>(
            amplitude * std::sin(2 * std::numbers::pi * hertz * (static_cast<double>(i) + number * 480.0) / 48'000));
    return frame;
}

/// Something with the overtones and the rhythm and the breath of a voice: Opus adds copies to speech only.
Frame voice(int number) {
    Frame frame;
    auto noise = static_cast<std::uint32_t>(number + 1);
    for (std::size_t i = 0; i < frame.size(); ++i) {
        noise = noise * 1'664'525 + 1'013'904'223;
        const double t = (static_cast<double>(i) + number * 480.0) / 48'000;
        double sum = 0;
        for (int k = 1; k < 20; ++k) sum += std::sin(2 * std::numbers::pi * 120 * k * t) / k;
        const double rhythm = 0.5 + 0.5 * std::sin(2 * std::numbers::pi * 4 * t);
        frame[i] = static_cast<Sample>(4000 * sum * rhythm + static_cast<double>(noise >> 16 & 255) - 128);
    }
    return frame;
}

double loudness(audio::SampleView sound) {
    double energy = 0;
    for (const Sample sample : sound) energy += static_cast<double>(sample) * sample;
    return std::sqrt(energy / static_cast<double>(sound.size()));
}

}  // namespace

class CodecTest : public QObject {
    Q_OBJECT
private slots:
    void aToneSurvives() {
        audio::VoiceEncoder encoder(64'000, 10, false);
        audio::VoiceDecoder decoder;
        ByteArray<640> payload;
        Frame out;
        for (int i = 0; i < 50; ++i) {
            const std::size_t size = encoder.encode(tone(440, 8000, i), payload);
            QVERIFY(size > 0);
            QCOMPARE(audio::durationOf(ByteView(payload).first(size)), 480);
            QCOMPARE(decoder.decode(ByteView(payload).first(size), out), 480);
        }
        QVERIFY(std::abs(loudness(out) - 8000 / std::numbers::sqrt2) < 800);
    }

    void packetsAreOfOneLength() {
        audio::VoiceEncoder encoder(64'000, 10, false);
        ByteArray<640> payload;
        std::set<std::size_t> sizes;
        for (int i = 0; i < 100; ++i)
            sizes.insert(encoder.encode(i % 3 == 0 ? Frame{} : tone(200 + i * 20, 100 * i, i), payload));
        QCOMPARE(sizes, std::set<std::size_t>{80});
    }

    void recoveryIsAnnouncedAndHelps() {
        audio::VoiceEncoder with(32'000, 20, true);
        audio::VoiceEncoder without(32'000, 20, false);
        audio::VoiceDecoder decoder;
        ByteArray<640> payload;
        int carrying = 0, carryingWithout = 0, recoveries = 0;
        double recovered = 0, lost = 0;
        bool before = false;
        for (int i = 0; i < 300; ++i) {
            const Frame frame = voice(i);
            std::size_t size = without.encode(frame, payload);
            carryingWithout += audio::carriesRecovery(ByteView(payload).first(size)) ? 1 : 0;
            size = with.encode(frame, payload);
            const ByteView packet = ByteView(payload).first(size);
            const bool carries = audio::carriesRecovery(packet);
            carrying += carries ? 1 : 0;
            Frame out;
            if (std::exchange(before, i % 7 == 5)) {
                if (carries) {
                    QCOMPARE(decoder.recover(packet, out), 480);
                    recovered += loudness(out);
                    lost += loudness(voice(i - 1));
                    ++recoveries;
                } else {
                    decoder.conceal(out);
                }
            }
            if (!before) decoder.decode(packet, out);
        }
        QCOMPARE(carryingWithout, 0);
        QVERIFY2(carrying > 100 && recoveries > 10, qPrintable(QString::number(carrying)));
        QVERIFY(std::abs(recovered / lost - 1) < 0.4);
    }

    void whatIsLostSoundsAsBefore() {
        audio::VoiceEncoder encoder(64'000, 10, false);
        audio::VoiceDecoder decoder;
        ByteArray<640> payload;
        Frame out;
        for (int i = 0; i < 50; ++i)
            decoder.decode(ByteView(payload).first(encoder.encode(tone(440, 8000, i), payload)), out);
        decoder.conceal(out);
        const double first = loudness(out);
        QVERIFY(first > 2000);
    }

    void brokenPayloadsAreConcealed() {
        const bool ok = rc::check("decode anything", [](const std::vector<std::uint8_t>& noise) {
            Bytes payload;
            for (const auto b : noise) payload.push_back(std::byte{b});
            const int duration = audio::durationOf(payload);
            RC_ASSERT(duration >= 0 && duration <= audio::VoiceDecoder::kLongest);
            (void)audio::carriesRecovery(payload);
            audio::VoiceDecoder decoder;
            std::vector<Sample> out(static_cast<std::size_t>(std::max(duration, 480)));
            const int samples = decoder.decode(payload, out);
            RC_ASSERT(samples > 0 && samples <= static_cast<int>(out.size()));
        });
        QVERIFY(ok);
        QCOMPARE(audio::durationOf({}), 0);
    }
};
KITH_TEST(CodecTest);

class MixerTest : public QObject {
    Q_OBJECT
private slots:
    void addsUp() {
        audio::Mixer mixer;
        mixer.clear();
        Frame a, b, out;
        a.fill(1000);
        b.fill(-300);
        mixer.add(a);
        mixer.add(b);
        mixer.result(out);
        QVERIFY(std::all_of(out.begin(), out.end(), [](Sample s) { return s == 700; }));
        mixer.clear();
        mixer.result(out);
        QCOMPARE(out[0], Sample{0});
    }

    void neverClipsAndKeepsTheOrder() {
        Sample before = -32768;
        for (int level = -32'000; level <= 32'000; level += 500) {
            audio::Mixer mixer;
            Frame frame, out;
            frame.fill(static_cast<Sample>(level));
            for (int talker = 0; talker < 4; ++talker) mixer.add(frame);
            mixer.result(out);
            QVERIFY(out[0] >= before);
            QVERIFY(std::abs(int{out[0]}) <= 32'767);
            if (std::abs(level * 4) <= 24'000) QCOMPARE(int{out[0]}, level * 4);
            before = out[0];
        }
    }

    void theMeterRisesAtOnceAndFallsSlowly() {
        audio::LevelMeter meter;
        Frame loud;
        loud.fill(32'767);
        meter.add(loud);
        QVERIFY(meter.level() > 0.99);
        meter.add(Frame{});
        QVERIFY(meter.level() > 0.9);
        for (int i = 0; i < 100; ++i) meter.add(Frame{});
        QCOMPARE(meter.level(), 0.0);
        Frame quiet;
        quiet.fill(1036);  // -30 dB
        meter.add(quiet);
        QVERIFY(std::abs(meter.level() - 0.5) < 0.01);
    }
};
KITH_TEST(MixerTest);

#include "codec_test.moc"
