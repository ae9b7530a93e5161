// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/store/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace kith::store {

Error errnoError(int code, std::string_view detail) {
    switch (code) {
        case ENOSPC:
        case EDQUOT: return {Fault::DiskFull, detail};
        case EACCES:
        case EPERM:
        case EROFS: return {Fault::PermissionDenied, detail};
        case ENOENT: return {Fault::NotFound, detail};
        default: return {Fault::StorageBroken, detail};
    }
}

File::~File() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

Result<void> makePrivateDirectory(const std::filesystem::path& directory) {
    std::filesystem::path sofar;
    for (const auto& part : directory) {
        sofar /= part;
        if (::mkdir(sofar.c_str(), S_IRWXU) == 0 || errno == EEXIST) continue;
        // A parent that is not ours need not be writable if it is there.
        struct stat status {};
        const int code = errno;
        if (::stat(sofar.c_str(), &status) != 0) return tl::make_unexpected(errnoError(code, "data directory"));
    }
    struct stat status {};
    if (::stat(directory.c_str(), &status) != 0) return tl::make_unexpected(errnoError(errno, "data directory"));
    if (!S_ISDIR(status.st_mode)) return fail(Fault::StorageBroken, "data directory");
    return {};
}

Result<void> syncDirectory(const std::filesystem::path& directory) {
    const File opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.isOpen() || ::fsync(opened.descriptor()) != 0)
        return tl::make_unexpected(errnoError(errno, "data directory"));
    return {};
}

Result<DirectoryLock> DirectoryLock::take(const std::filesystem::path& directory) {
    File file(::open((directory / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file.isOpen()) return tl::make_unexpected(errnoError(errno, "lock file"));
    if (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return fail(Fault::InUse, "another program uses this data");
        return tl::make_unexpected(errnoError(errno, "lock file"));
    }
    return DirectoryLock(std::move(file));
}

}  // namespace kith::store
