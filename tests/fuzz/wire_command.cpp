// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/describe.h"
#include "protocol/wire/handshake.h"
#include "tests/fuzz/require.h"
#include "tests/protocol/wire/sampletypes.h"

// One command, as a stranger sends it. What decodes has one canonical encoding, which decodes to the same.
namespace kith::fuzz {

namespace {

template <class M>
void decodeAndBack(const wire::CommandView& command) {
    const auto message = wire::decode<M>(command);
    if (!message) return;
    const Bytes canonical = wire::encodeObjects(*message);
    const auto again = wire::decodeObjects<M>(canonical);
    require(again.has_value());
    require(wire::encodeObjects(*again) == canonical);
    require(canonical.size() <= command.objects.size());
    static_cast<void>(wire::print(*message));
}

}  // namespace

}  // namespace kith::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kith;
    const ByteView bytes = std::as_bytes(std::span(data, size));
    const auto length = wire::commandSize(bytes);
    const auto command = wire::parseCommand(bytes);
    static_cast<void>(wire::printObjects(bytes));
    if (!command) return 0;
    fuzz::require(length.value() == size);
    const bool isWhole = wire::checkObjects(command->objects).has_value();
    fuzz::require(isWhole == (wire::printObjects(command->objects).front() == '{'));
    fuzz::decodeAndBack<wire::Probe>(*command);
    fuzz::decodeAndBack<wire::ProbeAccept>(*command);
    fuzz::decodeAndBack<wire::ProbeRefuse>(*command);
    fuzz::decodeAndBack<wire::HandshakePart>(*command);
    fuzz::decodeAndBack<wire::test::Everything>(*command);
    fuzz::decodeAndBack<wire::test::Colours>(*command);
    fuzz::decodeAndBack<wire::test::Nest>(*command);
    return 0;
}
