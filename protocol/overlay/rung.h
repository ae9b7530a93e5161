// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "protocol/base/error.h"

namespace kith::overlay {

/// The ways onto the network, in the order in which they are tried.
enum class Rung : std::uint8_t { Udp, Tcp, Tcp80, Tcp443 };
inline constexpr std::size_t kRungs = 4;

/// "udp", "tcp", "80", "443".
std::string_view name(Rung rung);

/// Why each rung failed when it was tried last; empty: it was not tried.
using RungFaults = std::array<std::optional<Fault>, kRungs>;

}  // namespace kith::overlay
