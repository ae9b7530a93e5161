// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/base/bytereader.h"
#include "protocol/server/supernoderole.h"
#include "protocol/wire/command.h"
#include "tests/fuzz/creduloussuite.h"
#include "tests/fuzz/require.h"
#include "tests/support/authority.h"
#include "tests/support/nulllog.h"

// Three clients at a supernode. Each step is a byte that says who does what, and what it takes: commands and frames
// with a length (16 bit) in front, channels and locations by number, so that the input can speak of those that exist.
namespace kith::fuzz {

namespace {

constexpr session::LinkNumber kClients = 3;

struct World {
    test::SeededRandom random{5};
    CredulousSuite suite;
    test::NullLog log;
    server::SupernodeRole role;
    Now now{Instant{} + std::chrono::hours(1), UnixMillis(test::Authority::kNow)};
    std::vector<ChannelId> channels{ChannelId{}};
    std::vector<LocationId> locations{LocationId{}};
    overlay::Output out;
    std::vector<directory::KeepRequest> keep;

    explicit World(const crypto::Trust& trust) : role({}, NodeId{}, trust, {suite, random, log}) {}

    void open(session::LinkNumber link) {
        crypto::AccessIdentity id;
        id.id[0] = static_cast<std::byte>(link);
        role.linkOpened(now, {link, session::Role::Node, true, id, {}, session::TcpPath{link}});
        command(link, session::Stream::Overlay, wire::encodeCommand(overlay::Attach{}, 1));
    }
    void command(session::LinkNumber link, session::Stream stream, Bytes bytes) {
        role.receive(now, session::CommandReceived{link, stream, std::move(bytes)});
        settle();
    }
    void settle() {
        out.clear();
        keep.clear();
        role.take(out, keep);
        for (const auto& command : out.commands) learn(command.command);
        for (const auto& close : out.closes) {
            role.linkClosed(close.link);
            open(close.link);
        }
    }
    void learn(ByteView command) {
        require(command.size() <= wire::kMaxCommandSize);
        const auto view = wire::parseCommand(command);
        require(view.has_value());
        if (const auto it = wire::decode<overlay::PassedOn>(*view)) channels.push_back(it->channel);
        if (const auto it = wire::decode<overlay::Reached>(*view)) channels.push_back(it->channel);
        if (const auto it = wire::decode<overlay::Attached>(*view)) locations.push_back(it->location);
    }
    void pass(Duration time) {
        now.at += time;
        now.wall += std::chrono::duration_cast<std::chrono::milliseconds>(time);
        role.wake(now);
        settle();
    }
    /// One step; an error: the input has ended.
    Result<void> step(ByteReader& reader);
};

Result<void> World::step(ByteReader& reader) {
    const auto what = reader.u8();
    const auto argument = reader.u8();
    if (!what || !argument) return fail(Fault::Truncated);
    const session::LinkNumber link = 1 + *what % kClients;
    const ChannelId channel = channels[*argument % channels.size()];
    const auto bytes = [&]() -> Bytes {
        const auto length = reader.u16();
        if (!length) return {};
        return toBytes(*reader.bytes(std::min<std::size_t>(*length, reader.remaining())));
    };
    switch (*what / kClients % 7) {
        case 0: command(link, static_cast<session::Stream>(*argument % 4), bytes()); break;
        case 1:
            command(link, session::Stream::Overlay,
                    wire::encodeCommand(overlay::Reach{NodeId{}, locations[*argument % locations.size()], {}}, 1));
            break;
        case 2: command(link, session::Stream::Overlay, wire::encodeCommand(overlay::AcceptChannel{channel})); break;
        case 3: command(link, session::Stream::Overlay, wire::encodeCommand(overlay::CloseChannel{channel})); break;
        case 4:
            role.receive(now, session::ForwardReceived{link, channel, bytes()});
            settle();
            break;
        case 5:
            role.linkClosed(link);
            settle();
            open(link);
            break;
        default: pass(std::chrono::milliseconds(1 << (*argument % 24))); break;
    }
    return {};
}

}  // namespace

}  // namespace kith::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kith;
    static const test::Authority authority;
    fuzz::World world(authority.trust());
    for (session::LinkNumber link = 1; link <= fuzz::kClients; ++link) world.open(link);
    ByteReader reader(std::as_bytes(std::span(data, size)));
    while (world.step(reader)) {
    }
    for (session::LinkNumber link = 1; link <= fuzz::kClients; ++link) world.role.linkClosed(link);
    for (int i = 0; i < 3; ++i) world.pass(std::chrono::minutes(10));
    fuzz::require(world.role.overlay().channelCount() == 0 && world.role.clientCount() == 0);
    return 0;
}
