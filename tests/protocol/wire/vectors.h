// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string_view>
#include <vector>

#include "protocol/base/bytes.h"

namespace kith::wire::test {

/// A layout of tests/vectors/wire.txt; ends the program if there is none of this name.
Bytes vectorNamed(std::string_view name);

struct StreamVector {
    Bytes key;
    std::size_t offset;
    Bytes stream;
};
std::vector<StreamVector> rfc6229();

}  // namespace kith::wire::test
