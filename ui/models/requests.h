// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <QHash>

#include "ui/models/clientport.h"

namespace kith::ui {

/// Numbers what the models ask for and brings each answer back to who asked. GUI thread.
class Requests {
public:
    using Answer = std::function<void(const engine::Failure&)>;

    explicit Requests(ClientPort& port) : m_port(port) {}

    engine::RequestNumber submit(const engine::Request& request, const Answer& answer = {});
    void take(const engine::Done& done);

private:
    ClientPort& m_port;
    engine::RequestNumber m_last = 0;
    QHash<engine::RequestNumber, Answer> m_waiting;
};

}  // namespace kith::ui
