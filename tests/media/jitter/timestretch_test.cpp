// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/jitter/timestretch.h"

#include <array>
#include <cmath>
#include <numbers>
#include <QTest>
#include <random>
#include <vector>

#include "tests/support/testmain.h"

using namespace kith;
using jitter::TimeStretch;

namespace {

using Sound = std::vector<std::int16_t>;

/// A voice-like sound: a fundamental with overtones.
Sound voice(double hertz, std::size_t count) {
    Sound out(count);
    for (std::size_t i = 0; i < count; ++i) {
        double sum = 0;
        for (int k = 1; k <= 8; ++k)
            sum += std::sin(2 * std::numbers::pi * hertz * k * static_cast<double>(i) / 48'000) / k;
        out[i] = static_cast<std::int16_t>(6000 * sum);
    }
    return out;
}

/// Crossings of zero upwards a second, of the sound without its overtones.
double pitch(const Sound& sound) {
    Sound smooth(sound.size());
    double low = 0, lower = 0;
    int crossings = 0;
    double before = 0;
    for (const std::int16_t sample : sound) {
        low += (sample - low) * 0.02;
        lower += (low - lower) * 0.02;
        if (before < 0 && lower >= 0) ++crossings;
        before = lower;
    }
    return crossings * 48'000.0 / static_cast<double>(sound.size());
}

/// The largest second difference: a cut that doesn't fit shows as one far above the sound's own.
int roughness(const Sound& sound) {
    int most = 0;
    for (std::size_t i = 2; i < sound.size(); ++i)
        most = std::max(most, std::abs(sound[i] - 2 * sound[i - 1] + sound[i - 2]));
    return most;
}

Sound shortenAll(const Sound& in) {
    Sound out;
    std::size_t at = 0;
    std::array<std::int16_t, 480> frame;
    while (at + 480 + 600 <= in.size()) {
        const auto gone = TimeStretch::shorten(jitter::Samples(in).subspan(at), frame, 600, 0);
        if (!gone) return {};
        out.insert(out.end(), frame.begin(), frame.end());
        at += 480 + static_cast<std::size_t>(*gone);
    }
    return out;
}

Sound lengthenAll(const Sound& in) {
    Sound out(600);
    std::size_t at = 600;
    std::copy(in.begin(), in.begin() + 600, out.begin());
    std::array<std::int16_t, 480> frame;
    while (at + 480 <= in.size()) {
        const auto added =
            TimeStretch::lengthen(jitter::Samples(out).last(600), jitter::Samples(in).subspan(at), frame, 480, 0);
        if (!added) return {};
        out.insert(out.end(), frame.begin(), frame.end());
        at += 480 - static_cast<std::size_t>(*added);
        if (out.size() > 30 * in.size()) return {};
    }
    return out;
}

}  // namespace

class TimeStretchTest : public QObject {
    Q_OBJECT
private slots:
    void keepsThePitch_data() {
        QTest::addColumn<double>("hertz");
        for (const double hertz : {90.0, 110.0, 137.0, 180.0, 220.0, 301.0}) QTest::addRow("%.0f Hz", hertz) << hertz;
    }
    void keepsThePitch() {
        QFETCH(double, hertz);
        const Sound in = voice(hertz, 96'000);
        const Sound fast = shortenAll(in);
        QVERIFY(!fast.empty() && fast.size() < in.size() * 8 / 10);
        QVERIFY2(std::abs(pitch(fast) - hertz) < hertz * 0.03, qPrintable(QString::number(pitch(fast))));
        QVERIFY(roughness(fast) < 2 * roughness(in));
    }

    void lengtheningKeepsThePitchToo_data() {
        QTest::addColumn<double>("hertz");
        // Up to 10 ms can be repeated at once, so below 100 Hz there is no whole period.
        for (const double hertz : {110.0, 137.0, 180.0, 220.0, 301.0}) QTest::addRow("%.0f Hz", hertz) << hertz;
    }
    void lengtheningKeepsThePitchToo() {
        QFETCH(double, hertz);
        const Sound in = voice(hertz, 48'000);
        const Sound slow = lengthenAll(in);
        QVERIFY(slow.size() > in.size() * 12 / 10);
        QVERIFY2(std::abs(pitch(slow) - hertz) < hertz * 0.03, qPrintable(QString::number(pitch(slow))));
        QVERIFY(roughness(slow) < 2 * roughness(in));
    }

    void aPeriodIsFoundExactly() {
        const Sound in = voice(200, 2000);  // 240 samples
        std::array<std::int16_t, 480> out;
        const auto gone = TimeStretch::shorten(in, out, 300, 0);
        QVERIFY(gone.has_value());
        QCOMPARE(*gone, 240);
        QVERIFY(std::equal(out.begin(), out.end(), in.begin(), [](int a, int b) { return std::abs(a - b) <= 40; }));
    }

    void noiseIsLeftAloneUntilDared() {
        std::mt19937 random(3);
        Sound noise(2000);
        for (auto& sample : noise) sample = static_cast<std::int16_t>(static_cast<int>(random() % 20'000) - 10'000);
        std::array<std::int16_t, 480> out{};
        QVERIFY(!TimeStretch::shorten(noise, out, 600, 0));
        QVERIFY(!TimeStretch::lengthen(jitter::Samples(noise).first(600), jitter::Samples(noise).subspan(600), out, 480,
                                       0));
    }

    void silenceIsCutAtOnce() {
        const Sound silence(2000);
        std::array<std::int16_t, 480> out;
        QCOMPARE(TimeStretch::shorten(silence, out, 600, 0), std::optional<int>(600));
        QCOMPARE(TimeStretch::lengthen(jitter::Samples(silence).first(600), jitter::Samples(silence), out, 480, 0),
                 std::optional<int>(480));
    }

    void refusesWhatIsTooShort() {
        const Sound in = voice(200, 599);
        std::array<std::int16_t, 480> out;
        QVERIFY(!TimeStretch::shorten(in, out, 600, 1));  // 119 to spare
        QVERIFY(!TimeStretch::shorten(in, out, 100, 1));
        QVERIFY(!TimeStretch::lengthen(jitter::Samples(in).first(500), in, out, 480, 1));
        QVERIFY(!TimeStretch::lengthen(in, jitter::Samples(in).first(300), out, 480, 1));
        QVERIFY(!TimeStretch::shorten(in, {}, 600, 1));
    }
};
KITH_TEST(TimeStretchTest);

#include "timestretch_test.moc"
