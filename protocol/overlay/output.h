// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <iterator>
#include <span>
#include <vector>

#include "protocol/session/transport.h"

/// What the machines of a server want from session::Transport.
namespace kith::overlay {

struct LinkCommand {
    session::LinkNumber link;
    session::Stream stream;
    Bytes command;
};
/// Carried out after the commands.
struct LinkClose {
    session::LinkNumber link;
    Fault reason;
};

/// Forward frames side by side in one buffer that is kept from batch to batch: no allocation a frame.
class ForwardBatch {
public:
    struct Entry {
        session::LinkNumber link;
        ChannelId channel;
        std::size_t offset;
        std::size_t size;
    };

    void add(session::LinkNumber link, const ChannelId& channel, ByteView innerFrame) {
        m_entries.push_back({link, channel, m_bytes.size(), innerFrame.size()});
        kith::append(m_bytes, innerFrame);
    }
    void append(const ForwardBatch& other) {
        for (const Entry& entry : other.entries()) add(entry.link, entry.channel, other.frameOf(entry));
    }
    [[nodiscard]] std::span<const Entry> entries() const { return m_entries; }
    [[nodiscard]] ByteView frameOf(const Entry& entry) const {
        return ByteView(m_bytes).subspan(entry.offset, entry.size);
    }
    /// Forgets the frames, keeps the memory.
    void clear() {
        m_entries.clear();
        m_bytes.clear();
    }

private:
    Bytes m_bytes;
    std::vector<Entry> m_entries;
};

struct Output {
    std::vector<LinkCommand> commands;
    ForwardBatch forwards;
    std::vector<LinkClose> closes;

    /// Leaves `other` empty but for its memory.
    void append(Output& other) {
        commands.insert(commands.end(), std::make_move_iterator(other.commands.begin()),
                        std::make_move_iterator(other.commands.end()));
        forwards.append(other.forwards);
        closes.insert(closes.end(), other.closes.begin(), other.closes.end());
        other.clear();
    }
    void clear() {
        commands.clear();
        forwards.clear();
        closes.clear();
    }
};

}  // namespace kith::overlay
