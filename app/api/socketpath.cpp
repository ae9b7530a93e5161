// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/api/socketpath.h"

#include <unistd.h>
#include <QCryptographicHash>
#include <QDir>

namespace kith::api {

QString socketPath(const QString& data) {
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    const QString base = runtime.isEmpty() ? QStringLiteral("%1/kith-%2").arg(QDir::tempPath()).arg(getuid())
                                           : runtime + QStringLiteral("/kith");
    QString name = QStringLiteral("default");
    if (!data.isEmpty()) {
        // A path of any length in the few characters that a socket's name has.
        const QByteArray path = QDir::cleanPath(QDir(data).absolutePath()).toUtf8();
        name += QLatin1Char('-') +
                QString::fromLatin1(QCryptographicHash::hash(path, QCryptographicHash::Sha256).toHex().left(16));
    }
    return base + QLatin1Char('/') + name + QStringLiteral(".sock");
}

}  // namespace kith::api
