// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace kith::test {

/// Stands between a PulseAudio and its clients, and makes it hang or die at the worst moment: when a client has asked
/// for a stream and waits for the answer. Descriptors are not passed on: for clients without shared memory, see
/// settings().
class StallingProxy {
public:
    enum class Mode {
        Pass,
        Hold,           ///< nothing goes through, in either direction, until it passes again
        HoldAtStreams,  ///< Hold, from the next stream that is asked for
        DieAtStreams,   ///< closes all and takes nobody any more, from the next stream that is asked for
    };

    /// Paths of sockets: its own, and the server's.
    StallingProxy(const std::string& own, std::string server);
    ~StallingProxy();
    StallingProxy(const StallingProxy&) = delete;
    StallingProxy& operator=(const StallingProxy&) = delete;

    /// What belongs into the file that PULSE_CLIENTCONFIG names.
    static const char* settings() { return "enable-shm = no\nenable-memfd = no\n"; }

    void set(Mode mode);
    [[nodiscard]] Mode mode() const { return m_mode; }
    /// Whether the stream that was to be waited for was asked for.
    [[nodiscard]] bool caught() const { return m_caught; }

private:
    struct Pair {
        int client;
        int server;
        std::string asked;  ///< by the client, not passed on yet
    };

    void run();
    void accept();
    bool pass(Pair& pair, short clientEvents, short serverEvents);
    bool passWhole(Pair& pair);
    void closeAll();

    std::string m_server;
    int m_listening = -1;
    int m_wake = -1;
    std::atomic<bool> m_ending{false};
    std::atomic<bool> m_caught{false};
    std::atomic<Mode> m_mode{Mode::Pass};
    std::vector<Pair> m_pairs;
    std::thread m_thread;
};

}  // namespace kith::test
