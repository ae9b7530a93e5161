// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "protocol/directory/messages.h"

namespace kith::directory {

/// Puts signed user records into a Searched, as many as it has room for.
class SearchAnswer {
public:
    /// Well below what a command may hold.
    static constexpr std::size_t kMaxBytes = 48 * 1024;

    void add(const SignedUserRecord& user);
    Searched take() { return std::move(m_answer); }

private:
    Searched m_answer;
    std::size_t m_bytes = 0;
};

/// The signed user records in it again, those that fit together; to be proved.
std::vector<SignedUserRecord> recordsIn(const Searched& answer);

}  // namespace kith::directory
