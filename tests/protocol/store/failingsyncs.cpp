// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/protocol/store/failingsyncs.h"

#include <dlfcn.h>

#include <cerrno>

namespace kith::test {

std::atomic<int> syncsUntilFailure{-1};
std::atomic<int> syncs{0};

}  // namespace kith::test

namespace {

using kith::test::syncs;
using kith::test::syncsUntilFailure;

bool failsNow() {
    ++syncs;
    if (syncsUntilFailure < 0) return false;
    return syncsUntilFailure-- == 0;
}

}  // namespace

// SQLite's calls end here: this program's symbols come before the C library's.
extern "C" int fdatasync(int file) {
    static const auto real = reinterpret_cast<int (*)(int)>(dlsym(RTLD_NEXT, "fdatasync"));
    if (!failsNow()) return real(file);
    errno = EIO;
    return -1;
}
extern "C" int fsync(int file) {
    static const auto real = reinterpret_cast<int (*)(int)>(dlsym(RTLD_NEXT, "fsync"));
    if (!failsNow()) return real(file);
    errno = EIO;
    return -1;
}
