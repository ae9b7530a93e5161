// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "protocol/base/result.h"
#include "protocol/session/path.h"

namespace kith::session {

/// Cuts the streams of a link into commands. Keeps at most one command a stream that is not whole yet.
class CommandCutter {
public:
    /// Appends the commands that are whole now. An error: the stream makes no sense from here on.
    Result<void> feed(Stream stream, ByteView bytes, std::vector<Bytes>& commands);

private:
    struct Partial {
        Stream stream;
        Bytes bytes;
    };
    std::vector<Partial> m_partials;  ///< of streams that have one; usually none
};

/// The stream with this number; nothing: there is none.
std::optional<Stream> streamFrom(std::uint8_t number);

}  // namespace kith::session
