// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/sound/stallingproxy.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <utility>

namespace kith::test {

namespace {

// A frame of PulseAudio's native protocol: length, channel (all ones: a command), three more words; then a command
// begins with the letter L and its number.
constexpr std::size_t kDescriptor = 20;
constexpr std::uint32_t kCreatePlayback = 3;
constexpr std::uint32_t kCreateRecord = 5;

std::uint32_t word(const std::string& bytes, std::size_t at) {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < 4; ++i) out = out << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    return out;
}

bool asksForStream(const std::string& frame) {
    if (word(frame, 4) != 0xffffffff || frame.size() < kDescriptor + 5 || frame[kDescriptor] != 'L') return false;
    const std::uint32_t command = word(frame, kDescriptor + 1);
    return command == kCreatePlayback || command == kCreateRecord;
}

sockaddr_un addressOf(const std::string& path) {
    sockaddr_un out{};
    out.sun_family = AF_UNIX;
    path.copy(out.sun_path, sizeof out.sun_path - 1);
    return out;
}

bool writeAll(int to, const char* bytes, std::size_t size) {
    while (size > 0) {
        const ssize_t done = send(to, bytes, size, MSG_NOSIGNAL);
        if (done <= 0) return false;
        bytes += done;
        size -= static_cast<std::size_t>(done);
    }
    return true;
}

}  // namespace

StallingProxy::StallingProxy(const std::string& own, std::string server) : m_server(std::move(server)) {
    m_wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    m_listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un address = addressOf(own);
    if (bind(m_listening, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(m_listening, 16) != 0)
        return;
    m_thread = std::thread([this] { run(); });
}

StallingProxy::~StallingProxy() {
    m_ending = true;
    set(Mode::Pass);
    if (m_thread.joinable()) m_thread.join();
    closeAll();
    if (m_listening >= 0) close(m_listening);
    close(m_wake);
}

void StallingProxy::set(Mode mode) {
    m_caught = false;
    m_mode = mode;
    const std::uint64_t one = 1;
    static_cast<void>(!write(m_wake, &one, sizeof one));
}

void StallingProxy::closeAll() {
    for (const Pair& pair : m_pairs) close(pair.client), close(pair.server);
    m_pairs.clear();
}

void StallingProxy::run() {
    while (!m_ending) {
        std::vector<pollfd> all{{m_wake, POLLIN, 0}};
        const bool holds = m_mode == Mode::Hold;
        if (!holds)
            for (Pair& pair : m_pairs) passWhole(pair);  // what was held back
        if (!holds && m_listening >= 0) all.push_back({m_listening, POLLIN, 0});
        const std::size_t first = all.size();
        if (!holds)
            for (const Pair& pair : m_pairs) {
                all.push_back({pair.client, POLLIN, 0});
                all.push_back({pair.server, POLLIN, 0});
            }
        poll(all.data(), all.size(), -1);
        std::uint64_t woken = 0;
        static_cast<void>(!read(m_wake, &woken, sizeof woken));
        if (m_mode == Mode::Hold) continue;
        for (std::size_t i = m_pairs.size(); i-- > 0;) {
            const std::size_t at = first + 2 * i;
            if (at + 1 >= all.size() || pass(m_pairs[i], all[at].revents, all[at + 1].revents)) continue;
            close(m_pairs[i].client);
            close(m_pairs[i].server);
            m_pairs.erase(m_pairs.begin() + static_cast<std::ptrdiff_t>(i));
        }
        if (m_mode == Mode::DieAtStreams && m_caught) {
            closeAll();
            close(std::exchange(m_listening, -1));
            m_mode = Mode::Pass;
        } else if (first == 2 && (all[1].revents & POLLIN) != 0) {
            accept();
        }
    }
}

void StallingProxy::accept() {
    const int client = accept4(m_listening, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un address = addressOf(m_server);
    if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        m_pairs.push_back({client, server, {}});
        return;
    }
    close(client);
    close(server);
}

bool StallingProxy::pass(Pair& pair, short clientEvents, short serverEvents) {
    std::array<char, 65536> buffer;
    if (serverEvents != 0) {
        const ssize_t got = read(pair.server, buffer.data(), buffer.size());
        if (got <= 0 || !writeAll(pair.client, buffer.data(), static_cast<std::size_t>(got))) return false;
    }
    if (clientEvents != 0) {
        const ssize_t got = read(pair.client, buffer.data(), buffer.size());
        if (got <= 0) return false;
        pair.asked.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return passWhole(pair);
}

bool StallingProxy::passWhole(Pair& pair) {
    while (pair.asked.size() >= kDescriptor) {
        const std::size_t size = kDescriptor + word(pair.asked, 0);
        if (pair.asked.size() < size) break;
        const bool stream = asksForStream(pair.asked.substr(0, size));
        if (stream && m_mode == Mode::DieAtStreams) {
            m_caught = true;
            break;
        }
        if (stream && m_mode == Mode::HoldAtStreams) {
            m_mode = Mode::Hold;
            m_caught = true;
        }
        if (m_mode == Mode::Hold) break;
        if (!writeAll(pair.server, pair.asked.data(), size)) return false;
        pair.asked.erase(0, size);
    }
    return true;
}

}  // namespace kith::test
