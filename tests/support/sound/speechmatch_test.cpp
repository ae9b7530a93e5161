// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/sound/speechmatch.h"

#include <cmath>
#include <QTemporaryDir>
#include <QTest>
#include <random>

#include "media/audio/voicecall.h"
#include "tests/support/sound/speech.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace std::chrono_literals;
using test::Sound;
using test::SpeechFault;

namespace {

const char* const kSentences[] = {
    "The quick brown fox jumps over the lazy dog while seven ships sail past the harbour.",
    "Please bring the large umbrella, because tomorrow we expect thunder and heavy rain.",
    "My sister will arrive on Tuesday evening with her two children and a small dog.",
};
const char* const kVoices[] = {"en", "en", "en+f3"};

Sound joined(const std::vector<Sound>& parts) {
    Sound out{parts.front().rate, {}};
    for (const Sound& part : parts) out.samples.insert(out.samples.end(), part.samples.begin(), part.samples.end());
    return out;
}

Sound silence(int rate, double seconds) {
    return {rate, std::vector<float>(static_cast<std::size_t>(seconds * rate), 0.0F)};
}

Sound piece(const Sound& sound, double from, double to) {
    const auto at = [&](double seconds) {
        const auto n = static_cast<std::ptrdiff_t>(seconds * sound.rate);
        return sound.samples.begin() +
               std::clamp<std::ptrdiff_t>(n, 0, static_cast<std::ptrdiff_t>(sound.samples.size()));
    };
    return {sound.rate, {at(from), at(to)}};
}

Sound louder(Sound sound, float factor) {
    for (float& sample : sound.samples) sample *= factor;
    return sound;
}

/// Through two ends of a call and a line that loses `loss` of its packets and delays them by 20 to 35 ms.
Sound called(const Sound& sound, double loss, std::uint32_t seed) {
    struct Line final : audio::PacketSink {
        std::vector<std::pair<Instant, Bytes>> flying;
        std::mt19937 random;
        double loss;
        Instant now{};
        void send(ByteView packet) override {
            const Duration delay = 20ms + std::chrono::microseconds(random() % 15'000);
            if (static_cast<double>(random() % 1000) >= loss * 1000) flying.emplace_back(now + delay, toBytes(packet));
        }
    };
    audio::VoiceSettings settings;
    settings.ssrc = 1;
    audio::VoiceCall here(settings, Instant{});
    settings.ssrc = 2;
    audio::VoiceCall there(settings, Instant{});
    Line line;
    line.random.seed(seed);
    line.loss = loss;

    const Sound said = test::resampled(sound, 48'000);
    Sound heard{48'000, {}};
    for (std::size_t at = 0; at < said.samples.size() + 24'000; at += audio::kFrameSize) {
        line.now = Instant{10s} + std::chrono::microseconds(at * 1'000'000 / 48'000);
        audio::Frame frame{};
        for (std::size_t i = 0; i < frame.size() && at + i < said.samples.size(); ++i)
            frame[i] = static_cast<audio::Sample>(std::lround(said.samples[at + i] * 32767));
        here.capture(line.now, frame, line);
        for (auto it = line.flying.begin(); it != line.flying.end();)
            if (it->first <= line.now) {
                there.packetIn(it->first, it->second);
                it = line.flying.erase(it);
            } else {
                ++it;
            }
        there.playback(line.now, frame);
        for (const audio::Sample sample : frame) heard.samples.push_back(static_cast<float>(sample) / 32768.0F);
    }
    return heard;
}

}  // namespace

class SpeechMatchTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        for (std::size_t i = 0; i < std::size(kSentences); ++i) {
            const auto sound = test::speak(QString::fromLatin1(kSentences[i]), QString::fromLatin1(kVoices[i]));
            QVERIFY2(sound && sound->seconds() > 3, "espeak-ng is needed");
            m_speech.push_back(*sound);
        }
    }

    void findsTheSentenceInARecording() {
        for (const Sound& speech : m_speech) {
            const Sound recording = joined({silence(speech.rate, 2), louder(speech, 0.2F), silence(speech.rate, 3)});
            const auto verdict = test::matchSpeech(speech, recording);
            QVERIFY2(verdict.matches(), verdict.text().c_str());
            QVERIFY(std::abs(verdict.begins - 2) < 0.15);
        }
    }

    void anotherSentenceFails() {
        for (std::size_t i = 0; i < m_speech.size(); ++i)
            for (std::size_t j = 0; j < m_speech.size(); ++j) {
                const auto verdict = test::matchSpeech(m_speech[i], m_speech[j]);
                QVERIFY2(verdict.matches() == (i == j), verdict.text().c_str());
            }
    }

    void aSentenceAmongOthersIsFound() {
        const Sound recording = joined({m_speech[1], silence(m_speech[1].rate, 0.5), m_speech[0]});
        QVERIFY(test::matchSpeech(m_speech[0], recording).matches());
        QVERIFY(test::matchSpeech(m_speech[1], recording).matches());
        QVERIFY(!test::matchSpeech(m_speech[2], recording).matches());
    }

    void silenceFails() {
        QCOMPARE(test::matchSpeech(m_speech[0], silence(48'000, 6)).fault, SpeechFault::Silence);
        QCOMPARE(test::matchSpeech(m_speech[0], Sound{}).fault, SpeechFault::Silence);
        std::mt19937 random(1);
        Sound hiss = silence(48'000, 6);
        for (float& sample : hiss.samples) sample = static_cast<float>(random() % 2000) / 10'000.0F - 0.1F;
        QVERIFY(!test::matchSpeech(m_speech[0], hiss).matches());
        QCOMPARE(test::matchSpeech(silence(48'000, 3), m_speech[0]).fault, SpeechFault::NoReference);
    }

    /// Wherever 300 ms are taken out, be it that the rest moves up or that there is silence instead.
    void aThirdOfASecondCutOutFails() {
        for (const Sound& speech : m_speech)
            for (double at = 0.3; at < speech.seconds() - 0.8; at += 0.37) {
                const Sound before = piece(speech, 0, at);
                const Sound after = piece(speech, at + 0.3, 1e3);
                const auto cut = test::matchSpeech(speech, joined({before, after}));
                QVERIFY2(!cut.matches(), qPrintable(QStringLiteral("cut at %1: ").arg(at) + cut.text().c_str()));
                const auto muted = test::matchSpeech(speech, joined({before, silence(speech.rate, 0.3), after}));
                QVERIFY2(!muted.matches(), qPrintable(QStringLiteral("mute at %1: ").arg(at) + muted.text().c_str()));
            }
    }

    void aCallOnAGoodLinePasses() {
        for (const Sound& speech : m_speech) {
            const auto verdict = test::matchSpeech(speech, called(speech, 0, 1));
            QVERIFY2(verdict.matches() && verdict.likeness > 0.9, verdict.text().c_str());
        }
    }

    void aCallThatLosesATwentiethPasses() {
        for (const Sound& speech : m_speech)
            for (std::uint32_t seed = 1; seed <= 5; ++seed) {
                const auto verdict = test::matchSpeech(speech, called(speech, 0.05, seed));
                QVERIFY2(verdict.matches(), verdict.text().c_str());
            }
    }

    void aCallThatLosesNearlyAllFails() {
        const auto verdict = test::matchSpeech(m_speech[0], called(m_speech[0], 0.85, 1));
        QVERIFY2(!verdict.matches(), verdict.text().c_str());
    }

    void filesComeBackAsTheyWere() {
        const QTemporaryDir directory;
        const std::string path = directory.filePath(QStringLiteral("x.wav")).toStdString();
        QVERIFY(test::writeWaveFile(path, m_speech[0]));
        const auto read = test::readWaveFile(path);
        QVERIFY(read && read->rate == m_speech[0].rate && read->samples.size() == m_speech[0].samples.size());
        QVERIFY(!test::readWaveFile("/does/not/exist.wav"));
    }

private:
    std::vector<Sound> m_speech;
};
KITH_TEST(SpeechMatchTest);

#include "speechmatch_test.moc"
