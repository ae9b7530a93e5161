// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/sound/pulseserver.h"

#include <sched.h>
#include <QElapsedTimer>
#include <QProcessEnvironment>

namespace kith::test {

namespace {
constexpr int kPatience = 10'000;  ///< ms

QString text(const char* latin) {
    return QString::fromLatin1(latin);
}
}  // namespace

PulseServer::PulseServer(const QStringList& microphones, const QStringList& speakers) {
    if (!start()) return;
    qputenv("PULSE_SERVER", address().toUtf8());
    for (const QString& name : speakers) addSpeaker(name);
    for (const QString& name : microphones) addMicrophone(name);
    if (!speakers.isEmpty()) control({text("set-default-sink"), speakers.first()});
    if (!microphones.isEmpty()) control({text("set-default-source"), microphones.first()});
}

PulseServer::~PulseServer() {
    m_daemon.terminate();
    if (!m_daemon.waitForFinished(kPatience)) kill();
}

bool PulseServer::start() {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(text("XDG_RUNTIME_DIR"), m_directory.path());
    environment.insert(text("HOME"), m_directory.path());
    environment.remove(text("PULSE_SERVER"));
    environment.remove(text("DBUS_SESSION_BUS_ADDRESS"));
    m_daemon.setProcessEnvironment(environment);
    m_daemon.setProcessChannelMode(QProcess::MergedChannels);
    // The thread that clients talk to is an ordinary one otherwise, and what a busy computer does to it would be taken
    // for what the programs do to the sound.
    m_daemon.setChildProcessModifier([] {
        sched_param parameter{};
        parameter.sched_priority = 4;
        sched_setscheduler(0, SCHED_RR, &parameter);
    });
    const QString socket = QStringLiteral("module-native-protocol-unix auth-anonymous=1 socket=%1/native");
    m_daemon.start(text("pulseaudio"),
                   {text("-n"), text("--daemonize=no"), text("--exit-idle-time=-1"), text("--use-pid-file=no"),
                    text("--disallow-exit=no"), text("--realtime=yes"), text("--high-priority=yes"), text("-L"),
                    socket.arg(m_directory.path()), text("-L"), text("module-always-sink")});
    if (!m_daemon.waitForStarted(kPatience)) {
        m_failure = m_daemon.errorString();
        return false;
    }
    QElapsedTimer patience;
    patience.start();
    while (control({text("info")}).isEmpty()) {
        if (!running() || patience.elapsed() > kPatience) {
            m_failure = QString::fromUtf8(m_daemon.readAll());
            return false;
        }
    }
    return true;
}

void PulseServer::kill() {
    m_daemon.kill();
    m_daemon.waitForFinished(kPatience);
}

QString PulseServer::control(const QStringList& arguments) {
    QProcess pactl;
    pactl.start(text("pactl"), QStringList{text("--server"), address()} + arguments);
    if (!pactl.waitForFinished(kPatience) || pactl.exitCode() != 0) return {};
    return QString::fromUtf8(pactl.readAllStandardOutput());
}

int PulseServer::load(const QStringList& module) {
    bool ok = false;
    const int number = control(QStringList{text("load-module")} + module).trimmed().toInt(&ok);
    return ok ? number : -1;
}

bool PulseServer::unload(int module) {
    QProcess pactl;
    pactl.start(text("pactl"), {text("--server"), address(), text("unload-module"), QString::number(module)});
    return pactl.waitForFinished(kPatience) && pactl.exitCode() == 0;
}

int PulseServer::addSpeaker(const QString& name) {
    // Without rewinds: else an idle sink works in blocks of two seconds, and who starts to use it waits for that.
    return load({text("module-null-sink"), text("norewinds=1"), text("rate=48000"), text("channels=1"),
                 text("format=s16le"), QStringLiteral("sink_name=%1").arg(name),
                 QStringLiteral("sink_properties=device.description=%1").arg(name)});
}

int PulseServer::addMicrophone(const QString& name) {
    if (addSpeaker(name + text("_in")) < 0) return -1;
    // Qt hides monitors; a remapped one looks like a microphone.
    return load({text("module-remap-source"), text("channels=1"), QStringLiteral("source_name=%1").arg(name),
                 QStringLiteral("master=%1_in.monitor").arg(name),
                 QStringLiteral("source_properties=device.description=%1").arg(name)});
}

}  // namespace kith::test
