// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/sound/wavefile.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>

namespace kith::test {

namespace {

template <class T>
T littleEndian(const std::vector<char>& bytes, std::size_t at) {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
        value =
            static_cast<T>(value | static_cast<T>(static_cast<T>(static_cast<unsigned char>(bytes[at + i])) << 8 * i));
    return value;
}

template <class T>
void put(std::string& out, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<char>(value >> 8 * i));
}

}  // namespace

std::optional<Sound> readWaveFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    if (bytes.size() < 12 || std::memcmp(bytes.data(), "RIFF", 4) != 0) return std::nullopt;
    Sound sound;
    std::size_t channels = 0;
    for (std::size_t at = 12; at + 8 <= bytes.size();) {
        const std::string name(bytes.data() + at, 4);
        at += 8;
        // A program that writes into a pipe doesn't know the size and puts a huge one.
        const std::size_t size = std::min<std::size_t>(littleEndian<std::uint32_t>(bytes, at - 4), bytes.size() - at);
        if (name == "fmt " && size >= 16) {
            channels = littleEndian<std::uint16_t>(bytes, at + 2);
            sound.rate = littleEndian<std::int32_t>(bytes, at + 4);
            if (littleEndian<std::uint16_t>(bytes, at + 14) != 16) return std::nullopt;
        } else if (name == "data") {
            if (channels == 0 || sound.rate <= 0) return std::nullopt;
            for (std::size_t i = 0; i + 2 * channels <= size; i += 2 * channels) {
                float sum = 0;
                for (std::size_t c = 0; c < channels; ++c)
                    sum += static_cast<float>(
                        static_cast<std::int16_t>(littleEndian<std::uint16_t>(bytes, at + i + 2 * c)));
                sound.samples.push_back(sum / 32768.0F / static_cast<float>(channels));
            }
            return sound;
        }
        at += size + size % 2;
    }
    return std::nullopt;
}

bool writeWaveFile(const std::string& path, const Sound& sound) {
    const auto dataSize = static_cast<std::uint32_t>(sound.samples.size() * 2);
    std::string out = "RIFF";
    put<std::uint32_t>(out, 36 + dataSize);
    out += "WAVEfmt ";
    put<std::uint32_t>(out, 16);
    put<std::uint16_t>(out, 1);
    put<std::uint16_t>(out, 1);
    put<std::uint32_t>(out, static_cast<std::uint32_t>(sound.rate));
    put<std::uint32_t>(out, static_cast<std::uint32_t>(sound.rate) * 2);
    put<std::uint16_t>(out, 2);
    put<std::uint16_t>(out, 16);
    out += "data";
    put<std::uint32_t>(out, dataSize);
    for (const float sample : sound.samples)
        put<std::uint16_t>(out, static_cast<std::uint16_t>(std::lround(std::clamp(sample, -1.0F, 1.0F) * 32767)));
    std::ofstream file(path, std::ios::binary);
    file.write(out.data(), static_cast<std::streamsize>(out.size()));
    return file.good();
}

Sound resampled(const Sound& sound, int rate) {
    if (rate == sound.rate || sound.samples.empty()) return sound;
    const double step = static_cast<double>(sound.rate) / rate;
    const auto count = static_cast<std::size_t>(static_cast<double>(sound.samples.size()) / step);
    std::vector<double> sums(sound.samples.size() + 1, 0.0);
    for (std::size_t i = 0; i < sound.samples.size(); ++i)
        sums[i + 1] = sums[i] + static_cast<double>(sound.samples[i]);
    const auto integral = [&](double at) {
        at = std::clamp(at, 0.0, static_cast<double>(sound.samples.size()));
        const auto whole = std::min(static_cast<std::size_t>(at), sound.samples.size() - 1);
        return sums[whole] + (at - static_cast<double>(whole)) * static_cast<double>(sound.samples[whole]);
    };
    Sound out{rate, std::vector<float>(count)};
    const double half = std::max(step, 1.0) / 2;
    for (std::size_t i = 0; i < count; ++i) {
        const double at = (static_cast<double>(i) + 0.5) * step;
        out.samples[i] = static_cast<float>((integral(at + half) - integral(at - half)) / (2 * half));
    }
    return out;
}

}  // namespace kith::test
