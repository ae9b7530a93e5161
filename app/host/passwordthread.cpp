// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/host/passwordthread.h"

#include <algorithm>
#include <QString>

#include "protocol/crypto/password.h"

namespace kith::app {

namespace {

void wipeText(std::string& text) {
    wipe(std::as_writable_bytes(std::span(text.data(), text.size())));
}

/// Keyboards and systems write the same letter differently; SPEC 10 takes NFC.
void normalise(std::string& password) {
    if (std::ranges::all_of(password, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return;
    QString typed = QString::fromStdString(password);
    QString composed = typed.normalized(QString::NormalizationForm_C);
    QByteArray bytes = composed.toUtf8();
    wipeText(password);
    password.assign(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    typed.fill(QChar(0));
    composed.fill(QChar(0));
    bytes.fill(0);
}

}  // namespace

PasswordThread::PasswordThread(std::function<void(engine::PasswordDerived)> derived) : m_derived(std::move(derived)) {}

PasswordThread::~PasswordThread() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_ordered.notify_one();
    if (m_thread.joinable()) m_thread.join();
    for (engine::DerivePassword& order : m_orders) wipeText(order.password);
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
        normalise(order.password);
        engine::PasswordDerived answer{order.ticket,
                                       crypto::derivePasswordKeys(order.password, order.user, order.network)};
        wipeText(order.password);
        m_derived(std::move(answer));
        lock.lock();
    }
}

}  // namespace kith::app
