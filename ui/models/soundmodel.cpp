// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/models/soundmodel.h"

#include "ui/models/requests.h"

namespace kith::ui {

namespace {

QStringList descriptions(const std::vector<engine::SoundDevice>& devices, const QString& first) {
    QStringList out{first};
    for (const auto& device : devices) out += QString::fromStdString(device.description);
    return out;
}

/// 0 is the default, which also stands for one that was chosen and is gone.
int place(const std::vector<engine::SoundDevice>& devices, const std::string& id) {
    for (std::size_t i = 0; i < devices.size(); ++i)
        if (devices[i].id == id) return static_cast<int>(i) + 1;
    return 0;
}

std::string idAt(const std::vector<engine::SoundDevice>& devices, int index) {
    const auto i = static_cast<std::size_t>(index - 1);
    return index > 0 && i < devices.size() ? devices[i].id : std::string();
}

}  // namespace

SoundModel::SoundModel(Requests& requests, QObject* parent) : QObject(parent), m_requests(requests) {}

QStringList SoundModel::inputs() const {
    return descriptions(m_devices.inputs, tr("Default microphone"));
}

QStringList SoundModel::outputs() const {
    return descriptions(m_devices.outputs, tr("Default speaker"));
}

int SoundModel::input() const {
    return place(m_devices.inputs, m_devices.chosenInput);
}

int SoundModel::output() const {
    return place(m_devices.outputs, m_devices.chosenOutput);
}

void SoundModel::setInput(int index) {
    choose(idAt(m_devices.inputs, index), m_devices.chosenOutput);
}

void SoundModel::setOutput(int index) {
    choose(m_devices.chosenInput, idAt(m_devices.outputs, index));
}

void SoundModel::take(const engine::DevicesChanged& event) {
    m_devices = event.devices;
    Q_EMIT changed();
}

void SoundModel::choose(const std::string& input, const std::string& output) {
    if (input == m_devices.chosenInput && output == m_devices.chosenOutput) return;
    m_requests.submit(engine::ChooseDevices{input, output});
}

}  // namespace kith::ui
