// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>
#include <string>

namespace kith::test {

/// A PulseAudio of our own with null sinks as speakers and what is played into others as microphones: beside whatever
/// runs on the computer, gone with this object. Needs the packages pulseaudio and pulseaudio-utils.
class PulseServer {
public:
    /// Makes for each name of `speakers` a sink, for each of `microphones` a source of that name that hears the sink
    /// NAME_in. The first of each is the default. Sets PULSE_SERVER for this process. Not started: see failure().
    PulseServer(const QStringList& microphones, const QStringList& speakers);
    ~PulseServer();
    PulseServer(const PulseServer&) = delete;
    PulseServer& operator=(const PulseServer&) = delete;

    [[nodiscard]] bool running() const { return m_daemon.state() == QProcess::Running; }
    [[nodiscard]] QString failure() const { return m_failure; }
    /// For PULSE_SERVER of other processes.
    [[nodiscard]] QString address() const { return QStringLiteral("unix:%1/native").arg(m_directory.path()); }

    /// Loads a module, returns its number for unload(); -1 if it failed.
    int load(const QStringList& module);
    bool unload(int module);
    int addMicrophone(const QString& name);
    int addSpeaker(const QString& name);
    /// What pactl prints; empty if it failed.
    QString control(const QStringList& arguments);
    /// Ends the daemon as if it had crashed.
    void kill();

private:
    bool start();

    QTemporaryDir m_directory;
    QProcess m_daemon;
    QString m_failure;
};

}  // namespace kith::test
