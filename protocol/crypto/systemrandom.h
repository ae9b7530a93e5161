// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/base/random.h"

namespace kith::crypto {

/// OpenSSL's generator, seeded by the kernel. Ends the program if that has no randomness: there is nothing safe to do.
class SystemRandom : public RandomSource {
public:
    void fill(ByteSpan out) override;
};

/// Gives back what the library keeps for the calling thread: generators and errors. For the end of a thread that
/// nobody joins; what is used after it is made anew.
void forgetThread();

}  // namespace kith::crypto
