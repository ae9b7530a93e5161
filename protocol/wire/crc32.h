// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>

#include "protocol/base/bytes.h"

namespace kith::wire {

/// CRC-32/JAMCRC: the polynomial of IEEE 802.3, reflected, starts with all ones, not inverted at the end. "123456789"
/// gives 0x340BC6D9. Finds a wrong key of the obfuscation; protects nothing.
std::uint32_t crc32(ByteView bytes);

}  // namespace kith::wire
