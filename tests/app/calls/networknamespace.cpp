// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/app/calls/networknamespace.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <QProcess>
#include <QRegularExpression>

namespace kith::test {

using namespace Qt::StringLiterals;

namespace {

/// What it prints; nothing if it failed.
std::optional<QString> run(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(10'000) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return std::nullopt;
    return QString::fromUtf8(process.readAllStandardOutput());
}

}  // namespace

NetworkNamespace::NetworkNamespace() {
    m_outside = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (m_outside < 0 || unshare(CLONE_NEWNET) != 0) {
        m_failure = u"a network namespace can't be made here (it needs root): %1"_s.arg(
            QString::fromLocal8Bit(std::strerror(errno)));
        if (m_outside >= 0) close(std::exchange(m_outside, -1));
        return;
    }
    if (!run(u"ip"_s, {u"link"_s, u"set"_s, u"lo"_s, u"up"_s})) m_failure = u"ip (package iproute2) does not work"_s;
}

NetworkNamespace::~NetworkNamespace() {
    if (m_outside < 0) return;
    if (setns(m_outside, CLONE_NEWNET) != 0) qFatal("no way back out of the namespace");
    close(m_outside);
}

bool NetworkNamespace::drop(const QString& what) {
    // On arrival: a packet dropped on its way out would be reported to the program that sends it.
    return run(u"nft"_s, {u"add table inet wall; add chain inet wall in { type filter hook input priority 0; }; "
                          u"add rule inet wall in %1 counter drop"_s.arg(what)})
        .has_value();
}

qint64 NetworkNamespace::dropped() const {
    const auto rules = run(u"nft"_s, {u"list"_s, u"chain"_s, u"inet"_s, u"wall"_s, u"in"_s});
    static const QRegularExpression packets(u"packets (\\d+)"_s);
    return rules ? packets.match(*rules).captured(1).toLongLong() : -1;
}

}  // namespace kith::test
