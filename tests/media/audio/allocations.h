// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstddef>

namespace kith::test {

/// How often this thread has asked the heap for memory: operator new in all its forms, malloc and what is like it.
/// The program that links allocations.cpp counts.
std::size_t allocations();

}  // namespace kith::test
