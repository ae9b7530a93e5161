// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <filesystem>
#include <optional>

#include "protocol/base/bytes.h"
#include "protocol/base/result.h"

namespace kith::store {

/// Where the secret keys of a device are kept: one thing, written whole.
class KeyKeeper {
public:
    virtual ~KeyKeeper() = default;
    /// Nothing: none is kept.
    virtual Result<std::optional<Bytes>> read() = 0;
    /// On disk when it returns; a failure leaves the old one.
    virtual Result<void> write(ByteView keys) = 0;
    virtual Result<void> erase() = 0;
};

/// A file that only its owner may read (0600), replaced as a whole.
class KeyFile final : public KeyKeeper {
public:
    explicit KeyFile(std::filesystem::path file) : m_file(std::move(file)) {}

    Result<std::optional<Bytes>> read() override;
    Result<void> write(ByteView keys) override;
    /// Overwritten before it is unlinked; what the disk keeps of that is its own affair.
    Result<void> erase() override;

private:
    std::filesystem::path m_file;
};

}  // namespace kith::store
