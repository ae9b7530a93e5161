// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "protocol/base/bytereader.h"
#include "protocol/base/bytewriter.h"
#include "protocol/base/endpoint.h"

namespace kith::wire {

/// The seven kinds of value in an object list.
enum class ObjectType : std::uint8_t {
    Number = 0,   ///< varint
    Raw64 = 1,    ///< 8 bytes, big-endian
    Address = 2,  ///< IPv4 address and port, 4 + 2 bytes
    Text = 3,     ///< UTF-8, ends with NUL
    Blob = 4,     ///< varint length, bytes
    List = 5,     ///< an object list, with its own 0x41
    Numbers = 6,  ///< varint count, varints
};

std::string_view name(ObjectType type);

inline constexpr std::uint8_t kPlainList = 0x41;
inline constexpr std::uint8_t kCompressedList = 0x42;

/// Limits of a command and of a list kept as a blob. Objects are counted through all levels.
inline constexpr std::size_t kMaxListSize = 64 * 1024;
inline constexpr std::size_t kMaxDepth = 8;
inline constexpr std::size_t kMaxObjects = 1024;

/// What comes before the value of every object.
struct ObjectHeader {
    ObjectType type;
    std::uint32_t id;
};

/// Reads one object list with all that is nested in it, front to back, and counts levels and objects on the way. After
/// an error the position is unspecified; stop reading. Nothing is copied.
class ObjectInput {
public:
    explicit ObjectInput(ByteView list) : m_reader(list) {}

    /// Starts a list (0x41, count) and gives the number of its objects; leaveList() after the last of them.
    Result<std::size_t> enterList();
    void leaveList() { --m_depth; }
    Result<ObjectHeader> header();

    Result<std::uint64_t> number() { return m_reader.varint(); }
    Result<std::uint64_t> raw64() { return m_reader.u64(); }
    Result<Endpoint> address();
    /// Well-formed UTF-8, without the NUL at its end.
    Result<std::string_view> text(std::size_t maxBytes);
    Result<ByteView> blob(std::size_t maxBytes);
    /// How many numbers follow; never more than the bytes that are left.
    Result<std::size_t> numberCount(std::size_t max);
    /// Checks a value of this type and passes over it.
    Result<void> skip(ObjectType type);

    /// That nothing is left.
    Result<void> end() const;

private:
    Result<void> skipList();

    ByteReader m_reader;
    std::size_t m_depth = 0;
    std::size_t m_objects = 0;
};

/// Checks a whole list: everything that can be said without knowing what its ids mean.
Result<void> checkObjects(ByteView list);

// One object each, header included.
void writeNumber(ByteWriter& out, std::uint32_t id, std::uint64_t value);
void writeRaw64(ByteWriter& out, std::uint32_t id, std::uint64_t value);
/// IPv4 as an address; IPv6 as a blob of 16 + 2 bytes.
void writeEndpoint(ByteWriter& out, std::uint32_t id, const Endpoint& value);
/// Ends at the first NUL, which no text of ours contains.
void writeText(ByteWriter& out, std::uint32_t id, std::string_view value);
void writeBlob(ByteWriter& out, std::uint32_t id, ByteView value);
void writeHeader(ByteWriter& out, ObjectType type, std::uint32_t id);

/// The other half of writeEndpoint(): the blob of an IPv6 address. An IPv4 address in this form is refused, so that
/// there is one encoding of each endpoint.
Result<Endpoint> endpointFromBlob(ByteView blob);

}  // namespace kith::wire
