// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QObject>

#include "app/engine/events.h"

namespace kith::ui {

/// The window's side of the one client object: requests go down, events come up, both as values. The program's port
/// hands them to the network thread and back; the gallery's is scripted. Lives on the GUI thread.
class ClientPort : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// Numbers are the caller's, unique within a run; one Done with the number follows.
    virtual void submit(engine::RequestNumber number, const engine::Request& request) = 0;

Q_SIGNALS:
    void happened(const kith::engine::Event& event);
};

}  // namespace kith::ui
