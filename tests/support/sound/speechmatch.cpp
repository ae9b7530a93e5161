// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/sound/speechmatch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <vector>

namespace kith::test {

namespace {

constexpr int kRate = 16'000;
constexpr int kHop = kRate / 100;  ///< 10 ms
constexpr int kWindow = 512;
constexpr int kBands = 20;
constexpr double kDepth = 45;   ///< dB below the loudest that are looked at
constexpr double kActive = 33;  ///< dB below the loudest: speech
constexpr double kSilent = 18;  ///< dB that a silent frame lies below what it should be
constexpr int kBlock = 30;      ///< frames
constexpr int kBlockHop = 10;
constexpr int kMostDrift = 40;  ///< frames, all in all
constexpr int kMostStep = 4;    ///< frames from block to block

constexpr double kAlike = 0.75;      ///< mean likeness of what passes
constexpr double kBlockAlike = 0.5;  ///< of a block that isn't counted as foreign
constexpr double kWorstBlock = 0.35;
constexpr double kWorstRun = 0.4;  ///< seconds
constexpr double kSilentRun = 0.11;

using Frame = std::array<double, kBands>;
using Frames = std::vector<Frame>;

/// Radix 2, in place, kWindow long.
void transform(std::vector<double>& re, std::vector<double>& im) {
    const std::size_t n = re.size();
    for (std::size_t i = 1, j = 0; i < n; ++i) {
        std::size_t bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) {
            std::swap(re[i], re[j]);
            std::swap(im[i], im[j]);
        }
    }
    static const auto kTurns = [] {
        std::array<std::pair<double, double>, kWindow / 2> out;
        for (std::size_t k = 0; k < out.size(); ++k) {
            const double angle = -2 * std::numbers::pi * static_cast<double>(k) / kWindow;
            out[k] = {std::cos(angle), std::sin(angle)};
        }
        return out;
    }();
    for (std::size_t length = 2; length <= n; length <<= 1)
        for (std::size_t start = 0; start < n; start += length)
            for (std::size_t k = 0; k < length / 2; ++k) {
                const auto [c, s] = kTurns[k * (kWindow / length)];
                const std::size_t a = start + k;
                const std::size_t b = a + length / 2;
                const double x = re[b] * c - im[b] * s;
                const double y = re[b] * s + im[b] * c;
                re[b] = re[a] - x;
                im[b] = im[a] - y;
                re[a] += x;
                im[a] += y;
            }
}

/// Borders of the bands: evenly on the mel scale from 100 to 7,000 Hz, as bins of the transform.
std::array<std::size_t, kBands + 1> borders() {
    const auto mel = [](double hertz) { return 2595 * std::log10(1 + hertz / 700); };
    std::array<std::size_t, kBands + 1> out{};
    for (int i = 0; i <= kBands; ++i) {
        const double at = mel(100) + (mel(7000) - mel(100)) * i / kBands;
        const double hertz = 700 * (std::pow(10, at / 2595) - 1);
        out[static_cast<std::size_t>(i)] = static_cast<std::size_t>(hertz * kWindow / kRate);
        if (i > 0)
            out[static_cast<std::size_t>(i)] =
                std::max(out[static_cast<std::size_t>(i)], out[static_cast<std::size_t>(i) - 1] + 1);
    }
    return out;
}

Frames analyse(const Sound& sound) {
    const Sound right = resampled(sound, kRate);
    const auto bins = borders();
    Frames out;
    std::vector<double> re(kWindow), im(kWindow);
    for (std::size_t at = 0; at + kWindow <= right.samples.size(); at += kHop) {
        for (std::size_t i = 0; i < kWindow; ++i) {
            const double window = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / kWindow);
            re[i] = window * static_cast<double>(right.samples[at + i]);
            im[i] = 0;
        }
        transform(re, im);
        Frame& frame = out.emplace_back();
        for (std::size_t band = 0; band < kBands; ++band) {
            double energy = 1e-12;
            for (std::size_t bin = bins[band]; bin < bins[band + 1]; ++bin)
                energy += re[bin] * re[bin] + im[bin] * im[bin];
            frame[band] = 10 * std::log10(energy);
        }
    }
    return out;
}

double loudness(const Frame& frame) {
    double sum = 0;
    for (const double band : frame) sum += std::pow(10, band / 10);
    return 10 * std::log10(sum);
}

/// What nearly the loudest frames reach: a click doesn't count.
double peak(const Frames& frames) {
    std::vector<double> all;
    for (const Frame& frame : frames) all.push_back(loudness(frame));
    if (all.empty()) return -120;
    const auto at = all.begin() + static_cast<std::ptrdiff_t>(all.size() * 97 / 100);
    std::nth_element(all.begin(), at, all.end());
    return *at;
}

/// Cuts off what lies kDepth below the loudest and takes each band's mean over the speech out: level and tone no longer
/// matter.
void normalise(Frames& frames, double loudest) {
    Frame mean{};
    int speech = 0;
    const double floor = loudest - kDepth;
    for (Frame& frame : frames) {
        const bool speaks = loudness(frame) > loudest - kActive;
        speech += speaks ? 1 : 0;
        for (std::size_t b = 0; b < kBands; ++b) {
            frame[b] = std::max(frame[b], floor) - floor;
            if (speaks) mean[b] += frame[b];
        }
    }
    for (Frame& frame : frames)
        for (std::size_t b = 0; b < kBands; ++b) frame[b] -= mean[b] / std::max(1, speech);
}

struct Comparison {
    Frames reference;
    Frames recording;
    std::vector<double> referenceLoudness;
    std::vector<double> recordingLoudness;

    /// Correlation of `count` frames of the reference from `at` with the recording `offset` frames later.
    [[nodiscard]] double likeness(int at, int count, int offset) const {
        double xy = 0, xx = 0, yy = 0;
        for (int i = at; i < at + count; ++i) {
            const int j = i + offset;
            const bool there = j >= 0 && j < static_cast<int>(recording.size());
            for (std::size_t b = 0; b < kBands; ++b) {
                const double x = reference[static_cast<std::size_t>(i)][b];
                const double y = there ? recording[static_cast<std::size_t>(j)][b] : 0;
                xy += x * y;
                xx += x * x;
                yy += y * y;
            }
        }
        return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
    }
    [[nodiscard]] int wholeOffset() const {
        int best = 0;
        double most = -2;
        const int size = static_cast<int>(reference.size());
        for (int offset = -size / 4; offset <= static_cast<int>(recording.size()) - size / 2; ++offset)
            if (const double value = likeness(0, size, offset); value > most) {
                most = value;
                best = offset;
            }
        return best;
    }
};

/// The offset of each block such that the sum of likenesses is largest and neighbours differ by at most kMostStep.
std::vector<int> layBlocks(const Comparison& c, int whole, std::vector<double>& likenesses) {
    constexpr int kStates = 2 * kMostDrift + 1;
    const int blocks = std::max(1, (static_cast<int>(c.reference.size()) - kBlock) / kBlockHop + 1);
    std::vector<std::array<double, kStates>> value(static_cast<std::size_t>(blocks));
    std::vector<std::array<double, kStates>> sum(static_cast<std::size_t>(blocks));
    std::vector<std::array<int, kStates>> from(static_cast<std::size_t>(blocks));
    const int length = std::min(kBlock, static_cast<int>(c.reference.size()));
    for (int block = 0; block < blocks; ++block) {
        const auto n = static_cast<std::size_t>(block);
        for (int state = 0; state < kStates; ++state) {
            const auto s = static_cast<std::size_t>(state);
            value[n][s] = c.likeness(block * kBlockHop, length, whole + state - kMostDrift);
            sum[n][s] = value[n][s];
            from[n][s] = state;
            if (block == 0) continue;
            double best = -1e9;
            for (int before = std::max(0, state - kMostStep); before <= std::min(kStates - 1, state + kMostStep);
                 ++before)
                if (const double candidate =
                        sum[n - 1][static_cast<std::size_t>(before)] - 0.002 * std::abs(before - state);
                    candidate > best) {
                    best = candidate;
                    from[n][s] = before;
                }
            sum[n][s] += best;
        }
    }
    std::vector<int> offsets(static_cast<std::size_t>(blocks));
    likenesses.resize(static_cast<std::size_t>(blocks));
    auto state = static_cast<int>(std::max_element(sum.back().begin(), sum.back().end()) - sum.back().begin());
    for (std::size_t n = offsets.size(); n-- > 0;) {
        offsets[n] = whole + state - kMostDrift;
        likenesses[n] = value[n][static_cast<std::size_t>(state)];
        state = from[n][static_cast<std::size_t>(state)];
    }
    return offsets;
}

/// The frames in which somebody speaks, from the first to the last.
Frames speechOf(const Frames& frames, double loudest) {
    const auto speaks = [&](const Frame& frame) { return loudness(frame) > loudest - kActive; };
    const auto first = std::find_if(frames.begin(), frames.end(), speaks);
    const auto last = std::find_if(frames.rbegin(), frames.rend(), speaks);
    return first < last.base() ? Frames(first, last.base()) : Frames{};
}

double longestSilence(const Comparison& c, double referencePeak, double recordingPeak,
                      const std::vector<int>& offsets) {
    int run = 0, longest = 0;
    for (int i = 0; i < static_cast<int>(c.reference.size()); ++i) {
        const std::size_t block =
            std::min(static_cast<std::size_t>(std::max(0, i - kBlock / 2) / kBlockHop), offsets.size() - 1);
        const int j = i + offsets[block];
        const bool there = j >= 0 && j < static_cast<int>(c.recordingLoudness.size());
        const double should = c.referenceLoudness[static_cast<std::size_t>(i)] - referencePeak;
        const double is = there ? c.recordingLoudness[static_cast<std::size_t>(j)] - recordingPeak : -120;
        if (should <= -kActive) continue;  // a pause within a word ends no gap
        run = is < should - kSilent ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest / 100.0;
}

}  // namespace

SpeechVerdict matchSpeech(const Sound& reference, const Sound& recording) {
    SpeechVerdict verdict;
    const Frames all = analyse(reference);
    const double referencePeak = peak(all);
    Comparison c{speechOf(all, referencePeak), analyse(recording), {}, {}};
    if (c.reference.size() < 2 * kBlock || referencePeak < -60) {
        verdict.fault = SpeechFault::NoReference;
        return verdict;
    }
    const double recordingPeak = peak(c.recording);
    if (c.recording.size() < kBlock || recordingPeak < referencePeak - 40) {
        verdict.fault = SpeechFault::Silence;
        return verdict;
    }
    for (const Frame& frame : c.reference) c.referenceLoudness.push_back(loudness(frame));
    for (const Frame& frame : c.recording) c.recordingLoudness.push_back(loudness(frame));
    normalise(c.reference, referencePeak);
    normalise(c.recording, recordingPeak);

    const int whole = c.wholeOffset();
    std::vector<double> likenesses;
    const std::vector<int> offsets = layBlocks(c, whole, likenesses);
    int run = 0, worst = 0;
    for (const double likeness : likenesses) {
        verdict.likeness += likeness / static_cast<double>(likenesses.size());
        verdict.worstBlock = std::min(verdict.worstBlock, likeness);
        run = likeness < kBlockAlike ? run + 1 : 0;
        worst = std::max(worst, run);
    }
    verdict.begins = offsets.front() / 100.0;
    // A run of n blocks shows that n hops and what the blocks have in common are foreign.
    verdict.worstRun = worst * kBlockHop / 100.0;
    verdict.silentRun = longestSilence(c, referencePeak, recordingPeak, offsets);
    if (verdict.likeness < kAlike)
        verdict.fault = SpeechFault::Unlike;
    else if (verdict.worstRun >= kWorstRun || verdict.worstBlock < kWorstBlock || verdict.silentRun >= kSilentRun)
        verdict.fault = SpeechFault::Gap;
    return verdict;
}

std::string SpeechVerdict::text() const {
    static constexpr const char* kFaults[] = {"matches", "no reference", "silence", "unlike", "gap"};
    char line[200];
    std::snprintf(line, sizeof line, "%s: likeness %.3f, worst %.3f, foreign %.2f s, silent %.2f s, begins at %.2f s",
                  kFaults[static_cast<int>(fault)], likeness, worstBlock, worstRun, silentRun, begins);
    return line;
}

}  // namespace kith::test
