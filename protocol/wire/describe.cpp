// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/describe.h"

namespace kith::wire {

namespace {

std::string_view word(Presence presence) {
    switch (presence) {
        case Presence::Required: return "required";
        case Presence::Optional: return "optional";
        case Presence::Repeated: return "repeated";
    }
    return {};
}

std::string printValue(ObjectType type, ObjectInput& input);

std::string printList(ObjectInput& input) {
    const auto count = input.enterList();
    if (!count) return "(" + std::string(name(count.error().fault)) + ")";
    std::string out = "{";
    for (std::size_t i = 0; i < *count; ++i) {
        const auto object = input.header();
        if (!object) return out + "}";
        out += (i > 0 ? ", " : "") + std::to_string(object->id) + ": " + printValue(object->type, input);
    }
    input.leaveList();
    return out + "}";
}

std::string printNumbers(ObjectInput& input) {
    const std::size_t count = input.numberCount(kMaxListSize).value_or(0);
    std::string out = "[";
    for (std::size_t i = 0; i < count; ++i) out += (i > 0 ? ", " : "") + std::to_string(input.number().value_or(0));
    return out + "]";
}

// Only of lists that were checked: every value is there.
std::string printValue(ObjectType type, ObjectInput& input) {
    switch (type) {
        case ObjectType::Number: return std::to_string(input.number().value_or(0));
        case ObjectType::Raw64: return std::to_string(input.raw64().value_or(0));
        case ObjectType::Address: return input.address().value_or(Endpoint{}).text();
        case ObjectType::Text: return detail::printText(input.text(kMaxListSize).value_or(std::string_view{}));
        case ObjectType::Blob: return detail::printBlob(input.blob(kMaxListSize).value_or(ByteView{}));
        case ObjectType::List: return printList(input);
        case ObjectType::Numbers: break;
    }
    return printNumbers(input);
}

}  // namespace

std::string toMarkdown(const MessageTable& table) {
    return toMarkdown(std::to_string(table.number) + " " + std::string(table.name) + (table.reply ? " (reply)" : ""),
                      table.fields);
}

std::string toMarkdown(std::string_view heading, const std::vector<FieldRow>& fields) {
    std::string out = "### " + std::string(heading) + "\n\n";
    if (fields.empty()) return out + "No objects.\n";
    out += "| id | name | type | presence | limits |\n|---|---|---|---|---|\n";
    for (const FieldRow& row : fields) {
        out += "| " + std::to_string(row.id) + " | " + row.field + " | " + row.type + " | ";
        out += std::string(word(row.presence)) + " | " + row.limits + " |\n";
    }
    return out;
}

std::string printObjects(ByteView list) {
    if (const auto checked = checkObjects(list); !checked) return "(" + std::string(name(checked.error().fault)) + ")";
    ObjectInput input(list);
    return printList(input);
}

namespace detail {

std::string numberLimits(std::uint64_t first, std::uint64_t last) {
    if (first == 0 && last == std::numeric_limits<std::uint64_t>::max()) return {};
    return std::to_string(first) + " to " + std::to_string(last);
}

std::string sizeLimits(std::size_t max) {
    if (max >= kMaxListSize) return {};
    return "at most " + std::to_string(max) + " bytes";
}

std::string countLimits(std::size_t max, const std::string& each) {
    std::string out;
    if (max < kMaxListSize) out = "at most " + std::to_string(max) + " entries";
    if (!out.empty() && !each.empty()) out += "; ";
    return out + each;
}

std::string printBlob(ByteView bytes) {
    return "<" + std::to_string(bytes.size()) + " bytes>";
}

std::string printText(std::string_view text) {
    return "<text of " + std::to_string(text.size()) + ">";
}

}  // namespace detail

}  // namespace kith::wire
