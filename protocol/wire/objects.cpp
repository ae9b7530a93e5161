// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/objects.h"

#include <algorithm>

namespace kith::wire {

namespace {

// The smallest object: type, id and one byte of value.
constexpr std::size_t kSmallestObject = 3;
constexpr std::size_t kV6EndpointSize = 18;

}  // namespace

std::string_view name(ObjectType type) {
    switch (type) {
        case ObjectType::Number: return "number";
        case ObjectType::Raw64: return "raw64";
        case ObjectType::Address: return "address";
        case ObjectType::Text: return "text";
        case ObjectType::Blob: return "blob";
        case ObjectType::List: return "list";
        case ObjectType::Numbers: return "numbers";
    }
    return "unknown";
}

Result<std::size_t> ObjectInput::enterList() {
    if (m_reader.remaining() > kMaxListSize) return fail(Fault::TooLarge, "object list");
    if (m_depth >= kMaxDepth) return fail(Fault::TooDeep, "object list");
    const auto encoding = m_reader.u8();
    if (!encoding) return tl::make_unexpected(encoding.error());
    if (*encoding == kCompressedList) return fail(Fault::UnknownVersion, "compressed object list");
    if (*encoding != kPlainList) return fail(Fault::Malformed, "start of an object list");
    const auto count = m_reader.varint();
    if (!count) return tl::make_unexpected(count.error());
    if (*count > kMaxObjects - m_objects) return fail(Fault::TooLarge, "number of objects");
    if (*count > m_reader.remaining() / kSmallestObject) return fail(Fault::Truncated, "objects");
    m_objects += static_cast<std::size_t>(*count);
    ++m_depth;
    return static_cast<std::size_t>(*count);
}

Result<ObjectHeader> ObjectInput::header() {
    const auto type = m_reader.u8();
    if (!type) return tl::make_unexpected(type.error());
    if (*type > static_cast<std::uint8_t>(ObjectType::Numbers)) return fail(Fault::Malformed, "type of an object");
    const auto id = m_reader.varint();
    if (!id) return tl::make_unexpected(id.error());
    if (*id > std::numeric_limits<std::uint32_t>::max()) return fail(Fault::TooLarge, "id of an object");
    return ObjectHeader{static_cast<ObjectType>(*type), static_cast<std::uint32_t>(*id)};
}

Result<Endpoint> ObjectInput::address() {
    const auto address = m_reader.u32();
    if (!address) return tl::make_unexpected(address.error());
    const auto port = m_reader.u16();
    if (!port) return tl::make_unexpected(port.error());
    return Endpoint{IpAddress::v4(*address), *port};
}

Result<std::string_view> ObjectInput::text(std::size_t maxBytes) {
    // Looks for the NUL in what is left and then takes it, so that nothing is read twice.
    ByteReader ahead = m_reader;
    const ByteView left = ahead.rest();
    const auto nul = std::find(left.begin(), left.end(), std::byte{0});
    if (nul == left.end()) return fail(Fault::Truncated, "text");
    const auto size = static_cast<std::size_t>(nul - left.begin());
    if (size > maxBytes) return fail(Fault::TooLarge, "text");
    const std::string_view out = asText(left.first(size));
    if (!isUtf8(out)) return fail(Fault::Malformed, "text is not UTF-8");
    if (const auto taken = m_reader.bytes(size + 1); !taken) return tl::make_unexpected(taken.error());
    return out;
}

Result<ByteView> ObjectInput::blob(std::size_t maxBytes) {
    const auto size = m_reader.varint();
    if (!size) return tl::make_unexpected(size.error());
    if (*size > m_reader.remaining()) return fail(Fault::Truncated, "blob");
    if (*size > maxBytes) return fail(Fault::TooLarge, "blob");
    return m_reader.bytes(static_cast<std::size_t>(*size));
}

Result<std::size_t> ObjectInput::numberCount(std::size_t max) {
    const auto count = m_reader.varint();
    if (!count) return tl::make_unexpected(count.error());
    if (*count > m_reader.remaining()) return fail(Fault::Truncated, "numbers");
    if (*count > max) return fail(Fault::TooLarge, "numbers");
    return static_cast<std::size_t>(*count);
}

Result<void> ObjectInput::skip(ObjectType type) {
    const auto outcome = [](const auto& result) -> Result<void> {
        if (!result) return tl::make_unexpected(result.error());
        return {};
    };
    switch (type) {
        case ObjectType::Number: return outcome(number());
        case ObjectType::Raw64: return outcome(raw64());
        case ObjectType::Address: return outcome(address());
        case ObjectType::Text: return outcome(text(kMaxListSize));
        case ObjectType::Blob: return outcome(blob(kMaxListSize));
        case ObjectType::List: return skipList();
        case ObjectType::Numbers: break;
    }
    const auto count = numberCount(kMaxListSize);
    if (!count) return tl::make_unexpected(count.error());
    for (std::size_t i = 0; i < *count; ++i)
        if (const auto each = number(); !each) return tl::make_unexpected(each.error());
    return {};
}

Result<void> ObjectInput::skipList() {
    const auto count = enterList();
    if (!count) return tl::make_unexpected(count.error());
    for (std::size_t i = 0; i < *count; ++i) {
        const auto object = header();
        if (!object) return tl::make_unexpected(object.error());
        if (const auto value = skip(object->type); !value) return value;
    }
    leaveList();
    return {};
}

Result<void> ObjectInput::end() const {
    if (!m_reader.atEnd()) return fail(Fault::TrailingBytes, "object list");
    return {};
}

Result<void> checkObjects(ByteView list) {
    ObjectInput input(list);
    if (const auto checked = input.skip(ObjectType::List); !checked) return checked;
    return input.end();
}

void writeHeader(ByteWriter& out, ObjectType type, std::uint32_t id) {
    out.u8(static_cast<std::uint8_t>(type)).varint(id);
}

void writeNumber(ByteWriter& out, std::uint32_t id, std::uint64_t value) {
    writeHeader(out, ObjectType::Number, id);
    out.varint(value);
}

void writeRaw64(ByteWriter& out, std::uint32_t id, std::uint64_t value) {
    writeHeader(out, ObjectType::Raw64, id);
    out.u64(value);
}

void writeEndpoint(ByteWriter& out, std::uint32_t id, const Endpoint& value) {
    if (value.address.isV4()) {
        writeHeader(out, ObjectType::Address, id);
        out.u32(value.address.toV4()).u16(value.port);
        return;
    }
    writeHeader(out, ObjectType::Blob, id);
    out.varint(kV6EndpointSize).bytes(value.address.bytes).u16(value.port);
}

void writeText(ByteWriter& out, std::uint32_t id, std::string_view value) {
    writeHeader(out, ObjectType::Text, id);
    out.bytes(asBytes(value.substr(0, value.find('\0')))).u8(0);
}

void writeBlob(ByteWriter& out, std::uint32_t id, ByteView value) {
    writeHeader(out, ObjectType::Blob, id);
    out.varint(value.size()).bytes(value);
}

Result<Endpoint> endpointFromBlob(ByteView blob) {
    if (blob.size() != kV6EndpointSize) return fail(Fault::Malformed, "length of an IPv6 endpoint");
    ByteReader reader(blob);
    Endpoint out;
    out.address.bytes = *reader.array<16>();
    out.port = *reader.u16();
    if (out.address.isV4()) return fail(Fault::Malformed, "IPv4 in the form of IPv6");
    return out;
}

}  // namespace kith::wire
