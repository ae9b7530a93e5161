// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <filesystem>

#include "protocol/base/result.h"

namespace kith::store {

/// What `errno` means to a person: DiskFull, PermissionDenied, NotFound, else StorageBroken.
Error errnoError(int code, std::string_view detail);

/// An open file that closes itself.
class File {
public:
    explicit File(int descriptor) : m_descriptor(descriptor) {}
    File(File&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    File& operator=(File&& other) noexcept {
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }
    ~File();

    [[nodiscard]] int descriptor() const { return m_descriptor; }
    [[nodiscard]] bool isOpen() const { return m_descriptor >= 0; }

private:
    int m_descriptor;
};

/// With all parents, for its owner alone (0700).
Result<void> makePrivateDirectory(const std::filesystem::path& directory);
/// Makes the names in a directory last.
Result<void> syncDirectory(const std::filesystem::path& directory);

/// Held by the one program that uses a data directory; let go when it goes, crash included.
class DirectoryLock {
public:
    /// InUse: another program holds it.
    static Result<DirectoryLock> take(const std::filesystem::path& directory);

private:
    explicit DirectoryLock(File file) : m_file(std::move(file)) {}
    File m_file;
};

}  // namespace kith::store
