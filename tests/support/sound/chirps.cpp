// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/sound/chirps.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

namespace kith::test {

namespace {

constexpr int kRate = 48'000;
constexpr double kLength = 0.12;
constexpr int kKinds = 4;
constexpr double kClean = 0.7;
constexpr double kGarbled = 0.35;
constexpr double kLongestDelay = 1.5;  ///< seconds

std::vector<float> chirp(int kind, int rate) {
    static constexpr double kFrom[kKinds] = {400, 3200, 400, 1800};
    static constexpr double kTo[kKinds] = {3200, 400, 1800, 400};
    const auto count = static_cast<std::size_t>(kLength * rate);
    std::vector<float> out(count);
    double phase = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(count);
        phase += 2 * std::numbers::pi * (kFrom[kind] + (kTo[kind] - kFrom[kind]) * share) / rate;
        const double edge = std::min({1.0, share * 12, (1 - share) * 12});
        out[i] = static_cast<float>(0.4 * edge * std::sin(phase));
    }
    return out;
}

double likenessAt(const std::vector<float>& sound, std::ptrdiff_t at, const std::vector<float>& pattern) {
    double product = 0, energy = 0, own = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const std::ptrdiff_t j = at + static_cast<std::ptrdiff_t>(i);
        const double y = j >= 0 && j < static_cast<std::ptrdiff_t>(sound.size())
                             ? static_cast<double>(sound[static_cast<std::size_t>(j)])
                             : 0;
        const double x = static_cast<double>(pattern[i]);
        product += x * y;
        energy += y * y;
        own += x * x;
    }
    return energy > 0 ? product / std::sqrt(energy * own) : 0;
}

struct Best {
    std::ptrdiff_t at = 0;
    double likeness = -1;
};

Best search(const std::vector<float>& sound, std::ptrdiff_t from, std::ptrdiff_t to,
            const std::vector<float>& pattern) {
    Best best;
    for (std::ptrdiff_t at = from; at <= to; ++at)
        if (const double likeness = likenessAt(sound, at, pattern); likeness > best.likeness) best = {at, likeness};
    return best;
}

/// Seconds at which sound begins after at least a quarter second without.
std::vector<double> onsets(const Sound& recording) {
    const int block = recording.rate / 200;
    double loudest = 0;
    std::vector<double> energies;
    for (std::size_t i = 0; i + static_cast<std::size_t>(block) <= recording.samples.size();
         i += static_cast<std::size_t>(block)) {
        double sum = 0;
        for (int j = 0; j < block; ++j)
            sum += static_cast<double>(recording.samples[i + static_cast<std::size_t>(j)]) *
                   static_cast<double>(recording.samples[i + static_cast<std::size_t>(j)]);
        energies.push_back(sum / block);
        loudest = std::max(loudest, sum / block);
    }
    std::vector<double> out;
    std::size_t quiet = 50;
    for (std::size_t i = 0; i < energies.size(); ++i) {
        const bool loud = energies[i] > std::max(loudest * 0.003, 1e-7);
        if (loud && quiet >= 50) out.push_back(static_cast<double>(i) / 200);
        quiet = loud ? 0 : quiet + 1;
    }
    return out;
}

}  // namespace

Chirps makeChirps(int count) {
    std::mt19937 random(7);
    std::uniform_real_distribution<double> pause(0.58, 0.78);
    Chirps out;
    out.sound.samples.resize(kRate);
    for (int i = 0; i < count; ++i) {
        const int kind = i % kKinds;
        const auto sound = chirp(kind, kRate);
        out.sound.samples.insert(out.sound.samples.end(), sound.begin(), sound.end());
        out.sound.samples.resize(out.sound.samples.size() + static_cast<std::size_t>(pause(random) * kRate));
        out.kinds.push_back(kind);
    }
    return out;
}

std::vector<FoundChirp> findChirps(const Sound& recording) {
    constexpr int kCoarse = 12'000;
    const Sound fine = resampled(recording, kRate);
    const Sound coarse = resampled(recording, kCoarse);
    std::vector<FoundChirp> out;
    for (const double onset : onsets(recording)) {
        FoundChirp found{0, onset, -1};
        for (int kind = 0; kind < kKinds; ++kind) {
            const auto at = static_cast<std::ptrdiff_t>(onset * kCoarse);
            const Best best = search(coarse.samples, at - kCoarse / 50, at + kCoarse / 25, chirp(kind, kCoarse));
            if (best.likeness > found.likeness) found = {kind, static_cast<double>(best.at) / kCoarse, best.likeness};
        }
        const auto at = static_cast<std::ptrdiff_t>(found.at * kRate);
        const Best best = search(fine.samples, at - kRate / 1000, at + kRate / 1000, chirp(found.kind, kRate));
        found.at = static_cast<double>(best.at) / kRate;
        found.likeness = best.likeness;
        out.push_back(found);
    }
    return out;
}

double DelayReport::quantile(double share) const {
    if (delays.empty()) return std::nan("");
    std::vector<double> sorted = delays;
    std::sort(sorted.begin(), sorted.end());
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

DelayReport compareChirps(const Sound& mouth, double mouthBeginning, const Sound& ear, double earBeginning) {
    const auto heard = findChirps(ear);
    DelayReport report;
    for (const FoundChirp& said : findChirps(mouth)) {
        if (said.likeness < kClean) continue;
        const double at = said.at + mouthBeginning;
        const auto match = std::find_if(heard.begin(), heard.end(), [&](const FoundChirp& h) {
            const double delay = h.at + earBeginning - at;
            return h.kind == said.kind && h.likeness >= kGarbled && delay > -0.01 && delay < kLongestDelay;
        });
        if (match == heard.end() || match->likeness < kClean) report.spoilt.push_back(said.at);
        if (match == heard.end()) {
            ++report.lost;
        } else if (match->likeness < kClean) {
            ++report.garbled;
        } else {
            ++report.clean;
            report.delays.push_back((match->at + earBeginning - at) * 1000);
        }
    }
    return report;
}

}  // namespace kith::test
