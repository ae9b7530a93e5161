// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/srtp/session.h"

#include <srtp2/srtp.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace kith::srtp {

namespace {

constexpr std::size_t kRtpHeader = 12;
constexpr std::size_t kRtcpHeader = 8;
/// How many sources the other end may make us keep a replay window for.
constexpr std::size_t kMaxSources = 32;
constexpr unsigned long kReplayWindow = 1024;
constexpr std::size_t kRememberedKeys = 16'384;

/// libsrtp keeps its self-tested ciphers in a global that lives as long as the program.
bool libraryReady() {
    static const bool ready = srtp_init() == srtp_err_status_ok;
    return ready;
}

struct Closer {
    void operator()(srtp_t context) const { srtp_dealloc(context); }
};
using Context = std::unique_ptr<srtp_ctx_t_, Closer>;

Context makeContext(const MasterKey& master, srtp_ssrc_type_t direction) {
    if (!libraryReady()) return nullptr;
    ByteArray<44> joined;
    std::copy(master.key.begin(), master.key.end(), joined.begin());
    std::copy(master.salt.begin(), master.salt.end(), joined.begin() + 32);

    srtp_policy_t policy{};
    srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtcp);
    policy.ssrc.type = direction;
    policy.key = reinterpret_cast<unsigned char*>(joined.data());
    policy.window_size = kReplayWindow;
    srtp_t context = nullptr;
    const auto status = srtp_create(&context, &policy);
    wipe(joined);
    return Context(status == srtp_err_status_ok ? context : nullptr);
}

bool isRtcp(ByteView packet) {
    const auto type = std::to_integer<unsigned>(packet[1]);
    return type >= 192 && type <= 223;
}

/// Whether it can be a packet at all: libsrtp checks lengths only as far as it needs them.
bool plausible(ByteView packet, std::size_t added) {
    if (packet.size() < 2 || std::to_integer<unsigned>(packet[0]) >> 6 != 2) return false;
    return packet.size() >= (isRtcp(packet) ? kRtcpHeader : kRtpHeader) + added;
}

std::uint32_t sourceOf(ByteView packet) {
    const std::size_t at = isRtcp(packet) ? 4 : 8;
    std::uint32_t source = 0;
    for (std::size_t i = 0; i < 4; ++i) source = source << 8 | std::to_integer<std::uint32_t>(packet[at + i]);
    return source;
}

Fault faultOf(srtp_err_status_t status) {
    switch (status) {
        case srtp_err_status_auth_fail:
        case srtp_err_status_cipher_fail: return Fault::BadSeal;
        case srtp_err_status_replay_fail:
        case srtp_err_status_replay_old:
        case srtp_err_status_pkt_idx_old: return Fault::Replayed;
        case srtp_err_status_key_expired: return Fault::BadKey;
        default: return Fault::Malformed;
    }
}

/// A tag over a fixed packet, under the key with another salt than any real one: libsrtp derives its working key from
/// both, so nothing of the real key stream is used up or shown.
std::optional<ByteArray<16>> printOf(const MasterKey& master) {
    MasterKey probe = master;
    probe.salt.fill(std::byte{0});
    const Context context = makeContext(probe, ssrc_any_outbound);
    if (!context) return std::nullopt;
    ByteArray<kRtpHeader + 16> packet{std::byte{0x80}};
    int size = kRtpHeader;
    if (srtp_protect(context.get(), packet.data(), &size) != srtp_err_status_ok) return std::nullopt;
    ByteArray<16> print;
    std::copy(packet.end() - 16, packet.end(), print.begin());
    return print;
}

}  // namespace

bool KeyLedger::enter(const MasterKey& key) {
    const auto print = printOf(key);
    if (!print || !m_prints.insert(*print).second) return false;
    m_order.push_back(*print);
    if (m_order.size() > kRememberedKeys) {
        m_prints.erase(m_order.front());
        m_order.pop_front();
    }
    return true;
}

struct Session::Contexts {
    Context sending;
    Context receiving;
    std::vector<std::uint32_t> sources;  ///< of which something authentic came

    [[nodiscard]] bool knows(std::uint32_t source) const {
        return std::find(sources.begin(), sources.end(), source) != sources.end();
    }
};

Session::Session(std::unique_ptr<Contexts> contexts) : m_contexts(std::move(contexts)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Result<Session> Session::open(KeyLedger& ledger, const MasterKey& sending, const MasterKey& receiving) {
    if (!ledger.enter(sending) || !ledger.enter(receiving)) return fail(Fault::BadKey, "SRTP key was in use before");
    auto contexts = std::make_unique<Contexts>();
    contexts->sending = makeContext(sending, ssrc_any_outbound);
    contexts->receiving = makeContext(receiving, ssrc_any_inbound);
    if (!contexts->sending || !contexts->receiving) return fail(Fault::BadKey, "SRTP session");
    return Session(std::move(contexts));
}

Result<std::size_t> Session::protect(ByteSpan buffer, std::size_t size) {
    if (size > buffer.size() || buffer.size() - size < kOverhead) return fail(Fault::TooLarge, "SRTP packet");
    const ByteView plain = buffer.first(size);
    if (!plausible(plain, 0)) return fail(Fault::Malformed, "SRTP packet");
    int length = static_cast<int>(size);
    const auto status = isRtcp(plain) ? srtp_protect_rtcp(m_contexts->sending.get(), buffer.data(), &length)
                                      : srtp_protect(m_contexts->sending.get(), buffer.data(), &length);
    if (status != srtp_err_status_ok) return fail(faultOf(status), "SRTP protect");
    return static_cast<std::size_t>(length);
}

Result<std::size_t> Session::unprotect(ByteSpan packet) {
    constexpr std::size_t kTag = 16;
    if (!plausible(packet, kTag) || packet.size() > 65'535) return fail(Fault::Malformed, "SRTP packet");
    const std::uint32_t source = sourceOf(packet);
    const bool known = m_contexts->knows(source);
    if (!known && m_contexts->sources.size() == kMaxSources) return fail(Fault::TooLarge, "SRTP sources");

    int length = static_cast<int>(packet.size());
    const auto status = isRtcp(packet) ? srtp_unprotect_rtcp(m_contexts->receiving.get(), packet.data(), &length)
                                       : srtp_unprotect(m_contexts->receiving.get(), packet.data(), &length);
    if (status != srtp_err_status_ok) return fail(faultOf(status), "SRTP unprotect");
    if (!known) m_contexts->sources.push_back(source);
    return static_cast<std::size_t>(length);
}

}  // namespace kith::srtp
