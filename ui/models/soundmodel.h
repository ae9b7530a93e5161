// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QtQmlIntegration/qqmlintegration.h>
#include <QObject>
#include <QStringList>

#include "app/engine/events.h"

namespace kith::ui {

class Requests;

/// Microphones and speakers to choose from. The first entry of each list is the computer's default. GUI thread.
class SoundModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("part of ClientModel")

    Q_PROPERTY(QStringList inputs READ inputs NOTIFY changed)
    Q_PROPERTY(QStringList outputs READ outputs NOTIFY changed)
    Q_PROPERTY(int input READ input WRITE setInput NOTIFY changed)
    Q_PROPERTY(int output READ output WRITE setOutput NOTIFY changed)

public:
    SoundModel(Requests& requests, QObject* parent);

    [[nodiscard]] QStringList inputs() const;
    [[nodiscard]] QStringList outputs() const;
    [[nodiscard]] int input() const;
    [[nodiscard]] int output() const;
    void setInput(int index);
    void setOutput(int index);

    void take(const engine::DevicesChanged& event);

Q_SIGNALS:
    void changed();

private:
    void choose(const std::string& input, const std::string& output);

    Requests& m_requests;
    engine::SoundDevices m_devices;
};

}  // namespace kith::ui
