// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QObject>
#include <QtQmlIntegration/qqmlintegration.h>

namespace kith::ui {

/// Starts a network on this computer: a kith-server as the user's own process. Lives on the GUI thread.
class NetworkStarter : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")

public:
    using QObject::QObject;

    Q_INVOKABLE virtual void start(const QString& networkName) = 0;

Q_SIGNALS:
    /// The link that people join by; the code of the first invitation is in it.
    void ready(const QString& link);
    /// A whole sentence for a person.
    void failed(const QString& why);
};

}  // namespace kith::ui
