// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/base/bytereader.h"
#include "protocol/client/accountfile.h"
#include "protocol/client/vaultpeople.h"
#include "protocol/overlay/hostcache.h"
#include "tests/fuzz/require.h"

// What a client finds on its disk and in its vault; the first byte says which of it. What can be read, is written again
// as it was.

namespace {

using namespace kith;

void readAccount(ByteView bytes) {
    std::map<client::Item, Bytes> items;
    ByteReader reader(bytes);
    for (const auto item : {client::Item::Keys, client::Item::Account, client::Item::Vault}) {
        const auto length = reader.u16();
        if (!length) break;
        items[item] = toBytes(*reader.bytes(std::min<std::size_t>(*length, reader.remaining())));
    }
    static_cast<void>(client::keptAccount(items));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto bytes = std::as_bytes(std::span(data, size)).subspan(1);
    switch (data[0] % 4) {
        case 0:
            if (auto cache = overlay::HostCache::decode(bytes)) {
                fuzz::require(cache->encoded() == toBytes(bytes));
                fuzz::require(cache->size() <= overlay::HostCache::kCapacity);
                for (const auto& server : cache->entries()) cache->worked(server, overlay::Rung::Udp);
                fuzz::require(overlay::HostCache::decode(cache->encoded()).has_value());
            }
            return 0;
        case 1:
            if (const auto people = client::decodeVaultPeople(bytes))
                fuzz::require(client::decodeVaultPeople(client::encode(*people)) == people);
            return 0;
        case 2:
            if (const auto keys = client::WeeklyKeys::decode(bytes)) fuzz::require(keys->encoded() == toBytes(bytes));
            return 0;
        default: readAccount(bytes); return 0;
    }
}
