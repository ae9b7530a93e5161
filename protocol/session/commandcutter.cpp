// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/commandcutter.h"

#include <algorithm>

#include "protocol/session/vectors.h"
#include "protocol/wire/command.h"

namespace kith::session {

namespace {

/// How many bytes of the stream were whole commands.
Result<std::size_t> cut(ByteView stream, std::vector<Bytes>& commands) {
    std::size_t done = 0;
    while (done < stream.size()) {
        const auto size = wire::commandSize(stream.subspan(done));
        if (!size) return tl::make_unexpected(size.error());
        if (!*size) break;
        commands.push_back(toBytes(stream.subspan(done, **size)));
        done += **size;
    }
    return done;
}

}  // namespace

Result<void> CommandCutter::feed(Stream stream, ByteView bytes, std::vector<Bytes>& commands) {
    const auto partial =
        std::find_if(m_partials.begin(), m_partials.end(), [&](const Partial& p) { return p.stream == stream; });
    if (partial == m_partials.end()) {
        const auto done = cut(bytes, commands);
        if (!done) return tl::make_unexpected(done.error());
        if (*done < bytes.size()) m_partials.push_back({stream, toBytes(bytes.subspan(*done))});
        return {};
    }
    append(partial->bytes, bytes);
    const auto done = cut(partial->bytes, commands);
    if (!done) return tl::make_unexpected(done.error());
    partial->bytes.erase(partial->bytes.begin(), partial->bytes.begin() + static_cast<std::ptrdiff_t>(*done));
    if (partial->bytes.empty()) m_partials.erase(partial);
    if (m_partials.empty()) release(m_partials);
    return {};
}

std::optional<Stream> streamFrom(std::uint8_t number) {
    if (number > static_cast<std::uint8_t>(Stream::Call)) return std::nullopt;
    return static_cast<Stream>(number);
}

}  // namespace kith::session
