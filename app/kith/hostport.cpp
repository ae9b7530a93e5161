// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/kith/hostport.h"

namespace kith::app {

HostPort::HostPort(ClientHost::Options options, QObject* parent)
    : ClientPort(parent), m_host([&] {
          options.happened = [this](const engine::Event& event) { Q_EMIT happened(event); };
          return std::move(options);
      }()) {}

}  // namespace kith::app
