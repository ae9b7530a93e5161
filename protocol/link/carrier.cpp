// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/carrier.h"

#include <cassert>

namespace kith::link {

Bytes& DatagramBatch::begin(const Endpoint& remote) {
    m_entries.push_back({remote, m_bytes.size(), 0});
    return m_bytes;
}

void DatagramBatch::end() {
    assert(!m_entries.empty());
    m_entries.back().size = m_bytes.size() - m_entries.back().offset;
}

void DatagramBatch::cancel() {
    assert(!m_entries.empty());
    m_bytes.resize(m_entries.back().offset);
    m_entries.pop_back();
}

void DatagramBatch::add(const Endpoint& remote, ByteView datagram) {
    append(begin(remote), datagram);
    end();
}

void DatagramBatch::clear() {
    m_bytes.clear();
    m_entries.clear();
}

void CarrierOutput::clear() {
    datagrams.clear();
    connects.clear();
    writes.clear();
    closes.clear();
}

}  // namespace kith::link
