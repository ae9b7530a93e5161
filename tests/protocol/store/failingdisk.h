// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <atomic>

namespace kith::test {

/// Counts down with each sync of this program; at 0 the disk fails. Negative: it never does.
extern std::atomic<int> syncsUntilFailure;
extern std::atomic<int> syncs;
/// How much this program can still write to files at an offset, as databases are written; then the disk is full.
/// Negative: it never is.
extern std::atomic<long> bytesUntilFull;

}  // namespace kith::test
