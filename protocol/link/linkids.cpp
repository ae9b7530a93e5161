// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/linkids.h"

#include <algorithm>

namespace kith::link {

std::optional<LinkId> OurIds::issue(RandomSource& random) {
    const auto spare = std::count_if(m_ids.begin(), m_ids.end(), [](const OurId& id) { return !id.isUsed; });
    if (static_cast<std::size_t>(spare) >= kSpare || m_ids.size() >= kMaxIds) return std::nullopt;
    m_ids.reserve(m_ids.size() + 1);
    m_ids.push_back({m_next++, false, false, LinkId::random(random)});
    return m_ids.back().id;
}

bool OurIds::hasUntold() const {
    return std::any_of(m_ids.begin(), m_ids.end(), [](const OurId& id) { return !id.isTold; });
}

std::optional<NumberedId> OurIds::takeUntold() {
    const auto at = std::find_if(m_ids.begin(), m_ids.end(), [](const OurId& id) { return !id.isTold; });
    if (at == m_ids.end()) return std::nullopt;
    at->isTold = true;
    return NumberedId{at->sequence, at->id};
}

void OurIds::tellAgain(std::uint32_t sequence) {
    for (OurId& own : m_ids) own.isTold = own.isTold && own.sequence != sequence;
}

std::optional<std::uint32_t> OurIds::sequenceOf(const LinkId& id) const {
    const auto at = std::find_if(m_ids.begin(), m_ids.end(), [&](const OurId& own) { return own.id == id; });
    if (at == m_ids.end()) return std::nullopt;
    return at->sequence;
}

void OurIds::markUsed(std::uint32_t sequence) {
    for (OurId& own : m_ids) own.isUsed = own.isUsed || own.sequence == sequence;
}

bool OurIds::isUsed(std::uint32_t sequence) const {
    return std::any_of(m_ids.begin(), m_ids.end(),
                       [&](const OurId& own) { return own.sequence == sequence && own.isUsed; });
}

std::vector<NumberedId> OurIds::unused() const {
    std::vector<NumberedId> ids;
    for (const OurId& own : m_ids)
        if (!own.isUsed) ids.push_back({own.sequence, own.id});
    return ids;
}

std::optional<LinkId> OurIds::retire(std::uint32_t sequence) {
    const auto at = std::find_if(m_ids.begin(), m_ids.end(), [&](const OurId& id) { return id.sequence == sequence; });
    if (at == m_ids.end()) return std::nullopt;
    const LinkId id = at->id;
    m_ids.erase(at);
    return id;
}

std::vector<LinkId> OurIds::all() const {
    std::vector<LinkId> ids;
    ids.reserve(m_ids.size());
    for (const OurId& own : m_ids) ids.push_back(own.id);
    return ids;
}

bool TheirIds::add(const NumberedId& id) {
    const auto seen = std::lower_bound(m_ahead.begin(), m_ahead.end(), id.sequence);
    if (id.sequence < m_expected || (seen != m_ahead.end() && *seen == id.sequence)) return true;
    if (m_spare.size() >= kMaxIds || m_ahead.size() >= kMaxIds) return false;
    m_ahead.insert(seen, id.sequence);
    while (!m_ahead.empty() && m_ahead.front() == m_expected) {
        m_ahead.erase(m_ahead.begin());
        ++m_expected;
    }
    if (m_ahead.empty()) m_ahead.shrink_to_fit();
    const auto place =
        std::lower_bound(m_spare.begin(), m_spare.end(), id,
                         [](const NumberedId& a, const NumberedId& b) { return a.sequence < b.sequence; });
    m_spare.insert(place, id);
    return true;
}

bool TheirIds::isSpare(std::uint64_t sequence) const {
    return std::ranges::any_of(m_spare, [&](const NumberedId& id) { return id.sequence == sequence; });
}

std::optional<NumberedId> TheirIds::takeSpare() {
    if (m_spare.empty()) return std::nullopt;
    const NumberedId id = m_spare.front();
    m_spare.erase(m_spare.begin());
    return id;
}

}  // namespace kith::link
