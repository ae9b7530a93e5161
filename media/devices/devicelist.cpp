// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/devices/devicelist.h"
#include "media/devices/clock.h"

#include <algorithm>
#include <chrono>
#include <QMediaDevices>

namespace kith::devices {

namespace {

// An event comes to us and to Qt on two connections, and a plug brings several: wait for the last of them, then look
// again a few times until Qt has caught up.
constexpr int kSettle = 60;  ///< ms
constexpr int kLookAgain = 250;
constexpr int kLooks = 4;
/// An answer is a sign of life for so long.
constexpr Duration kFresh = std::chrono::milliseconds(500);

std::string idOf(const QAudioDevice& device) {
    return device.id().toStdString();
}

std::vector<audio::SoundDevice> listed(const QList<QAudioDevice>& devices, const std::string& defaultId) {
    std::vector<audio::SoundDevice> out;
    for (const QAudioDevice& device : devices)
        out.push_back({idOf(device), device.description().toStdString(), idOf(device) == defaultId});
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.description < b.description; });
    return out;
}

QAudioDevice find(const QList<QAudioDevice>& devices, const std::string& id) {
    const auto it = std::find_if(devices.begin(), devices.end(), [&](const auto& d) { return idOf(d) == id; });
    return it != devices.end() ? *it : QAudioDevice();
}

/// The one asked for, else the default, else any.
QAudioDevice choose(const QList<QAudioDevice>& devices, const std::string& id, const std::string& defaultId) {
    for (const std::string& wanted : {id, defaultId})
        if (QAudioDevice device = find(devices, wanted); !device.isNull()) return device;
    return devices.isEmpty() ? QAudioDevice() : devices.first();
}

}  // namespace

DeviceList::DeviceList(Events events) : m_tell(std::move(events)) {
    m_settle.setSingleShot(true);
    QObject::connect(&m_settle, &QTimer::timeout, &m_inbox, [this] { look(); });
    m_events = std::make_unique<PulseEvents>(
        [this](PulseEvents::Server server) { m_inbox.post([this, server = std::move(server)] { answered(server); }); });
}

void DeviceList::answered(const PulseEvents::Server& server) {
    const bool first = !m_server;
    m_server = server;
    m_answered = steadyNow();
    m_looksLeft = kLooks;
    m_settle.start(kSettle);
    if (first) {
        m_devices = current();
        m_tell.changed();
    }
    m_tell.answered();
}

bool DeviceList::isAlive() {
    if (m_server && steadyNow() - m_answered < kFresh) return true;
    m_events->ask();
    return false;
}

QList<QAudioDevice> DeviceList::inputs() const {
    return m_server && m_server->there ? QMediaDevices::audioInputs() : QList<QAudioDevice>{};
}

QList<QAudioDevice> DeviceList::outputs() const {
    return m_server && m_server->there ? QMediaDevices::audioOutputs() : QList<QAudioDevice>{};
}

audio::SoundDevices DeviceList::current() const {
    audio::SoundDevices out;
    out.inputs = listed(inputs(), m_server ? m_server->defaultSource : std::string());
    out.outputs = listed(outputs(), m_server ? m_server->defaultSink : std::string());
    return out;
}

void DeviceList::look() {
    if (--m_looksLeft > 0) m_settle.start(kLookAgain);
    audio::SoundDevices now = current();
    if (now == m_devices) return;
    m_devices = std::move(now);
    m_tell.changed();
}

QAudioDevice DeviceList::input(const std::string& id) const {
    return choose(inputs(), id, m_server ? m_server->defaultSource : std::string());
}

QAudioDevice DeviceList::output(const std::string& id) const {
    return choose(outputs(), id, m_server ? m_server->defaultSink : std::string());
}

}  // namespace kith::devices
