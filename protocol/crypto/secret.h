// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/base/bytes.h"

namespace kith::crypto {

/// A secret of fixed length that is wiped when it goes.
template <std::size_t N>
struct Secret {
    ByteArray<N> bytes{};

    Secret() = default;
    explicit Secret(const ByteArray<N>& from) : bytes(from) {}
    Secret(const Secret&) = default;
    Secret& operator=(const Secret&) = default;
    ~Secret() { wipe(bytes); }

    friend bool operator==(const Secret& a, const Secret& b) { return equalInConstantTime(a.bytes, b.bytes); }
};

/// Wipes a buffer of varying length when the scope ends, whichever way it ends.
class WipeAtEnd {
public:
    explicit WipeAtEnd(Bytes& secret) : m_secret(secret) {}
    ~WipeAtEnd() { wipe(m_secret); }
    WipeAtEnd(const WipeAtEnd&) = delete;
    WipeAtEnd& operator=(const WipeAtEnd&) = delete;

private:
    Bytes& m_secret;
};

}  // namespace kith::crypto
