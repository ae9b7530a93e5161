// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/overlay/networkprofile.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "protocol/base/endpoint.h"

namespace kith::overlay {

namespace {

constexpr std::string_view kPrefix = "kith:join?";

bool isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// What stands for itself: unreserved characters, and those of `host:port,…`.
bool isPlain(char c) {
    return isAlphanumeric(c) || std::string_view("-._~:,[]").find(c) != std::string_view::npos;
}

std::string encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (isPlain(c))
            out += c;
        else
            out += "%" + toHex(asBytes(std::string_view(&c, 1)));
    }
    return out;
}

Result<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        std::string digits(text.substr(i + 1, 2));
        for (char& c : digits)
            if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
        const auto byte = fromHex(digits);
        if (!byte || byte->size() != 1) return fail(Fault::Malformed, "percent-encoding");
        out += asText(*byte);
        i += 2;
    }
    if (!isUtf8(out)) return fail(Fault::Malformed, "text of a link");
    return out;
}

/// Calls `each` with the parts between separators.
template <class Each>
Result<void> split(std::string_view text, char separator, Each each) {
    while (true) {
        const auto end = text.find(separator);
        if (auto done = each(text.substr(0, end)); !done) return done;
        if (end == std::string_view::npos) return {};
        text.remove_prefix(end + 1);
    }
}

using Values = std::map<std::string, std::string, std::less<>>;

Result<Values> valuesOf(std::string_view query) {
    Values out;
    const auto done = split(query, '&', [&](std::string_view part) -> Result<void> {
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) return fail(Fault::Malformed, "value of a link");
        auto value = decoded(part.substr(equals + 1));
        if (!value) return tl::make_unexpected(value.error());
        if (!out.emplace(part.substr(0, equals), std::move(*value)).second)
            return fail(Fault::Malformed, "the same value twice");
        return {};
    });
    if (!done) return tl::make_unexpected(done.error());
    return out;
}

std::string valueOf(const Values& values, std::string_view name) {
    const auto at = values.find(name);
    return at == values.end() ? std::string() : at->second;
}

Result<std::vector<HostPort>> serversOf(std::string_view text) {
    std::vector<HostPort> out;
    if (text.empty()) return out;
    const auto done = split(text, ',', [&](std::string_view part) -> Result<void> {
        auto server = HostPort::parse(part);
        if (!server) return tl::make_unexpected(server.error());
        if (out.size() >= NetworkProfile::kMaxServers) return fail(Fault::TooLarge, "servers");
        out.push_back(std::move(*server));
        return {};
    });
    if (!done) return tl::make_unexpected(done.error());
    return out;
}

std::string joined(const std::vector<HostPort>& servers) {
    std::string out;
    for (const HostPort& server : servers) out += (out.empty() ? "" : ",") + server.text();
    return out;
}

template <class E>
Result<E> chosen(std::string_view text, std::initializer_list<std::pair<std::string_view, E>> choices, E otherwise) {
    if (text.empty()) return otherwise;
    for (const auto& [word, value] : choices)
        if (word == text) return value;
    return fail(Fault::Malformed, "choice of a link");
}

bool isHostName(std::string_view host) {
    return !host.empty() && host.size() <= 253 &&
           std::all_of(host.begin(), host.end(), [](char c) { return isAlphanumeric(c) || c == '-' || c == '.'; });
}

}  // namespace

Result<HostPort> HostPort::parse(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return fail(Fault::Malformed, "port of a server");
    HostPort out{std::string(text.substr(0, colon)), 0};
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
    if (failure != std::errc{} || end != digits.data() + digits.size() || out.port == 0)
        return fail(Fault::Malformed, "port of a server");
    const bool bracketed = out.host.size() > 2 && out.host.front() == '[' && out.host.back() == ']';
    if (bracketed ? !IpAddress::parse(out.host) : !isHostName(out.host)) return fail(Fault::Malformed, "server");
    return out;
}

std::string HostPort::text() const {
    return host + ":" + std::to_string(port);
}

Result<NetworkProfile> NetworkProfile::parseLink(std::string_view link) {
    if (link.size() > kMaxLink) return fail(Fault::TooLarge, "link");
    if (!link.starts_with(kPrefix)) return fail(Fault::Malformed, "not a link to a network");
    const auto values = valuesOf(link.substr(kPrefix.size()));
    if (!values) return tl::make_unexpected(values.error());
    for (const std::string_view name : {"net", "key", "at"})
        if (valueOf(*values, name).empty()) return fail(Fault::MissingField, name);

    NetworkProfile out;
    out.name = valueOf(*values, "net");
    out.code = valueOf(*values, "code");
    if (out.name.size() > kMaxName || out.code.size() > kMaxCode) return fail(Fault::TooLarge, "value of a link");
    const auto key = fromBase64Url(valueOf(*values, "key"));
    if (!key || key->size() != out.rootKeyHash.size()) return fail(Fault::Malformed, "key of a link");
    out.rootKeyHash = *toArray<32>(*key);
    auto at = serversOf(valueOf(*values, "at"));
    if (!at) return tl::make_unexpected(at.error());
    auto sn = serversOf(valueOf(*values, "sn"));
    if (!sn) return tl::make_unexpected(sn.error());
    out.loginServers = std::move(*at);
    out.supernodes = std::move(*sn);
    const auto suite =
        chosen(valueOf(*values, "suite"), {{"modern", SuiteChoice::Modern}, {"classic", SuiteChoice::Classic}},
               SuiteChoice::Modern);
    if (!suite) return tl::make_unexpected(suite.error());
    const auto policy =
        chosen(valueOf(*values, "reg"),
               {{"open", Registration::Open}, {"invite", Registration::Invite}, {"operator", Registration::Operator}},
               Registration::Invite);
    if (!policy) return tl::make_unexpected(policy.error());
    out.suite = *suite;
    out.registration = *policy;
    return out;
}

std::string NetworkProfile::link() const {
    std::string out(kPrefix);
    out += "net=" + encoded(name) + "&key=" + toBase64Url(rootKeyHash) + "&at=" + encoded(joined(loginServers));
    if (!supernodes.empty()) out += "&sn=" + encoded(joined(supernodes));
    if (suite == SuiteChoice::Classic) out += "&suite=classic";
    switch (registration) {
        case Registration::Open: out += "&reg=open"; break;
        case Registration::Invite: out += "&reg=invite"; break;
        case Registration::Operator: out += "&reg=operator"; break;
    }
    if (!code.empty()) out += "&code=" + encoded(code);
    return out;
}

}  // namespace kith::overlay
