// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/value.h"

namespace kith::wire {

namespace detail {

Result<std::uint64_t> readNumber(ObjectType type, ObjectInput& input, std::uint64_t first, std::uint64_t last) {
    if (type != ObjectType::Number) return wrongType();
    const auto value = input.number();
    if (value && (*value < first || *value > last)) return fail(Fault::Malformed, "number out of its range");
    return value;
}

Result<ByteView> readBlob(ObjectType type, ObjectInput& input, std::size_t max) {
    if (type != ObjectType::Blob) return wrongType();
    return input.blob(max);
}

Result<std::string_view> readText(ObjectType type, ObjectInput& input, std::size_t max) {
    if (type != ObjectType::Text) return wrongType();
    return input.text(max);
}

Result<Endpoint> readEndpoint(ObjectType type, ObjectInput& input) {
    if (type == ObjectType::Address) return input.address();
    return readBlob(type, input, kMaxListSize).and_then(endpointFromBlob);
}

}  // namespace detail

Result<UserName> Value<UserName>::read(ObjectType type, ObjectInput& input, Max max) {
    const auto text = detail::readText(type, input, max.size);
    if (!text) return tl::make_unexpected(text.error());
    auto name = UserName::parse(*text);
    // One name has one encoding: the folded one.
    if (!name || name->text() != *text) return fail(Fault::Malformed, "user name");
    return name;
}

}  // namespace kith::wire
