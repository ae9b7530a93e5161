// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/media/srtp/referencecipher.h"

#include <openssl/evp.h>

#include <memory>

namespace kith::test {

namespace {

const unsigned char* raw(ByteView view) {
    return reinterpret_cast<const unsigned char*>(view.data());
}
unsigned char* raw(Bytes& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;
CipherContext makeContext() {
    return {EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
}

Bytes seal(ByteView key, const ByteArray<12>& iv, ByteView associated, ByteView plain) {
    const auto context = makeContext();
    Bytes out(plain.size() + 16);
    int length = 0;
    EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, raw(key), raw(iv));
    EVP_EncryptUpdate(context.get(), nullptr, &length, raw(associated), static_cast<int>(associated.size()));
    EVP_EncryptUpdate(context.get(), raw(out), &length, raw(plain), static_cast<int>(plain.size()));
    EVP_EncryptFinal_ex(context.get(), raw(out) + plain.size(), &length);
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, 16, out.data() + plain.size());
    return out;
}

Bytes number(std::uint32_t value) {
    return {static_cast<std::byte>(value >> 24), static_cast<std::byte>(value >> 16),
            static_cast<std::byte>(value >> 8), static_cast<std::byte>(value)};
}

/// 2 zero bytes, source, 6 bytes of packet index; exclusive or with the salt.
ByteArray<12> makeIv(ByteView salt, ByteView source, std::uint32_t index) {
    ByteArray<12> iv{};
    std::copy(source.begin(), source.end(), iv.begin() + 2);
    const Bytes low = number(index);
    std::copy(low.begin(), low.end(), iv.begin() + 8);
    for (std::size_t i = 0; i < 12; ++i) iv[i] ^= salt[i];
    return iv;
}

}  // namespace

Bytes deriveSessionKey(ByteView masterKey, ByteView masterSalt, std::uint8_t label, std::size_t size) {
    // The salt of GCM is 96 bits; it is filled up to the 112 of the key derivation, then comes a 16-bit counter.
    ByteArray<16> counter{};
    std::copy(masterSalt.begin(), masterSalt.end(), counter.begin());
    counter[7] ^= std::byte{label};
    const auto context = makeContext();
    EVP_EncryptInit_ex(context.get(), EVP_aes_256_ctr(), nullptr, raw(masterKey), raw(counter));
    const Bytes zeros(size);
    Bytes out(size);
    int length = 0;
    EVP_EncryptUpdate(context.get(), raw(out), &length, raw(zeros), static_cast<int>(size));
    return out;
}

Bytes sealRtp(ByteView key, ByteView salt, ByteView packet) {
    const auto sequence = std::to_integer<std::uint32_t>(packet[2]) << 8 | std::to_integer<std::uint32_t>(packet[3]);
    Bytes out = toBytes(packet.first(12));
    append(out, seal(key, makeIv(salt, packet.subspan(8, 4), sequence), packet.first(12), packet.subspan(12)));
    return out;
}

Bytes sealRtcp(ByteView key, ByteView salt, std::uint32_t index, ByteView packet) {
    const Bytes trailer = number(0x80000000U | index);
    Bytes associated = toBytes(packet.first(8));
    append(associated, trailer);
    Bytes out = toBytes(packet.first(8));
    append(out, seal(key, makeIv(salt, packet.subspan(4, 4), index), associated, packet.subspan(8)));
    append(out, trailer);
    return out;
}

}  // namespace kith::test
