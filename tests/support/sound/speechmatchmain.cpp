// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <cstdio>

#include "tests/support/sound/speechmatch.h"

// kith-speechmatch REFERENCE.wav RECORDING.wav: exit 0 if the speech of the one is whole in the other, 1 if not, 2 if a
// file can't be read.
int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: kith-speechmatch reference.wav recording.wav\n");
        return 2;
    }
    const auto reference = kith::test::readWaveFile(argv[1]);
    const auto recording = kith::test::readWaveFile(argv[2]);
    if (!reference || !recording) {
        std::fprintf(stderr, "kith-speechmatch: can't read %s\n", reference ? argv[2] : argv[1]);
        return 2;
    }
    const auto verdict = kith::test::matchSpeech(*reference, *recording);
    std::printf("%s\n", verdict.text().c_str());
    return verdict.matches() ? 0 : 1;
}
