// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/store/serverstore.h"

#include <algorithm>
#include <future>

namespace kith::store {

Result<std::unique_ptr<ServerStore>> ServerStore::start(const std::filesystem::path& file,
                                                        std::function<void()> wakeUp) {
    std::unique_ptr<ServerStore> out(new ServerStore(std::move(wakeUp)));
    std::promise<Result<void>> opened;
    auto outcome = opened.get_future();
    out->m_thread = std::thread([store = out.get(), file, opened = std::move(opened)]() mutable {
        auto database = ServerDatabase::open(file);
        if (!database) return opened.set_value(tl::make_unexpected(database.error()));
        opened.set_value({});
        store->run(*database);
    });
    if (const auto done = outcome.get(); !done) return tl::make_unexpected(done.error());
    return out;
}

ServerStore::~ServerStore() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_ordered.notify_one();
    m_thread.join();
}

void ServerStore::order(server::StoreOrder order) {
    {
        const std::lock_guard lock(m_mutex);
        m_orders.push_back(std::move(order));
    }
    m_ordered.notify_one();
}

void ServerStore::take(std::vector<server::StoreAnswer>& out) {
    const std::lock_guard lock(m_mutex);
    std::move(m_answers.begin(), m_answers.end(), std::back_inserter(out));
    m_answers.clear();
}

void ServerStore::run(ServerDatabase& database) {
    for (;;) {
        std::vector<server::StoreOrder> orders;
        {
            std::unique_lock lock(m_mutex);
            m_ordered.wait(lock, [this] { return m_ending || !m_orders.empty(); });
            if (m_orders.empty()) return;
            std::swap(orders, m_orders);
        }
        auto answers = database.apply(orders);
        if (answers.empty()) continue;
        {
            const std::lock_guard lock(m_mutex);
            std::move(answers.begin(), answers.end(), std::back_inserter(m_answers));
        }
        m_wakeUp();
    }
}

}  // namespace kith::store
