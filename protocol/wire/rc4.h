// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>

#include "protocol/base/bytes.h"

namespace kith::wire {

/// The stream of RC4 (RFC 6229 has its vectors). It is broken as a cipher and stands here to give traffic the look of
/// the seed's: nothing may depend on it for secrecy.
class Rc4 {
public:
    /// 1 to 256 bytes.
    explicit Rc4(ByteView key);

    void apply(ByteSpan data);

private:
    std::array<std::uint8_t, 256> m_state;
    std::uint8_t m_i = 0;
    std::uint8_t m_j = 0;
};

}  // namespace kith::wire
