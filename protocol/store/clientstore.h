// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "protocol/store/clientdatabase.h"
#include "protocol/store/files.h"

namespace kith::store {

/// The store thread of a client and the hand-off to it. Orders are carried out one after the other; writes that wait
/// together share a transaction. Data lie in `root`/<network>/<user>/.
///
/// Used on the network thread; `wakeUp` is called on the store thread when there are answers and must only post.
class ClientStore {
public:
    ClientStore(std::filesystem::path root, std::function<void()> wakeUp);
    /// Carries out what was ordered before.
    ~ClientStore();
    ClientStore(const ClientStore&) = delete;
    ClientStore& operator=(const ClientStore&) = delete;

    void order(client::StoreOrder order);
    void take(std::vector<client::StoreAnswer>& out);

private:
    /// What lives on the store thread.
    struct Opened {
        DirectoryLock lock;
        ClientDatabase database;
    };

    void run();
    void carryOut(std::deque<client::StoreOrder>& orders);
    client::StoreOpened open(const client::OpenStore& order);
    void write(std::span<const client::Write> writes);
    void answer(client::StoreAnswer answer);

    const std::filesystem::path m_root;
    const std::function<void()> m_wakeUp;
    std::optional<Opened> m_opened;  ///< store thread only

    std::mutex m_mutex;
    std::condition_variable m_ordered;
    std::deque<client::StoreOrder> m_orders;
    std::vector<client::StoreAnswer> m_answers;
    bool m_ending = false;

    std::thread m_thread;
};

/// Where an account's data lie under `root`.
std::filesystem::path accountDirectory(const std::filesystem::path& root, const NetworkId& network,
                                       const UserName& user);

}  // namespace kith::store
