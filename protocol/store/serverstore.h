// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "protocol/store/serverdatabase.h"

namespace kith::store {

/// The store thread of a server and the hand-off to it. Orders are carried out one after the other; those that wait
/// together share one sync of the disk.
///
/// Used on the network thread; `wakeUp` is called on the store thread when there are answers and must only post.
class ServerStore {
public:
    /// Waits until the database is open on the store thread; errors as ServerDatabase::open().
    static Result<std::unique_ptr<ServerStore>> start(const std::filesystem::path& file, std::function<void()> wakeUp);
    /// Carries out what was ordered before.
    ~ServerStore();
    ServerStore(const ServerStore&) = delete;
    ServerStore& operator=(const ServerStore&) = delete;

    void order(server::StoreOrder order);
    void take(std::vector<server::StoreAnswer>& out);

private:
    explicit ServerStore(std::function<void()> wakeUp) : m_wakeUp(std::move(wakeUp)) {}

    void run(ServerDatabase& database);

    const std::function<void()> m_wakeUp;

    std::mutex m_mutex;
    std::condition_variable m_ordered;
    std::vector<server::StoreOrder> m_orders;
    std::vector<server::StoreAnswer> m_answers;
    bool m_ending = false;

    std::thread m_thread;
};

}  // namespace kith::store
