// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/jitter/timestretch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace kith::jitter {

namespace {

constexpr int kWindow = 480;     ///< compared: one period of the lowest voice
constexpr int kOverlap = 240;    ///< cross-faded
constexpr double kQuiet = 60.0;  ///< root mean square below which any cut passes: -55 dB of full scale
constexpr double kAlike = 0.9;
constexpr double kDare = 0.5;

struct Likeness {
    double value = -1;
    double loudness = 0;  ///< of the louder one
};

Likeness compare(const std::int16_t* a, const std::int16_t* b, int count, int stride) {
    double ab = 0, aa = 0, bb = 0;
    for (int i = 0; i < count; i += stride) {
        const double x = a[i], y = b[i];
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    const double loudness = std::sqrt(std::max(aa, bb) * stride / count);
    return {aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0.0, loudness};
}

/// The lag in [kShortest, longest], in the direction of `sign`, at which the sound at `at` looks most like itself.
/// Coarsely first, then sample by sample.
std::optional<int> findLag(const std::int16_t* at, int sign, int longest, int count, double daring) {
    int best = TimeStretch::kShortest;
    Likeness most;
    const auto consider = [&](int lag, int stride, double bonus) {
        const Likeness likeness = compare(at, at + sign * lag, count, stride);
        if (likeness.value <= most.value + bonus) return;
        most = likeness;
        best = lag;
    };
    // Of periods that are about as good the later one: fewer cuts.
    for (int lag = TimeStretch::kShortest; lag <= longest; lag += 4) consider(lag, 2, -0.005);
    const int coarse = best;
    most = compare(at, at + sign * coarse, count, 1);
    for (int lag = std::max(TimeStretch::kShortest, coarse - 3); lag <= std::min(longest, coarse + 3); ++lag)
        consider(lag, 1, 0);
    if (most.loudness < kQuiet) return longest;
    if (most.value < kAlike - kDare * daring) return std::nullopt;
    return best;
}

/// From one sound into another within `count` samples.
void fade(const std::int16_t* from, const std::int16_t* to, int count, std::int16_t* out) {
    for (int i = 0; i < count; ++i) out[i] = static_cast<std::int16_t>((from[i] * (count - i) + to[i] * i) / count);
}

}  // namespace

std::optional<int> TimeStretch::shorten(Samples in, std::span<std::int16_t> out, int longest, double daring) {
    const int size = static_cast<int>(out.size());
    longest = std::min({longest, kLongest, static_cast<int>(in.size()) - size});
    if (size == 0 || longest < kShortest) return std::nullopt;
    const auto lag = findLag(in.data(), +1, longest, std::min(size, kWindow), daring);
    if (!lag) return std::nullopt;
    const int overlap = std::min(size, kOverlap);
    fade(in.data(), in.data() + *lag, overlap, out.data());
    std::copy(in.begin() + *lag + overlap, in.begin() + *lag + size, out.begin() + overlap);
    return lag;
}

std::optional<int> TimeStretch::lengthen(Samples past, Samples in, std::span<std::int16_t> out, int longest,
                                         double daring) {
    const int size = static_cast<int>(out.size());
    longest = std::min({longest, kLongest, size});
    if (longest < kShortest || size > kWindow || past.size() < kLongest ||
        static_cast<int>(in.size()) < size - kShortest)
        return std::nullopt;
    // One piece, so that what is repeated may reach from the past into the present.
    std::array<std::int16_t, kLongest + kWindow> joined{};
    const int ahead = std::min(static_cast<int>(in.size()), kWindow);
    std::copy(past.end() - kLongest, past.end(), joined.begin());
    std::copy(in.begin(), in.begin() + ahead, joined.begin() + kLongest);
    const std::int16_t* present = joined.data() + kLongest;

    const auto lag = findLag(present, -1, longest, std::min(ahead, size - kShortest), daring);
    if (!lag) return std::nullopt;
    const int overlap = std::min(size - kShortest, kOverlap);
    fade(present, present - *lag, overlap, out.data());
    std::copy(present - *lag + overlap, present - *lag + size, out.begin() + overlap);
    return lag;
}

}  // namespace kith::jitter
