// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <vector>

#include "protocol/wire/tcpstream.h"
#include "tests/fuzz/require.h"

// A stream of frames behind the keystream, in one piece and cut as the first byte says: the frames are the same.
namespace kith::fuzz {

namespace {

struct Outcome {
    std::vector<Bytes> frames;
    bool isBroken = false;
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome cut(ByteView stream, std::size_t piece) {
    wire::StreamFramer framer;
    Outcome out;
    while (!stream.empty() && !out.isBroken) {
        const std::size_t size = std::min(piece, stream.size());
        framer.feed(stream.first(size));
        stream = stream.subspan(size);
        while (true) {
            const auto frame = framer.next();
            out.isBroken = !frame;
            if (!frame || !*frame) break;
            require((*frame)->size() <= wire::kMaxStreamFrame);
            out.frames.push_back(toBytes(**frame));
        }
        require(framer.buffered() <= wire::kMaxStreamFrame + 2);
    }
    return out;
}

}  // namespace

}  // namespace kith::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kith;
    if (size < 1) return 0;
    const ByteView stream = std::as_bytes(std::span(data, size)).subspan(1);
    const std::size_t piece = data[0] + std::size_t{1};
    fuzz::require(fuzz::cut(stream, piece) == fuzz::cut(stream, stream.size() + 1));
    return 0;
}
