// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/models/requests.h"

namespace kith::ui {

engine::RequestNumber Requests::submit(const engine::Request& request, const Answer& answer) {
    const engine::RequestNumber number = ++m_last;
    if (answer) m_waiting.insert(number, answer);
    m_port.submit(number, request);
    return number;
}

void Requests::take(const engine::Done& done) {
    if (const Answer answer = m_waiting.take(done.request)) answer(done.failure);
}

}  // namespace kith::ui
