// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/directory/localslot.h"
#include "protocol/directory/lookup.h"
#include "protocol/directory/publisher.h"
#include "protocol/directory/searcher.h"
#include "protocol/directory/searchindex.h"
#include "protocol/wire/command.h"
#include "tests/fuzz/creduloussuite.h"
#include "tests/fuzz/require.h"
#include "tests/support/recordmaker.h"

// Records behind their signatures, the slot that takes them, and what a client makes of answers. The first byte chooses
// where the rest goes.
namespace kith::fuzz {

namespace {

struct World {
    test::Authority authority;
    test::RecordMaker anna{authority, "anna"};
    CredulousSuite suite;
    directory::Judge judge{suite, authority.trust()};
    Now now{Instant{}, UnixMillis(test::Authority::kNow)};
};

template <class M>
void decodeAndBack(ByteView list) {
    const auto message = wire::decodeObjects<M>(list);
    if (!message) return;
    const auto again = wire::decodeObjects<M>(wire::encodeObjects(*message));
    require(again && *again == *message);
}

void decoders(World&, ByteView bytes) {
    using namespace directory;
    decodeAndBack<UserRecord>(bytes);
    decodeAndBack<DeviceList>(bytes);
    decodeAndBack<Location>(bytes);
    decodeAndBack<Publish>(bytes);
    decodeAndBack<Published>(bytes);
    decodeAndBack<Found>(bytes);
    decodeAndBack<KeptRecords>(bytes);
    decodeAndBack<Search>(bytes);
    decodeAndBack<Searched>(bytes);
}

/// The blob is the input, everything around it is good.
void blobs(World& w, ByteView bytes) {
    auto user = w.anna.sign(w.anna.record());
    auto devices = w.anna.sign(w.anna.list());
    auto location = w.anna.sign(w.anna.location());
    user.record = devices.list = location.location = toBytes(bytes);
    const UnixTime now = w.now.seconds();
    if (const auto it = directory::verify(w.judge, user, now)) {
        require(it->record.name == w.anna.name && it->expires > now);
        require(directory::personKey(it->record.userKey) == w.anna.key());
    }
    if (const auto it = directory::verify(w.judge, devices, now))
        require(it->list.devices.size() <= directory::kMaxDevices);
    if (const auto it = directory::verify(w.judge, location, now)) require(it->location.device == w.anna.device());

    directory::LocalSlot slot({}, w.judge);
    slot.store(w.now, 1, {user, devices, location});
    slot.fetch(w.now, 2, w.anna.key());
    std::vector<directory::SlotAnswer> answers;
    slot.take(answers);
    require(answers.size() == 2);
}

void disk(World& w, ByteView bytes) {
    directory::LocalSlot slot({}, w.judge);
    static_cast<void>(slot.restore(w.now, {w.anna.key(), toBytes(bytes)}));
}

/// The rest is an answer, with the header that was waited for.
void answers(World& w, ByteView bytes) {
    directory::Lookup lookup(w.judge);
    lookup.linkUp(w.now);
    lookup.find(w.now, w.anna.name);
    Bytes command = wire::encodeCommand(directory::Found{}, 1);
    command.resize(command.size() - 2);
    append(command, bytes);
    lookup.receive(w.now, bytes);
    lookup.receive(w.now, command);
    std::vector<Bytes> commands;
    std::vector<directory::LookupEvent> events;
    lookup.take(commands, events);
    for (const auto& event : events)
        if (const auto* found = std::get_if<directory::PersonFound>(&event))
            require(found->person.record.name == w.anna.name);
}

/// The rest is the answer to a search, with the header that was waited for.
void searched(World& w, ByteView bytes) {
    directory::Searcher searcher(w.judge);
    searcher.linkUp(w.now);
    searcher.search(w.now, "anna");
    Bytes command = wire::encodeCommand(directory::Searched{}, 1);
    command.resize(command.size() - 2);
    append(command, bytes);
    searcher.receive(w.now, command);
    std::vector<Bytes> commands;
    std::vector<directory::SearchEnded> events;
    searcher.take(commands, events);
    for (const auto& event : events)
        if (event.people) require(event.people->size() <= directory::kMaxHits);
}

/// A text, a display name and another text, parted by NUL.
void texts(World& w, ByteView bytes) {
    const std::string all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto half = std::min(all.find('\0'), all.size());
    const std::string shown = all.substr(std::min(half + 1, all.size()));
    const auto query = directory::SearchQuery::parse(all.substr(0, half));
    if (!query || !isUtf8(shown)) return;
    directory::SearchIndex index;
    const auto place = index.add(w.anna.key(), w.anna.name, shown);
    index.add(w.anna.key(), UserName::parse("bert").value(), query->text());
    const auto match = query->match(w.anna.name, shown);
    const auto found = index.search(*query);
    require(!found.empty() && found.size() == (match ? 2U : 1U));
    index.remove(place);
    require(index.search(*query).size() == 1);
}

}  // namespace

}  // namespace kith::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kith;
    if (size == 0) return 0;
    static fuzz::World world;
    const ByteView bytes = std::as_bytes(std::span(data, size)).subspan(1);
    switch (data[0] % 6) {
        case 0: fuzz::decoders(world, bytes); break;
        case 1: fuzz::blobs(world, bytes); break;
        case 2: fuzz::disk(world, bytes); break;
        case 4: fuzz::searched(world, bytes); break;
        case 5: fuzz::texts(world, bytes); break;
        default: fuzz::answers(world, bytes); break;
    }
    return 0;
}
