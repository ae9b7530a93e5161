// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/host/passwordthread.h"

#include "protocol/crypto/password.h"

namespace kith::app {

PasswordThread::PasswordThread(std::function<void(engine::PasswordDerived)> derived) : m_derived(std::move(derived)) {}

PasswordThread::~PasswordThread() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_ordered.notify_one();
    if (m_thread.joinable()) m_thread.join();
    for (engine::DerivePassword& order : m_orders)
        wipe(std::as_writable_bytes(std::span(order.password.data(), order.password.size())));
}

void PasswordThread::order(engine::DerivePassword order) {
    {
        const std::lock_guard lock(m_mutex);
        m_orders.push_back(std::move(order));
    }
    m_ordered.notify_one();
    if (!m_thread.joinable()) m_thread = std::thread([this] { run(); });
}

void PasswordThread::run() {
    std::unique_lock lock(m_mutex);
    while (true) {
        m_ordered.wait(lock, [this] { return m_ending || !m_orders.empty(); });
        if (m_ending) return;
        engine::DerivePassword order = std::move(m_orders.front());
        m_orders.pop_front();
        lock.unlock();
        engine::PasswordDerived answer{order.ticket,
                                       crypto::derivePasswordKeys(order.password, order.user, order.network)};
        wipe(std::as_writable_bytes(std::span(order.password.data(), order.password.size())));
        m_derived(std::move(answer));
        lock.lock();
    }
}

}  // namespace kith::app
