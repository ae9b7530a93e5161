// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/base/bytes.h"
#include "protocol/link/lossdetection.h"

namespace kith::link {

/// A packet that is being written: the buffer it grows in, how far it may, and what has to be remembered of it.
class PacketDraft {
public:
    /// `limit`: the size that `out` may reach.
    PacketDraft(Bytes& out, std::size_t limit) : m_out(out), m_limit(limit) {}

    [[nodiscard]] Bytes& out() { return m_out; }
    [[nodiscard]] std::size_t room() const { return m_limit - m_out.size(); }
    /// Whether a frame of this size and the memory of it fit.
    [[nodiscard]] bool takes(std::size_t bytes) const { return m_count < SentPacket::kMaxFrames && bytes <= room(); }
    void remember(const SentFrame& frame) { m_list[m_count++] = frame; }
    void askForAck() { m_asksForAck = true; }

    [[nodiscard]] bool asksForAck() const { return m_asksForAck; }
    [[nodiscard]] std::uint8_t count() const { return m_count; }
    [[nodiscard]] const std::array<SentFrame, SentPacket::kMaxFrames>& list() const { return m_list; }

private:
    Bytes& m_out;
    std::size_t m_limit;
    std::array<SentFrame, SentPacket::kMaxFrames> m_list{};
    std::uint8_t m_count = 0;
    bool m_asksForAck = false;
};

}  // namespace kith::link
