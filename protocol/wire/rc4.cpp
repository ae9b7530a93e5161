// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/rc4.h"

#include <cassert>
#include <utility>

namespace kith::wire {

Rc4::Rc4(ByteView key) {
    assert(!key.empty() && key.size() <= m_state.size());
    for (std::size_t i = 0; i < m_state.size(); ++i) m_state[i] = static_cast<std::uint8_t>(i);
    std::uint8_t j = 0;
    for (std::size_t i = 0; i < m_state.size(); ++i) {
        j = static_cast<std::uint8_t>(j + m_state[i] + std::to_integer<std::uint8_t>(key[i % key.size()]));
        std::swap(m_state[i], m_state[j]);
    }
}

void Rc4::apply(ByteSpan data) {
    for (std::byte& b : data) {
        m_i = static_cast<std::uint8_t>(m_i + 1);
        m_j = static_cast<std::uint8_t>(m_j + m_state[m_i]);
        std::swap(m_state[m_i], m_state[m_j]);
        b ^= static_cast<std::byte>(m_state[static_cast<std::uint8_t>(m_state[m_i] + m_state[m_j])]);
    }
}

}  // namespace kith::wire
