// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <QThread>

#include "media/devices/custody.h"
#include "media/devices/outlet.h"
#include "protocol/base/instant.h"
#include "protocol/threads/inbox.h"

namespace kith::devices {

class AudioLoop;

/// One audio thread with its loop. Qt's sound may block in it for good: 6.4 waits for a stream to become ready even
/// when the sound server has died meanwhile. So nobody waits for this thread without an end, and it can be left behind.
///
/// Made, ordered about and let go on the network thread.
class AudioWorker final : public QThread {
public:
    using Work = std::function<void(AudioLoop&)>;

    explicit AudioWorker(std::shared_ptr<Outlet> outlet);
    ~AudioWorker() override;

    /// Carried out on the audio thread, one after the other.
    void order(Instant now, Work work);
    /// Whether all orders have been carried out.
    [[nodiscard]] bool isIdle() const { return m_done.load(std::memory_order_acquire) == m_given; }
    /// For how long the oldest order has waited and nothing was done.
    [[nodiscard]] Duration stuckFor(Instant now);

    /// Takes the calls away from the thread, so that another one may have them; false if it is at work on them.
    bool revoke() { return m_custody.revoke(); }

    /// Ends the thread, or leaves it behind when it doesn't end within `patience`: it goes on with nothing of ours.
    static void letGo(std::unique_ptr<AudioWorker> worker, Duration patience);
    /// How many threads were left behind and have not ended since.
    static std::size_t leftBehind();

private:
    void run() override;

    std::shared_ptr<Outlet> m_outlet;
    Custody m_custody;
    threads::Inbox m_inbox;  ///< of the audio thread
    std::uint64_t m_given = 0;
    std::uint64_t m_seen = 0;
    Instant m_since{};  ///< of the last progress, or of the oldest order if later

    std::atomic<std::uint64_t> m_done{0};
    AudioLoop* m_loop = nullptr;  ///< audio thread
};

}  // namespace kith::devices
