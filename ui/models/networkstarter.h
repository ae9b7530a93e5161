// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QtQmlIntegration/qqmlintegration.h>
#include <QObject>

namespace kith::ui {

/// Starts a network on this computer: a kith-server as the user's own process. Lives on the GUI thread.
class NetworkStarter : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")

    /// There is a network of this computer's own: others can be invited to it.
    Q_PROPERTY(bool present READ isPresent NOTIFY presentChanged)

public:
    using QObject::QObject;

    [[nodiscard]] virtual bool isPresent() const = 0;
    Q_INVOKABLE virtual void start(const QString& networkName) = 0;
    /// Makes a link that lets others sign up: invited() or failed() follows.
    Q_INVOKABLE virtual void invite() = 0;

Q_SIGNALS:
    void presentChanged();
    void invited(const QString& link);
    /// The link that people join by; the code of the first invitation is in it.
    void ready(const QString& link);
    /// What was asked for couldn't be done; a whole sentence for a person.
    void failed(const QString& why);
    /// The network that runs here has trouble, unasked; a whole sentence for a person.
    void trouble(const QString& why);
};

}  // namespace kith::ui
