// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <chrono>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"
#include "protocol/base/ticket.h"
#include "protocol/call/messages.h"

/// What calls leave in the history.
namespace kith::call {

struct Record {
    CallId id;  ///< the same on every device that rang
    UserName conversation;
    bool ours = false;  ///< we placed it
    UnixMillis started{};
    std::chrono::seconds talked{};  ///< 0: nobody answered
    EndReason end = EndReason::HungUp;
    bool missed = false;

    friend bool operator==(const Record&, const Record&) = default;
};

/// Insert; the key is (conversation, id). The machine waits for nothing: a failure is the composition's to tell.
struct AddRecord {
    StoreTicket ticket = 0;
    Record record;
};

}  // namespace kith::call
