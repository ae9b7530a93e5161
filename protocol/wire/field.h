// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "protocol/wire/objects.h"

namespace kith::wire {

/// Limits of a field: bytes of a text or blob, entries of a vector, and for vectors of texts or blobs the bytes of
/// each. What is beyond is refused by the decoder.
struct Max {
    std::size_t size = kMaxListSize;
    std::size_t each = kMaxListSize;
};

template <class T>
struct MemberPointer;
template <class Class, class Type>
struct MemberPointer<Type Class::*> {
    using Value = Type;
};

/// One entry of a message's field list.
template <auto kPointer>
struct Field {
    using Value = typename MemberPointer<decltype(kPointer)>::Value;
    static constexpr auto kMember = kPointer;

    std::uint32_t id;
    std::string_view name;
    Max max;
};

template <auto kPointer>
constexpr Field<kPointer> field(std::uint32_t id, std::string_view name, Max max = {}) {
    return {id, name, max};
}

/// A struct with `static constexpr auto fields()`, a tuple of Field.
template <class T>
concept HasFields = requires {
    T::fields();
};

/// A struct with fields, a command number and a name.
template <class T>
concept Message = HasFields<T> && requires {
    T::kNumber;
    T::kName;
};

/// Which values of an enum are known: all from kFirst (0 without one) to kLast have to be enumerators. The two are
/// constants of a specialisation, or enumerators.
template <class E>
struct EnumRange {
    static constexpr E kLast = E::kLast;
};

template <class E>
constexpr std::uint64_t firstValue() {
    if constexpr (requires { EnumRange<E>::kFirst; })
        return static_cast<std::uint64_t>(EnumRange<E>::kFirst);
    else if constexpr (requires { E::kFirst; })
        return static_cast<std::uint64_t>(E::kFirst);
    else
        return 0;
}

template <class E>
constexpr std::uint64_t lastValue() {
    return static_cast<std::uint64_t>(EnumRange<E>::kLast);
}

/// Calls `visit(field, value)` for each field of a message, in declared order.
template <HasFields M, class Visit>
constexpr void visitFields(const M& message, Visit&& visit) {
    std::apply([&](const auto&... field) { (visit(field, message.*(field.kMember)), ...); }, M::fields());
}

}  // namespace kith::wire
