// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/protocol/store/failingdisk.h"

#include <dlfcn.h>
#include <sys/types.h>

#include <cerrno>

namespace kith::test {

std::atomic<int> syncsUntilFailure{-1};
std::atomic<int> syncs{0};
std::atomic<long> bytesUntilFull{-1};

}  // namespace kith::test

namespace {

using kith::test::bytesUntilFull;
using kith::test::syncs;
using kith::test::syncsUntilFailure;

bool failsNow() {
    ++syncs;
    if (syncsUntilFailure < 0) return false;
    return syncsUntilFailure-- == 0;
}

bool isFull(std::size_t bytes) {
    const auto wanted = static_cast<long>(bytes);
    if (bytesUntilFull < 0) return false;
    if (bytesUntilFull < wanted) return true;
    bytesUntilFull -= wanted;
    return false;
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
extern "C" ssize_t pwrite64(int file, const void* bytes, std::size_t size, off64_t offset) {
    static const auto real =
        reinterpret_cast<ssize_t (*)(int, const void*, std::size_t, off64_t)>(dlsym(RTLD_NEXT, "pwrite64"));
    if (!isFull(size)) return real(file, bytes, size, offset);
    errno = ENOSPC;
    return -1;
}
