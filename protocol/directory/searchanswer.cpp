// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/directory/searchanswer.h"

#include <algorithm>

namespace kith::directory {

void SearchAnswer::add(const SignedUserRecord& user) {
    auto chain = crypto::decodeChain(user.credential);
    if (!chain || chain->empty() || m_answer.hits.size() == kMaxHits) return;
    SearchHit hit{user.record, user.signature, std::move(chain->front()), 0};
    chain->erase(chain->begin());
    const Bytes issuers = crypto::encodeChain(*chain);
    const auto at = std::ranges::find(m_answer.issuers, issuers);
    const std::size_t more = at == m_answer.issuers.end() ? issuers.size() : 0;
    const std::size_t size = hit.record.size() + hit.signature.size() + hit.leaf.size() + more;
    if (m_bytes + size > kMaxBytes) return;
    m_bytes += size;
    hit.issuers = static_cast<std::uint8_t>(at - m_answer.issuers.begin());
    if (more > 0) m_answer.issuers.push_back(issuers);
    m_answer.hits.push_back(std::move(hit));
}

std::vector<SignedUserRecord> recordsIn(const Searched& answer) {
    std::vector<SignedUserRecord> out;
    for (const SearchHit& hit : answer.hits) {
        if (hit.issuers >= answer.issuers.size()) continue;
        auto chain = crypto::decodeChain(answer.issuers[hit.issuers]);
        if (!chain || chain->size() >= crypto::kMaxChainLength) continue;
        chain->insert(chain->begin(), hit.leaf);
        out.push_back({hit.record, hit.signature, crypto::encodeChain(*chain)});
    }
    return out;
}

}  // namespace kith::directory
