// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/threads/inbox.h"

#include <future>
#include <QCoreApplication>
#include <QEvent>
#include <utility>

namespace kith::threads {

void Inbox::post(Work work) {
    // Posted under the lock, which orders what the two threads do with the event, too; the thread sanitizer sees that
    // order, and not the one inside Qt.
    const std::lock_guard lock(m_mutex);
    if (m_posted.empty()) QCoreApplication::postEvent(this, new QEvent(QEvent::User));
    m_posted.push_back(std::move(work));
}

void Inbox::runNow(const Work& work) {
    std::promise<void> done;
    post([&] {
        work();
        done.set_value();
    });
    done.get_future().wait();
}

void Inbox::customEvent(QEvent* /*posted*/) {
    std::vector<Work> posted;
    {
        const std::lock_guard lock(m_mutex);
        posted.swap(m_posted);
    }
    for (const Work& work : posted) work();
}

}  // namespace kith::threads
