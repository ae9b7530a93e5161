// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstddef>

#include "protocol/base/instant.h"

namespace kith::session {

/// How much waits in front of a TCP connection, and how much may: what the connection takes in 50 ms, judged by how
/// fast it took what it was given before. More would only make everything late.
class TcpBacklog {
public:
    static constexpr Duration kLongestQueue = std::chrono::milliseconds(50);
    static constexpr std::size_t kLeast = 4 * 1024;
    static constexpr std::size_t kUsual = 16 * 1024;  ///< until a rate is known
    static constexpr std::size_t kMost = 64 * 1024;

    void wrote(Instant at, std::size_t bytes);
    /// What the socket has not taken yet, of everything written up to now.
    void reported(Instant at, std::size_t bytes);

    [[nodiscard]] std::size_t held() const { return m_held; }
    [[nodiscard]] std::size_t limit() const { return m_limit; }
    [[nodiscard]] bool isFull() const { return m_held >= m_limit; }

private:
    void learn(double rate);

    std::size_t m_held = 0;
    std::size_t m_taken = 0;  ///< since m_since
    std::size_t m_limit = kUsual;
    double m_bytesPerSecond = 0;
    Instant m_since{};  ///< it has been busy
};

}  // namespace kith::session
