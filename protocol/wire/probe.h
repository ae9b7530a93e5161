// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/wire/command.h"

/// "May I connect?" and its answers, outside links, in payload frames. The request id ties them together.
namespace kith::wire {

/// Of the protocol that this program speaks.
inline constexpr std::uint32_t kProtocolVersion = 1;
inline constexpr std::size_t kMinToken = 8;
inline constexpr std::size_t kMaxToken = 16;
/// Where a probe may be sent instead.
inline constexpr std::size_t kMaxRedirects = 4;
/// A probe is filled up to this, its frame's header not counted: so that no answer, an IPv6 nack or a redirect
/// included, is larger than what it answers.
inline constexpr std::size_t kProbeCommandSize = 104;

struct Probe {
    static constexpr CommandNumber kNumber = 27;
    static constexpr bool kReply = false;
    static constexpr std::string_view kName = "Probe";

    std::uint32_t version = kProtocolVersion;
    Bytes padding;  ///< zeros

    static constexpr auto fields() {
        return std::tuple{field<&Probe::version>(0, "version"), field<&Probe::padding>(1, "padding", Max{1024})};
    }
};

/// A probe command of kProbeCommandSize bytes.
Bytes encodePaddedProbe(RequestId requestId);

/// Come: show this token when you open a link from the address you have now.
struct ProbeAccept {
    static constexpr CommandNumber kNumber = 28;
    static constexpr bool kReply = true;
    static constexpr std::string_view kName = "ProbeAccept";

    Bytes token;  ///< kMinToken to kMaxToken bytes

    static constexpr auto fields() { return std::tuple{field<&ProbeAccept::token>(0, "token", Max{kMaxToken})}; }
};

/// Not here; there, if anywhere is named.
struct ProbeRefuse {
    static constexpr CommandNumber kNumber = 29;
    static constexpr bool kReply = true;
    static constexpr std::string_view kName = "ProbeRefuse";

    std::vector<Endpoint> instead;

    static constexpr auto fields() {
        return std::tuple{field<&ProbeRefuse::instead>(0, "instead", Max{kMaxRedirects})};
    }
};

}  // namespace kith::wire
