// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <initializer_list>

#include "protocol/base/bytes.h"

namespace kith::crypto {

/// Of the parts one after another, as if they were joined. For the safety number; everything else is on SHA-256.
ByteArray<64> sha512(std::initializer_list<ByteView> parts);

}  // namespace kith::crypto
