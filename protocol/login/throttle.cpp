// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/throttle.h"

#include <algorithm>

namespace kith::login {

Duration Throttle::waitOf(Now now, const std::string& key) const {
    const auto at = m_entries.find(key);
    if (at == m_entries.end()) return {};
    return std::max(Duration{}, at->second.until - now.at);
}

void Throttle::failed(Now now, const std::string& key) {
    Entry entry;
    if (const auto at = m_entries.find(key); at != m_entries.end() && now.at - at->second.last < m_options.forgetAfter)
        entry = at->second;
    forget(key);
    while (m_entries.size() >= m_options.capacity) forget(std::string(m_byAge.begin()->second));
    ++entry.failures;
    entry.last = now.at;
    const int doublings = entry.failures - m_options.freeTries;
    if (doublings > 0) {
        // 2^20 times the first wait is beyond every limit.
        const Duration wait = m_options.first * (std::int64_t{1} << std::min(doublings - 1, 20));
        entry.until = now.at + std::min(wait, m_options.most);
    }
    m_entries.emplace(key, entry);
    m_byAge.emplace(entry.last, key);
}

void Throttle::succeeded(const std::string& key) {
    forget(key);
}

void Throttle::forget(const std::string& key) {
    const auto at = m_entries.find(key);
    if (at == m_entries.end()) return;
    m_byAge.erase({at->second.last, key});
    m_entries.erase(at);
}

}  // namespace kith::login
