// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/store/keyfile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "protocol/store/files.h"

namespace kith::store {

namespace {

constexpr std::size_t kMost = 1024 * 1024;

Result<void> writeAll(const File& file, ByteView bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(file.descriptor(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return tl::make_unexpected(errnoError(errno, "key file"));
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    if (::fsync(file.descriptor()) != 0) return tl::make_unexpected(errnoError(errno, "key file"));
    return {};
}

}  // namespace

Result<std::optional<Bytes>> KeyFile::read() {
    const File file(::open(m_file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.isOpen()) {
        if (errno == ENOENT) return std::optional<Bytes>();
        return tl::make_unexpected(errnoError(errno, "key file"));
    }
    struct stat status {};
    if (::fstat(file.descriptor(), &status) != 0) return tl::make_unexpected(errnoError(errno, "key file"));
    if (status.st_size < 0 || static_cast<std::size_t>(status.st_size) > kMost)
        return fail(Fault::StorageBroken, "key file");
    Bytes out(static_cast<std::size_t>(status.st_size));
    std::size_t done = 0;
    while (done < out.size()) {
        const auto count = ::read(file.descriptor(), out.data() + done, out.size() - done);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return fail(Fault::StorageBroken, "key file");
        done += static_cast<std::size_t>(count);
    }
    return std::optional(std::move(out));
}

Result<void> KeyFile::write(ByteView keys) {
    auto fresh = m_file;
    fresh += ".new";
    const File file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file.isOpen()) return tl::make_unexpected(errnoError(errno, "key file"));
    // It may have been there with other rights.
    if (::fchmod(file.descriptor(), S_IRUSR | S_IWUSR) != 0) return tl::make_unexpected(errnoError(errno, "key file"));
    if (const auto written = writeAll(file, keys); !written) {
        ::unlink(fresh.c_str());
        return written;
    }
    if (::rename(fresh.c_str(), m_file.c_str()) != 0) return tl::make_unexpected(errnoError(errno, "key file"));
    return syncDirectory(m_file.parent_path());
}

Result<void> KeyFile::erase() {
    {
        const File file(::open(m_file.c_str(), O_WRONLY | O_CLOEXEC));
        if (!file.isOpen()) {
            if (errno == ENOENT) return {};
            return tl::make_unexpected(errnoError(errno, "key file"));
        }
        struct stat status {};
        if (::fstat(file.descriptor(), &status) == 0 && status.st_size > 0)
            static_cast<void>(writeAll(file, Bytes(static_cast<std::size_t>(status.st_size))));
    }
    if (::unlink(m_file.c_str()) != 0) return tl::make_unexpected(errnoError(errno, "key file"));
    return syncDirectory(m_file.parent_path());
}

}  // namespace kith::store
