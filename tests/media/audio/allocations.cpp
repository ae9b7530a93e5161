// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/media/audio/allocations.h"

#include <malloc.h>

#include <cstdlib>
#include <new>

// glibc's own names, so that what C libraries allocate is seen as well.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void __libc_free(void* memory);
}

namespace {
thread_local std::size_t count = 0;
}

#ifndef __SANITIZE_ADDRESS__
extern "C" {
void* malloc(std::size_t size) {
    ++count;
    return __libc_malloc(size);
}
void* calloc(std::size_t number, std::size_t size) {
    ++count;
    return __libc_calloc(number, size);
}
void* realloc(void* old, std::size_t size) {
    ++count;
    return __libc_realloc(old, size);
}
void free(void* memory) {
    __libc_free(memory);
}
}
#else
// The sanitizer has malloc for itself: there C++ alone is counted.
void* operator new(std::size_t size) {
    ++count;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
#endif

namespace kith::test {

std::size_t allocations() {
    return count;
}

}  // namespace kith::test
