// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/kith/client.h"

#include <QCoreApplication>
#include <QStandardPaths>

#include "app/api/socketpath.h"
#include "app/engine/failures.h"
#include "media/devices/audiothread.h"
#include "ui/models/words.h"

namespace kith::app {

namespace {

QString text(const std::filesystem::path& path) {
    return QString::fromStdString(path.string());
}

ClientHost::MakeSound computersSound() {
    return [](std::function<void()> wakeUp) { return std::make_unique<devices::AudioThread>(std::move(wakeUp)); };
}

}  // namespace

Client::Client(std::filesystem::path data)
    : m_data(std::move(data)),
      m_port({m_data, computersSound(), {}, m_log}),
      m_api([this](engine::RequestNumber number, const engine::Request& request) { m_port.submit(number, request); }) {
    QObject::connect(&m_port, &HostPort::happened, &m_api, [this](const engine::Event& e) { m_api.happened(e); });
}

std::optional<QString> Client::start() {
    // The socket is the lock of the data folder, too: a second program finds it taken.
    const bool isUsual = m_data == usualDataFolder();
    if (!m_api.listen(api::socketPath(isUsual ? QString() : text(m_data)))) return m_api.errorString();
    if (const auto started = m_port.start(); !started)
        return ui::sentence(engine::failureOf(started.error().fault), {});
    return std::nullopt;
}

std::filesystem::path usualDataFolder() {
    return (QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/kith"))
        .toStdString();
}

}  // namespace kith::app
