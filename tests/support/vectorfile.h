// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <QFile>
#include <string>

#include "protocol/base/bytes.h"

namespace kith::test {

/// A file of tests/vectors: lines of a name and hexadecimal bytes, # begins a comment.
class VectorFile {
public:
    explicit VectorFile(const QString& path) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) qFatal("no vectors at %s", qPrintable(path));
        for (const QByteArray& line : file.readAll().split('\n')) {
            const auto space = line.indexOf(' ');
            if (line.startsWith('#') || space < 0) continue;
            const auto bytes = fromHex(line.mid(space + 1).toStdString());
            if (!bytes) qFatal("vector %s", line.left(space).constData());
            m_vectors[line.left(space).toStdString()] = *bytes;
        }
    }

    /// Ends the program if there is none of this name.
    [[nodiscard]] const Bytes& operator[](const std::string& name) const {
        const auto at = m_vectors.find(name);
        if (at == m_vectors.end()) qFatal("no vector %s", name.c_str());
        return at->second;
    }

private:
    std::map<std::string, Bytes> m_vectors;
};

}  // namespace kith::test
