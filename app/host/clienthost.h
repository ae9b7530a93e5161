// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "app/engine/events.h"
#include "media/audio/soundsystem.h"
#include "protocol/base/log.h"
#include "protocol/call/policy.h"
#include "protocol/net/networkthread.h"
#include "protocol/threads/inbox.h"

namespace kith::app {

/// One client of a program: the engine on its network thread, with store, sound, password thread and name lookup as
/// rims. Window, headless client and echo contact differ in what they hand in. Made, started and stopped on one thread.
class ClientHost {
public:
    using MakeSound = std::function<std::unique_ptr<audio::SoundSystem>(std::function<void()> wakeUp)>;

    struct Options {
        std::filesystem::path data;  ///< made if it isn't there, 0700
        /// Called once, on the network thread; `wakeUp` may be called on any thread.
        MakeSound makeSound;
        /// Called on the thread that made the host.
        std::function<void(const engine::Event&)> happened;
        LogSink& log;
        call::Policy calls{};
    };

    explicit ClientHost(Options options);
    /// Stops it: what was accepted is on disk then.
    ~ClientHost();
    ClientHost(const ClientHost&) = delete;
    ClientHost& operator=(const ClientHost&) = delete;

    /// Goes on with the account that was signed in last, if any. PermissionDenied, DiskFull, StorageBroken: the data
    /// folder; others: no socket.
    Result<void> start();
    /// Any thread.
    void submit(engine::RequestNumber number, engine::Request request);
    void stop();

private:
    class Machine;

    Options m_options;
    threads::Inbox m_inbox;        ///< of the thread that made it
    Machine* m_machine = nullptr;  ///< lives on the network thread, owned by it
    net::NetworkThread m_network;
};

}  // namespace kith::app
