// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <tl/expected.hpp>

#include "protocol/base/error.h"

namespace kith {

/// What reads bytes or files returns this; nothing of ours throws.
template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Fault fault, std::string_view detail = {}) {
    return tl::make_unexpected(Error{fault, detail});
}

}  // namespace kith
