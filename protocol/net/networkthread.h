// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "protocol/base/result.h"
#include "protocol/link/carrier.h"

namespace kith::net {

/// A thread with sockets, clocks and one timer that drives one machine. The machine is made, called and destroyed on
/// the thread. Made, started and stopped by one other thread, which joins it.
class NetworkThread {
public:
    struct Options {
        IpAddress address{};                  ///< to bind; unspecified: all
        std::uint16_t udpPort = 0;            ///< 0: any
        bool sameTcpPort = false;             ///< listen on TCP at the port that UDP got
        std::vector<std::uint16_t> tcpPorts;  ///< listen there, too
        std::function<void()> ended{};        ///< called on the thread when the machine is gone; may be empty
    };
    using Make = std::function<std::unique_ptr<link::CarrierUser>()>;

    NetworkThread();
    /// Stops it.
    ~NetworkThread();
    NetworkThread(const NetworkThread&) = delete;
    NetworkThread& operator=(const NetworkThread&) = delete;

    /// Binds, makes the machine and runs. InUse, PermissionDenied, Unreachable: nothing runs. Blocks until it is known.
    Result<void> start(Options options, Make make);
    /// The port that UDP got.
    [[nodiscard]] std::uint16_t udpPort() const;
    /// Runs this on the thread, then takes what the machine has to say. Any thread, also the network thread itself;
    /// after stop() it is dropped.
    void post(std::function<void(Now)> call);
    /// Destroys the machine and joins the thread. What was posted before is carried out first.
    void stop();

private:
    class Loop;
    class Thread;
    std::unique_ptr<Thread> m_thread;
    std::mutex m_hand;  ///< held by whoever posts, and while what is posted to comes or goes
    std::unique_ptr<Loop> m_loop;
};

}  // namespace kith::net
