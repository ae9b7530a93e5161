// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QString>

namespace kith::test {

/// A network of its own, nothing in it but the loopback device: this thread is in there while the object lives, and so
/// are the programs that it starts meanwhile. Sockets in the file system reach across. It has no name: nothing is left
/// when the last of those programs has ended. Needs root.
class NetworkNamespace {
public:
    NetworkNamespace();
    ~NetworkNamespace();
    NetworkNamespace(const NetworkNamespace&) = delete;
    NetworkNamespace& operator=(const NetworkNamespace&) = delete;

    /// Why there is none; empty: there is.
    [[nodiscard]] QString failure() const { return m_failure; }
    /// Lets nft silently drop what arrives and fits ("meta l4proto udp"). False: nft won't.
    bool drop(const QString& what);
    /// How many packets were dropped.
    [[nodiscard]] qint64 dropped() const;

private:
    int m_outside = -1;
    QString m_failure;
};

}  // namespace kith::test
