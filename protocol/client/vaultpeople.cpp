// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/vaultpeople.h"

#include "protocol/base/bytereader.h"
#include "protocol/base/bytewriter.h"

namespace kith::client {

namespace {

constexpr std::uint8_t kContact = 1;
constexpr std::uint8_t kTopic = 2;
constexpr std::uint8_t kChoice = 3;
constexpr std::uint8_t kView = 4;

void put(Bytes& out, std::uint8_t kind, ByteView entry) {
    ByteWriter(out).u8(kind).varint(entry.size()).bytes(entry);
}

Result<void> take(VaultPeople& people, std::uint8_t kind, ByteView entry) {
    if (kind == kContact) {
        if (people.contacts.size() == contacts::kMaxRecords) return fail(Fault::TooLarge, "contacts of the vault");
        auto record = wire::decodeObjects<contacts::Record>(entry);
        if (!record) return tl::make_unexpected(record.error());
        people.contacts.push_back(std::move(*record));
    } else if (kind == kTopic) {
        auto topic = wire::decodeObjects<presence::OwnTopic>(entry);
        if (!topic) return tl::make_unexpected(topic.error());
        people.topic = *topic;
    } else if (kind == kChoice) {
        auto choice = wire::decodeObjects<presence::Choice>(entry);
        if (!choice) return tl::make_unexpected(choice.error());
        people.choice = std::move(*choice);
    } else if (kind == kView) {
        if (people.views.size() == contacts::kMaxRecords) return fail(Fault::TooLarge, "views of the vault");
        auto view = wire::decodeObjects<presence::View>(entry);
        if (!view) return tl::make_unexpected(view.error());
        people.views.push_back(std::move(*view));
    }
    return {};
}

}  // namespace

Bytes encode(const VaultPeople& people) {
    Bytes out;
    for (const auto& record : people.contacts) put(out, kContact, wire::encodeObjects(record));
    if (people.topic) put(out, kTopic, wire::encodeObjects(*people.topic));
    if (people.choice) put(out, kChoice, wire::encodeObjects(*people.choice));
    for (const auto& view : people.views) put(out, kView, wire::encodeObjects(view));
    return out;
}

Result<VaultPeople> decodeVaultPeople(ByteView stored) {
    VaultPeople people;
    ByteReader reader(stored);
    while (!reader.atEnd()) {
        const auto kind = reader.u8();
        const auto size = kind ? reader.varint() : tl::make_unexpected(kind.error());
        if (!size) return tl::make_unexpected(size.error());
        const auto entry = reader.bytes(*size);
        if (!entry) return tl::make_unexpected(entry.error());
        if (const auto taken = take(people, *kind, *entry); !taken) return tl::make_unexpected(taken.error());
    }
    return people;
}

}  // namespace kith::client
