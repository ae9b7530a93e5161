// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/wire/command.h"

/// What two people's devices say to each other on the stream Call, numbers 140 to 159. Each names its invitation, so
/// that one that comes twice, late or to a device that knows nothing of it does no harm.
namespace kith::call {

inline constexpr std::size_t kMaxCodecs = 16;
inline constexpr std::size_t kMaxCodecName = 32;

/// Values are on the wire and on disk: never renumber.
enum class EndReason : std::uint8_t {
    HungUp,
    Cancelled,
    Declined,
    Busy,
    NoAnswer,
    DoNotDisturb,
    NotAContact,
    Unreachable,
    AnsweredElsewhere,
    NoCommonCodec,
    DeviceFailed,
    ConnectionLost,
    IdentityMismatch,
};

/// Half of the 128-bit id that media keys are derived for: each side's own, made for one call on one link.
using CallHalf = ByteArray<8>;

struct Codec {
    std::string name;              ///< "opus"
    std::uint8_t payloadType = 0;  ///< RTP, 96 to 127
    std::uint32_t clockRate = 0;
    std::uint8_t channels = 1;
    std::uint32_t frameMillis = 0;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Codec::name>(0, "name", wire::Max{kMaxCodecName}),
                          wire::field<&Codec::payloadType>(1, "payloadType"),
                          wire::field<&Codec::clockRate>(2, "clockRate"), wire::field<&Codec::channels>(3, "channels"),
                          wire::field<&Codec::frameMillis>(4, "frameMillis")};
    }
    friend bool operator==(const Codec&, const Codec&) = default;
};

/// The caller's side of the media, for one device of the callee.
struct Offer {
    CallHalf half{};
    std::uint32_t ssrc = 0;
    std::uint8_t generation = 0;  ///< of the link's media secret that both derive from
    std::vector<Codec> codecs;    ///< best first

    static constexpr auto fields() {
        return std::tuple{wire::field<&Offer::half>(0, "half"), wire::field<&Offer::ssrc>(1, "ssrc"),
                          wire::field<&Offer::generation>(2, "generation"),
                          wire::field<&Offer::codecs>(3, "codecs", wire::Max{kMaxCodecs})};
    }
    friend bool operator==(const Offer&, const Offer&) = default;
};

/// The callee's side.
struct Accept {
    CallHalf half{};
    CallHalf offered{};      ///< of the offer that this answers
    std::uint32_t ssrc = 0;  ///< differs from the offer's
    Codec codec;             ///< one of the offer's

    static constexpr auto fields() {
        return std::tuple{wire::field<&Accept::half>(0, "half"), wire::field<&Accept::offered>(1, "offered"),
                          wire::field<&Accept::ssrc>(2, "ssrc"), wire::field<&Accept::codec>(3, "codec")};
    }
    friend bool operator==(const Accept&, const Accept&) = default;
};

/// Caller to every device of the callee: ring. Again when a link that was lost is back, with a new offer.
struct Invite {
    static constexpr wire::CommandNumber kNumber = 140;
    static constexpr std::string_view kName = "Invite";

    CallId call;
    Offer offer;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Invite::call>(0, "call"), wire::field<&Invite::offer>(1, "offer")};
    }
    friend bool operator==(const Invite&, const Invite&) = default;
};

/// Callee's device: it rings here.
struct Ringing {
    static constexpr wire::CommandNumber kNumber = 142;
    static constexpr std::string_view kName = "Ringing";

    CallId call;

    static constexpr auto fields() { return std::tuple{wire::field<&Ringing::call>(0, "call")}; }
    friend bool operator==(const Ringing&, const Ringing&) = default;
};

/// Callee's device: somebody answered here. The first that reaches the caller gets Confirm, others End.
struct Answer {
    static constexpr wire::CommandNumber kNumber = 144;
    static constexpr std::string_view kName = "Answer";

    CallId call;
    Accept accept;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Answer::call>(0, "call"), wire::field<&Answer::accept>(1, "accept")};
    }
    friend bool operator==(const Answer&, const Answer&) = default;
};

/// Caller: the call is yours.
struct Confirm {
    static constexpr wire::CommandNumber kNumber = 146;
    static constexpr std::string_view kName = "Confirm";

    CallId call;

    static constexpr auto fields() { return std::tuple{wire::field<&Confirm::call>(0, "call")}; }
    friend bool operator==(const Confirm&, const Confirm&) = default;
};

/// Either side, at any time; also the answer to whatever concerns a call that is over.
struct End {
    static constexpr wire::CommandNumber kNumber = 148;
    static constexpr std::string_view kName = "End";

    CallId call;
    EndReason reason = EndReason::HungUp;

    static constexpr auto fields() {
        return std::tuple{wire::field<&End::call>(0, "call"), wire::field<&End::reason>(1, "reason")};
    }
    friend bool operator==(const End&, const End&) = default;
};

/// Either side of a call that was answered: my microphone and ear are, or are no longer, with somebody else.
struct Update {
    static constexpr wire::CommandNumber kNumber = 150;
    static constexpr std::string_view kName = "Update";

    CallId call;
    std::uint32_t version = 0;  ///< the sender's; the larger is the newer
    bool held = false;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Update::call>(0, "call"), wire::field<&Update::version>(1, "version"),
                          wire::field<&Update::held>(2, "held")};
    }
    friend bool operator==(const Update&, const Update&) = default;
};

/// Caller, on a new link in place of one that was lost in an answered call: media goes on with new keys.
struct Rejoin {
    static constexpr wire::CommandNumber kNumber = 152;
    static constexpr std::string_view kName = "Rejoin";

    CallId call;
    std::uint32_t epoch = 0;  ///< media epoch: 0 from the answer on, one more for each rejoin
    Offer offer;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Rejoin::call>(0, "call"), wire::field<&Rejoin::epoch>(1, "epoch"),
                          wire::field<&Rejoin::offer>(2, "offer")};
    }
    friend bool operator==(const Rejoin&, const Rejoin&) = default;
};

struct Rejoined {
    static constexpr wire::CommandNumber kNumber = 154;
    static constexpr std::string_view kName = "Rejoined";

    CallId call;
    std::uint32_t epoch = 0;
    Accept accept;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Rejoined::call>(0, "call"), wire::field<&Rejoined::epoch>(1, "epoch"),
                          wire::field<&Rejoined::accept>(2, "accept")};
    }
    friend bool operator==(const Rejoined&, const Rejoined&) = default;
};

/// What goes over the stream Call.
using Messages = wire::MessageList<Invite, Ringing, Answer, Confirm, End, Update, Rejoin, Rejoined>;

}  // namespace kith::call

template <>
struct kith::wire::EnumRange<kith::call::EndReason> {
    static constexpr auto kLast = kith::call::EndReason::IdentityMismatch;
};
