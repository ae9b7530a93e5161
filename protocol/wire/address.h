// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/base/bytereader.h"
#include "protocol/base/bytewriter.h"
#include "protocol/base/endpoint.h"

namespace kith::wire {

/// Family (1: 4 or 6), address (4 or 16), as it stands in frames in clear. IPv4 always as 4.
void writeAddress(ByteWriter& out, const IpAddress& address);
Result<IpAddress> readAddress(ByteReader& in);

}  // namespace kith::wire
