// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/vault.h"

#include "protocol/base/bytereader.h"
#include "protocol/base/bytewriter.h"
#include "protocol/crypto/sealedbox.h"

namespace kith::login {

namespace {

// Stored: never renumber.
constexpr std::uint8_t kUserSeed = 0;
constexpr std::uint8_t kDisplayName = 1;
constexpr std::uint8_t kContacts = 2;
constexpr std::uint8_t kSettings = 3;
constexpr std::size_t kSectionHeader = 5;
constexpr std::size_t kMaxOthers = 64;

void writeSection(ByteWriter& out, std::uint8_t kind, ByteView bytes) {
    out.u8(kind).u32(static_cast<std::uint32_t>(bytes.size())).bytes(bytes);
}

std::size_t sizeOf(const VaultContent& content) {
    std::size_t size = 4 * kSectionHeader + content.userSeed.bytes.size() + content.displayName.size() +
                       content.contacts.size() + content.settings.size();
    for (const auto& [kind, bytes] : content.others) size += kSectionHeader + bytes.size();
    return size;
}

Result<void> readSection(VaultContent& content, std::uint8_t kind, ByteView bytes) {
    if (kind == kUserSeed) {
        const auto seed = toArray<32>(bytes);
        if (!seed) return fail(Fault::Malformed, "user key in a vault");
        content.userSeed = crypto::Secret<32>(*seed);
    } else if (kind == kDisplayName) {
        if (!isUtf8(asText(bytes))) return fail(Fault::Malformed, "display name in a vault");
        content.displayName = asText(bytes);
    } else if (kind == kContacts) {
        content.contacts = toBytes(bytes);
    } else if (kind == kSettings) {
        content.settings = toBytes(bytes);
    } else if (content.others.size() < kMaxOthers) {
        content.others.emplace_back(kind, toBytes(bytes));
    } else {
        return fail(Fault::TooLarge, "sections of a vault");
    }
    return {};
}

}  // namespace

Result<Bytes> encodeVault(const VaultContent& content) {
    const std::size_t size = sizeOf(content);
    if (size > kMaxVault) return fail(Fault::TooLarge, "vault");
    Bytes out;
    out.reserve(size);  // never moved while it grows: nothing secret is left behind
    ByteWriter writer(out);
    writeSection(writer, kUserSeed, content.userSeed.bytes);
    writeSection(writer, kDisplayName, asBytes(content.displayName));
    writeSection(writer, kContacts, content.contacts);
    writeSection(writer, kSettings, content.settings);
    for (const auto& [kind, bytes] : content.others) writeSection(writer, kind, bytes);
    return out;
}

Result<VaultContent> decodeVault(ByteView bytes) {
    if (bytes.size() > kMaxVault) return fail(Fault::TooLarge, "vault");
    ByteReader reader(bytes);
    VaultContent out;
    int last = -1;
    int known = 0;
    while (!reader.atEnd()) {
        const auto kind = reader.u8();
        const auto size = reader.u32();
        if (!kind || !size) return fail(Fault::Truncated, "vault");
        if (*kind <= last) return fail(Fault::Malformed, "order of a vault's sections");
        const auto section = reader.bytes(*size);
        if (!section) return tl::make_unexpected(section.error());
        if (const auto read = readSection(out, *kind, *section); !read) return tl::make_unexpected(read.error());
        last = *kind;
        if (*kind <= kSettings) ++known;
    }
    if (known <= kSettings) return fail(Fault::MissingField, "section of a vault");
    return out;
}

Bytes encodeSealed(const SealedVault& vault) {
    Bytes out;
    ByteWriter writer(out);
    writer.u64(vault.version);
    for (const Bytes* part : {&vault.passwordWrap, &vault.recoveryWrap, &vault.box})
        writer.u32(static_cast<std::uint32_t>(part->size())).bytes(*part);
    return out;
}

Result<SealedVault> decodeSealed(ByteView bytes) {
    ByteReader reader(bytes);
    SealedVault out;
    const auto version = reader.u64();
    if (!version) return tl::make_unexpected(version.error());
    out.version = *version;
    for (Bytes* part : {&out.passwordWrap, &out.recoveryWrap, &out.box}) {
        const auto size = reader.u32();
        if (!size) return tl::make_unexpected(size.error());
        const auto view = reader.bytes(*size);
        if (!view) return tl::make_unexpected(view.error());
        *part = toBytes(*view);
    }
    if (!reader.atEnd()) return fail(Fault::TrailingBytes, "sealed vault");
    return out;
}

Bytes VaultSealer::associated(std::string_view label, std::uint64_t version) const {
    Bytes out = toBytes(label);
    out.push_back(std::byte{0});
    append(out, m_network.bytes);
    ByteWriter(out).u64(version);
    append(out, asBytes(m_user.text()));
    return out;
}

Bytes VaultSealer::wrap(const crypto::Secret<32>& vaultKey, const crypto::Secret<32>& under,
                        RandomSource& random) const {
    return crypto::sealBox(under.bytes, associated("kith vault key 1", 0), vaultKey.bytes, random);
}

Result<crypto::Secret<32>> VaultSealer::unwrap(ByteView wrapped, const crypto::Secret<32>& under) const {
    auto key = crypto::openBox(under.bytes, associated("kith vault key 1", 0), wrapped);
    if (!key) return tl::make_unexpected(key.error());
    const crypto::WipeAtEnd wiped(*key);
    const auto bytes = toArray<32>(*key);
    if (!bytes) return fail(Fault::Malformed, "vault key");
    return crypto::Secret<32>(*bytes);
}

Result<Bytes> VaultSealer::seal(const VaultContent& content, std::uint64_t version, const crypto::Secret<32>& vaultKey,
                                RandomSource& random) const {
    auto plain = encodeVault(content);
    if (!plain) return plain;
    const crypto::WipeAtEnd wiped(*plain);
    return crypto::sealBox(vaultKey.bytes, associated("kith vault 1", version), *plain, random);
}

Result<VaultContent> VaultSealer::open(ByteView box, std::uint64_t version, const crypto::Secret<32>& vaultKey) const {
    auto plain = crypto::openBox(vaultKey.bytes, associated("kith vault 1", version), box);
    if (!plain) return tl::make_unexpected(plain.error());
    const crypto::WipeAtEnd wiped(*plain);
    return decodeVault(*plain);
}

}  // namespace kith::login
