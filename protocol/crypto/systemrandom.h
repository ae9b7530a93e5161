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

}  // namespace kith::crypto
