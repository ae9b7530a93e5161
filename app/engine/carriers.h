// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <set>

#include "protocol/session/transport.h"

namespace kith::engine {

/// The transports of a run, one after the other: each belongs to one network and begins to number its TCP connections
/// anew, while the sockets of the program go on. Stands between the two.
class Carriers {
public:
    /// Takes the place of the one before, whose connections are closed.
    void use(std::unique_ptr<session::Transport> transport);
    /// Null: there was none yet.
    [[nodiscard]] session::Transport* transport() const { return m_transport.get(); }

    void receive(Now now, const link::TcpConnected& event);
    void receive(Now now, const link::TcpClosed& event);
    void receiveTcp(Now now, link::TcpNumber connection, ByteView bytes);
    void tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes);
    void take(link::CarrierOutput& out, std::vector<session::Event>& events);

private:
    /// More connections than one transport opens.
    static constexpr link::TcpNumber kRange = link::TcpNumber{1} << 32;

    [[nodiscard]] bool isOurs(link::TcpNumber connection) const { return m_open.contains(connection); }
    void translate(link::CarrierOutput& from, link::CarrierOutput& to);

    std::unique_ptr<session::Transport> m_transport;
    link::TcpNumber m_base = 0;
    std::set<link::TcpNumber> m_open;        ///< of this transport, as the sockets know them
    std::vector<link::TcpClose> m_leftOver;  ///< of those before
};

}  // namespace kith::engine
