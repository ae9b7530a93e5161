// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>
#include <string_view>

#include "protocol/base/bytes.h"
#include "protocol/base/result.h"

/// Bytes as text that people copy by hand: Crockford's base 32 in groups of four, joined by hyphens.
namespace kith::login {

/// Sizes that are no multiple of five bytes get zero bits at the end.
std::string codeText(ByteView bytes);
/// Takes small letters, spaces and any hyphens, O for 0, I and L for 1. Malformed: other characters, or bits left over
/// that are not zero.
Result<Bytes> codeBytes(std::string_view text);

}  // namespace kith::login
