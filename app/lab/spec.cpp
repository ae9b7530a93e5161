// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/lab/spec.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>

#include "protocol/call/messages.h"
#include "protocol/chat/messages.h"
#include "protocol/client/ownmessages.h"
#include "protocol/client/settings.h"
#include "protocol/contacts/messages.h"
#include "protocol/directory/messages.h"
#include "protocol/login/messages.h"
#include "protocol/login/networkdocument.h"
#include "protocol/overlay/messages.h"
#include "protocol/peer/rendezvous.h"
#include "protocol/presence/grantmessages.h"
#include "protocol/presence/messages.h"
#include "protocol/presence/storage.h"
#include "protocol/wire/describe.h"
#include "protocol/wire/handshake.h"

namespace kith::lab {

namespace {

constexpr std::string_view kBegin = "<!-- tables: begin -->\n";
constexpr std::string_view kEnd = "<!-- tables: end -->";

template <class Messages>
std::string family(std::string_view title) {
    std::string out = "**" + std::string(title) + "**\n\n";
    for (const auto& table : wire::describe(Messages{})) out += wire::toMarkdown(table) + "\n";
    return out;
}

/// What is signed, sealed or passed on as the bytes it is: an object list without a command around it.
template <class Record>
std::string record(std::string_view name) {
    return wire::toMarkdown(name, wire::describeFields<Record>()) + "\n";
}

std::string tables() {
    std::string out = family<wire::OutsideMessages>("Outside links");
    out += family<login::Messages>("Stream login (3), link of role login");
    out += family<overlay::Messages>("Stream overlay (0), link of role node");
    out += family<directory::Messages>("Stream directory (1), link of role node");
    out += family<presence::Messages>("Stream presence (2), link of role node");
    out += family<contacts::Messages>("Stream contacts (4), link of role peer");
    out += family<client::OwnMessages>("Stream contacts (4), link of role peer between devices of one person");
    out += family<presence::GrantMessages>("Stream presence (2), link of role peer");
    out += family<chat::Messages>("Stream chat (5), link of role peer");
    out += family<call::Messages>("Stream call (6), link of role peer");
    out += "**Object lists that are signed or sealed**\n\n";
    out += record<directory::UserRecord>("UserRecord");
    out += record<directory::DeviceList>("DeviceList");
    out += record<directory::Location>("Location");
    out += record<peer::Rendezvous>("Rendezvous");
    out += record<presence::LeaseBody>("LeaseBody");
    out += record<presence::State>("State");
    out += record<contacts::Record>("Record");
    out += record<presence::OwnTopic>("OwnTopic");
    out += record<presence::Choice>("Choice");
    out += record<presence::View>("View");
    out += record<client::Settings>("Settings");
    out += record<login::RootPart>("RootPart");
    out += record<login::SignedRootPart>("SignedRootPart");
    out += record<login::ServerPart>("ServerPart");
    out += record<login::SignedServerPart>("SignedServerPart");
    out.pop_back();
    return out;
}

std::optional<std::string> contentOf(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::nullopt;
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

/// The text with fresh tables between the marks; nothing: there are no marks.
std::optional<std::string> withTables(const std::string& text) {
    const auto begin = text.find(kBegin);
    const auto end = text.find(kEnd);
    if (begin == std::string::npos || end == std::string::npos || end < begin) return std::nullopt;
    return text.substr(0, begin + kBegin.size()) + tables() + text.substr(end);
}

int complain(const std::string& file, const char* what) {
    std::fprintf(stderr, "kith-lab spec: %s: %s\n", file.c_str(), what);
    return 1;
}

}  // namespace

int spec(const std::vector<std::string>& arguments) {
    const bool isCheck = !arguments.empty() && arguments.front() == "--check";
    if (arguments.size() != (isCheck ? 2U : 1U)) return complain("FILE", "name one file");
    const std::string& file = arguments.back();
    const auto text = contentOf(file);
    if (!text) return complain(file, "can't be read");
    const auto fresh = withTables(*text);
    if (!fresh) return complain(file, "has no marks for the tables");
    if (*fresh == *text) return 0;
    if (isCheck) return complain(file, "the tables are not those of the messages: run ./dev spec");
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << *fresh;
    out.close();
    return out ? 0 : complain(file, "can't be written");
}

}  // namespace kith::lab
