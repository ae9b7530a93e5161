// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/host/profilefile.h"

#include <QFile>
#include <QSaveFile>

#include "protocol/store/files.h"

namespace kith::app {

namespace {

constexpr qint64 kLongestFile = 4096;

QString pathIn(const std::filesystem::path& folder) {
    return QString::fromStdString((folder / "profile").string());
}

Fault faultOf(QFileDevice::FileError error) {
    switch (error) {
        case QFileDevice::PermissionsError: return Fault::PermissionDenied;
        case QFileDevice::ResourceError:
        case QFileDevice::WriteError: return Fault::DiskFull;
        default: return Fault::StorageBroken;
    }
}

}  // namespace

Result<ProfileFile> ProfileFile::read(const std::filesystem::path& folder) {
    QFile file(pathIn(folder));
    if (!file.exists()) return ProfileFile{};
    if (!file.open(QIODevice::ReadOnly)) return fail(faultOf(file.error()), "profile file");
    ProfileFile out;
    Current current;
    const QList<QByteArray> lines = file.read(kLongestFile).split('\n');
    for (const QByteArray& line : lines) {
        const qsizetype equals = line.indexOf('=');
        if (equals < 0) continue;
        const QByteArray name = line.left(equals);
        const std::string value = line.mid(equals + 1).trimmed().toStdString();
        if (name == "port") {
            out.port = QByteArray::fromStdString(value).toUShort();
        } else if (name == "network") {
            const auto bytes = fromHex(value);
            const auto id = bytes ? NetworkId::from(*bytes) : fail(Fault::Malformed);
            if (!id) return fail(Fault::StorageBroken, "network in the profile file");
            current.network = *id;
        } else if (name == "user") {
            const auto user = UserName::parse(value);
            if (!user) return fail(Fault::StorageBroken, "user in the profile file");
            current.user = *user;
        }
    }
    if (!current.user.isEmpty() && !current.network.isNull()) out.current = current;
    return out;
}

Result<void> ProfileFile::write(const std::filesystem::path& folder) const {
    if (auto made = store::makePrivateDirectory(folder); !made) return made;
    QSaveFile file(pathIn(folder));
    if (!file.open(QIODevice::WriteOnly)) return fail(faultOf(file.error()), "profile file");
    QByteArray text = "port=" + QByteArray::number(port) + '\n';
    if (current) {
        text += "network=" + QByteArray::fromStdString(current->network.hex()) + '\n';
        text += "user=" + QByteArray::fromStdString(current->user.text()) + '\n';
    }
    file.write(text);
    if (!file.commit()) return fail(faultOf(file.error()), "profile file");
    return {};
}

}  // namespace kith::app
