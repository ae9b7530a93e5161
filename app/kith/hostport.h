// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "app/host/clienthost.h"
#include "ui/models/clientport.h"

namespace kith::app {

/// The window's port to the client on the network thread: values are queued both ways. Lives on the GUI thread.
class HostPort final : public ui::ClientPort {
    Q_OBJECT

public:
    /// `options.happened` is the port's own.
    explicit HostPort(ClientHost::Options options, QObject* parent = nullptr);

    Result<void> start() { return m_host.start(); }
    void submit(engine::RequestNumber number, const engine::Request& request) override {
        m_host.submit(number, request);
    }

private:
    ClientHost m_host;
};

}  // namespace kith::app
