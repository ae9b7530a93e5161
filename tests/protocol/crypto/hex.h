// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string_view>

#include "protocol/base/bytes.h"

namespace kith::test {

inline Bytes hex(std::string_view text) {
    return fromHex(text).value();
}

template <std::size_t N>
ByteArray<N> hexArray(std::string_view text) {
    return toArray<N>(hex(text)).value();
}

}  // namespace kith::test
