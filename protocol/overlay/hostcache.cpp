// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/overlay/hostcache.h"

#include <algorithm>

#include "protocol/base/bytereader.h"
#include "protocol/base/bytewriter.h"

namespace kith::overlay {

namespace {

constexpr std::uint8_t kForm = 1;
constexpr std::uint8_t kNoRung = 0xff;
constexpr std::size_t kV4Prefix = 12;

std::size_t entrySize(std::byte addressSize) {
    return 1 + std::to_integer<std::size_t>(addressSize) + 2;
}

void pack(Bytes& out, const Endpoint& server) {
    const ByteView address(server.address.bytes);
    ByteWriter writer(out);
    if (server.address.isV4())
        writer.u8(4).bytes(address.subspan(kV4Prefix));
    else
        writer.u8(16).bytes(address);
    writer.u16(server.port);
}

Result<Endpoint> unpack(ByteReader& reader) {
    Endpoint server;
    const auto size = reader.u8();
    if (!size) return tl::make_unexpected(size.error());
    if (*size != 4 && *size != 16) return fail(Fault::Malformed, "host cache address");
    const auto address = reader.bytes(*size);
    if (!address) return tl::make_unexpected(address.error());
    if (*size == 4) server.address = IpAddress::v4(0);
    std::copy(address->begin(), address->end(), server.address.bytes.end() - *size);
    if (*size == 16 && server.address.isV4()) return fail(Fault::Malformed, "host cache address");
    const auto port = reader.u16();
    if (!port) return tl::make_unexpected(port.error());
    server.port = *port;
    return server;
}

}  // namespace

std::string_view name(Rung rung) {
    switch (rung) {
        case Rung::Udp: return "udp";
        case Rung::Tcp: return "tcp";
        case Rung::Tcp80: return "80";
        case Rung::Tcp443: return "443";
    }
    return "";
}

Result<HostCache> HostCache::decode(ByteView stored) {
    ByteReader reader(stored);
    const auto form = reader.u8();
    const auto rung = reader.u8();
    const auto good = reader.u8();
    if (!form || !rung || !good) return fail(Fault::Truncated, "host cache");
    if (*form != kForm) return fail(Fault::UnknownVersion, "host cache");
    if (*rung != kNoRung && *rung >= kRungs) return fail(Fault::Malformed, "host cache rung");

    HostCache cache;
    if (*rung != kNoRung) cache.m_lastRung = static_cast<Rung>(*rung);
    while (!reader.atEnd()) {
        const auto server = unpack(reader);
        if (!server) return tl::make_unexpected(server.error());
        if (cache.m_size == kCapacity) return fail(Fault::TooLarge, "host cache");
        if (cache.find(*server)) return fail(Fault::Malformed, "host cache entry twice");
        cache.insert(cache.m_size, *server);
    }
    if (*good > cache.m_size) return fail(Fault::Malformed, "host cache count");
    cache.m_good = *good;
    cache.m_packed.shrink_to_fit();
    return cache;
}

Bytes HostCache::encoded() const {
    Bytes out;
    out.reserve(3 + m_packed.size());
    ByteWriter(out)
        .u8(kForm)
        .u8(m_lastRung ? static_cast<std::uint8_t>(*m_lastRung) : kNoRung)
        .u8(m_good)
        .bytes(m_packed);
    return out;
}

void HostCache::worked(const Endpoint& server, Rung rung) {
    m_lastRung = rung;
    if (const auto place = find(server)) erase(*place);
    insert(0, server);
    ++m_good;
}

void HostCache::learned(const Endpoint& server) {
    if (find(server)) return;
    // The newest hearsay first; if all have worked, it takes the place of the one that did so longest ago.
    insert(std::min<std::size_t>(m_good, kCapacity - 1), server);
}

void HostCache::failed(const Endpoint& server) {
    const auto place = find(server);
    if (!place) return;
    erase(*place);
    insert(m_size, server);
}

std::vector<Endpoint> HostCache::entries() const {
    std::vector<Endpoint> out;
    out.reserve(m_size);
    ByteReader reader(m_packed);
    while (!reader.atEnd()) out.push_back(unpack(reader).value());
    return out;
}

std::optional<HostCache::Place> HostCache::find(const Endpoint& server) const {
    Bytes wanted;
    wanted.reserve(19);
    pack(wanted, server);
    Place place{0, 0};
    while (place.offset < m_packed.size()) {
        const auto size = entrySize(m_packed[place.offset]);
        const auto entry = ByteView(m_packed).subspan(place.offset, size);
        if (std::ranges::equal(entry, wanted)) return place;
        place.offset += size;
        ++place.index;
    }
    return std::nullopt;
}

std::size_t HostCache::offsetOf(std::size_t index) const {
    std::size_t offset = 0;
    while (index-- > 0) offset += entrySize(m_packed[offset]);
    return offset;
}

void HostCache::erase(Place place) {
    const auto from = m_packed.begin() + static_cast<std::ptrdiff_t>(place.offset);
    m_packed.erase(from, from + static_cast<std::ptrdiff_t>(entrySize(m_packed[place.offset])));
    --m_size;
    if (place.index < m_good) --m_good;
}

void HostCache::insert(std::size_t index, const Endpoint& server) {
    if (m_size == kCapacity) {
        const auto last = static_cast<std::size_t>(m_size - 1);
        erase({offsetOf(last), last});
    }
    Bytes entry;
    pack(entry, server);
    const auto at = m_packed.begin() + static_cast<std::ptrdiff_t>(offsetOf(index));
    m_packed.insert(at, entry.begin(), entry.end());
    ++m_size;
}

}  // namespace kith::overlay
