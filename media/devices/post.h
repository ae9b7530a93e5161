// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <QMetaObject>
#include <QObject>
#include <utility>

#if defined(__SANITIZE_THREAD__)
#define KITH_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KITH_TSAN 1
#endif
#endif
#ifdef KITH_TSAN
#include <sanitizer/tsan_interface.h>
#endif

namespace kith::devices {

/// Runs `work` on the thread of `object`, later. What happened before is seen there; the thread sanitizer is told so,
/// since it can't look into Qt's event queue.
template <class Work>
void post(QObject* object, Work work) {
#ifdef KITH_TSAN
    auto shared = std::make_shared<Work>(std::move(work));
    __tsan_release(shared.get());
    QMetaObject::invokeMethod(
        object,
        [shared] {
            __tsan_acquire(shared.get());
            (*shared)();
        },
        Qt::QueuedConnection);
#else
    QMetaObject::invokeMethod(object, std::move(work), Qt::QueuedConnection);
#endif
}

}  // namespace kith::devices
