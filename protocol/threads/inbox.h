// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <mutex>
#include <QObject>
#include <vector>

namespace kith::threads {

/// Work that other threads leave for the thread of an event loop: the one it was made on or moved to. What was posted
/// and didn't run when this ends is dropped.
class Inbox : public QObject {
public:
    using Work = std::function<void()>;

    /// Any thread: `work` runs on this one's, after what was posted before.
    void post(Work work);
    /// Any other thread: returns when `work` has run on this one's, whose event loop must be running.
    void runNow(const Work& work);

protected:
    void customEvent(QEvent* posted) override;

private:
    std::mutex m_mutex;
    std::vector<Work> m_posted;
};

}  // namespace kith::threads
