// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/weeklykeys.h"

#include "protocol/base/bytereader.h"
#include "protocol/base/bytewriter.h"

namespace kith::client {

namespace {

constexpr std::size_t kMost = 4;
constexpr std::size_t kStoredSize = 8 + 32;

}  // namespace

Result<WeeklyKeys> WeeklyKeys::decode(ByteView stored) {
    if (stored.size() % kStoredSize != 0 || stored.size() / kStoredSize > kMost)
        return fail(Fault::Malformed, "weekly keys");
    WeeklyKeys out;
    ByteReader reader(stored);
    while (!reader.atEnd()) {
        const auto made = reader.u64();
        auto key = reader.array<32>();
        if (!made || !key) return fail(Fault::Truncated, "weekly keys");
        out.m_keys.push_back({UnixTime{std::chrono::seconds{*made}},
                              std::make_shared<const crypto::SealingKey>(crypto::SealingKey::fromPrivate(*key))});
        wipe(*key);
    }
    return out;
}

Bytes WeeklyKeys::encoded() const {
    Bytes out;
    ByteWriter writer(out);
    for (const auto& key : m_keys)
        writer.u64(static_cast<std::uint64_t>(key.made.time_since_epoch().count())).bytes(key.key->privateKey());
    return out;
}

bool WeeklyKeys::refresh(UnixTime now, RandomSource& random) {
    // A clock that was ahead when a key was made must not keep it for ever.
    const auto before = m_keys.size();
    std::erase_if(m_keys, [now](const Key& key) { return key.made + kKeep <= now || key.made > now + kLife; });
    const bool forgot = m_keys.size() != before;
    if (!m_keys.empty() && now < m_keys.front().made + kLife) return forgot;
    m_keys.insert(m_keys.begin(),
                  {now, std::make_shared<const crypto::SealingKey>(crypto::SealingKey::generate(random))});
    if (m_keys.size() > kMost) m_keys.pop_back();
    return true;
}

UnixTime WeeklyKeys::due() const {
    return m_keys.empty() ? UnixTime{} : m_keys.front().made + kLife;
}

std::vector<std::shared_ptr<const crypto::SealingKey>> WeeklyKeys::keys() const {
    std::vector<std::shared_ptr<const crypto::SealingKey>> out;
    for (const auto& key : m_keys) out.push_back(key.key);
    return out;
}

}  // namespace kith::client
