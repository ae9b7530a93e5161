// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/errand.h"

#include <algorithm>

#include "protocol/crypto/sealedbox.h"

namespace kith::login {

namespace {

constexpr int kMaxRestarts = 3;

std::shared_ptr<const crypto::SigningKey> newKey(RandomSource& random) {
    return std::make_shared<const crypto::SigningKey>(crypto::SigningKey::generate(random));
}

tl::unexpected<Error> failed(const Error& error) {
    return tl::make_unexpected(error);
}

}  // namespace

// Beginnings

Errand::Errand(ErrandKind kind, const Environment& environment, const UserName& user)
    : m_kind(kind), m_environment(environment), m_sealer(environment.trust.network, user), m_user(user) {}

std::unique_ptr<Errand> Errand::signUp(const Environment& environment, const UserName& user,
                                       const std::string& displayName, const crypto::PasswordKeys& password,
                                       const std::string& invitation) {
    std::unique_ptr<Errand> out(new Errand(ErrandKind::SignUp, environment, user));
    RandomSource& random = environment.random;
    out->m_invitation = invitation;
    out->m_password = password;
    out->m_device = newKey(random);
    out->makeKeys();
    out->m_userKey = newKey(random);
    out->m_madeRecoveryKey = RecoveryKey::generate(random);
    out->m_vaultKey = crypto::Secret<32>(random.bytes<32>());
    VaultContent content;
    content.userSeed = crypto::Secret<32>(out->m_userKey->seed());
    content.displayName = displayName;
    const auto recovery = out->m_madeRecoveryKey->keys(user, environment.trust.network);
    out->m_vault.passwordWrap = out->m_sealer.wrap(out->m_vaultKey, password.vault, random);
    out->m_vault.recoveryWrap = out->m_sealer.wrap(out->m_vaultKey, recovery.vault, random);
    // A name and a key are far below every limit.
    static_cast<void>(out->prepareVault(std::move(content), 0));
    return out;
}

std::unique_ptr<Errand> Errand::signIn(const Environment& environment, const UserName& user,
                                       const crypto::PasswordKeys& password) {
    std::unique_ptr<Errand> out(new Errand(ErrandKind::SignIn, environment, user));
    out->m_password = password;
    out->m_device = newKey(environment.random);
    out->makeKeys();
    return out;
}

std::unique_ptr<Errand> Errand::recover(const Environment& environment, const UserName& user,
                                        const RecoveryKey& recovery, const crypto::PasswordKeys& newPassword) {
    auto out = signIn(environment, user, newPassword);
    out->m_kind = ErrandKind::Recover;
    out->m_recovery = recovery;
    return out;
}

std::unique_ptr<Errand> Errand::renew(const Environment& environment, const Membership& membership) {
    std::unique_ptr<Errand> out(new Errand(ErrandKind::Renew, environment, membership.user));
    out->know(membership);
    out->makeKeys();
    return out;
}

std::unique_ptr<Errand> Errand::saveVault(const Environment& environment, const Membership& membership,
                                          VaultContent content) {
    std::unique_ptr<Errand> out(new Errand(ErrandKind::SaveVault, environment, membership.user));
    out->know(membership);
    out->m_vault.passwordWrap = membership.vault.passwordWrap;
    out->m_vault.recoveryWrap = membership.vault.recoveryWrap;
    if (!out->prepareVault(std::move(content), membership.vault.version)) return nullptr;
    return out;
}

void Errand::makeKeys() {
    for (std::size_t i = 0; i < m_environment.accessWeeks; ++i) m_accessKeys.push_back(newKey(m_environment.random));
}

void Errand::know(const Membership& membership) {
    m_device = membership.device->key;
    m_show = membership.device;
    m_knownUserKey = membership.userKey;
    m_userKey = membership.userSigningKey;
    m_knownVault = membership.vault.version;
    m_vaultKey = membership.vaultKey;
    m_devices = membership.devices;
    if (const auto list = wire::decodeObjects<directory::DeviceList>(membership.devices.list)) {
        m_knownEpoch = list->epoch;
        m_list = *list;
    }
    // Kept from before, when it was judged; only the numbers matter here.
    if (!membership.rootDocument.empty())
        static_cast<void>(m_document.learnRoot(m_environment.suite, m_environment.trust, membership.rootDocument));
    if (!membership.serverDocument.empty())
        static_cast<void>(m_document.learnServer(m_environment.suite, m_environment.trust, membership.serverDocument,
                                                 membership.renewed));
}

Bytes Errand::begin(wire::RequestId request) {
    m_request = request;
    switch (m_kind) {
        case ErrandKind::SignUp: return sendRegister();
        case ErrandKind::SignIn: return sendLogIn();
        case ErrandKind::Recover: return sendRecover();
        case ErrandKind::Renew: return sendRenew();
        case ErrandKind::SaveVault: break;
    }
    m_sent = 0;
    return sendPutVault();
}

// What is sent

template <class M>
Bytes Errand::command(const M& message, Stage stage) {
    m_stage = stage;
    return wire::encodeCommand(message, m_request);
}

DeviceRequest Errand::deviceRequest() const {
    DeviceRequest request;
    request.device = ownDevice();
    for (const auto& key : m_accessKeys) request.accessKeys.push_back(key->publicKey());
    request.proof =
        m_environment.suite.sign(*m_device, deviceProofMessage(m_environment.trust.network, m_user, request));
    return request;
}

Bytes Errand::sendRegister() {
    Register message;
    message.user = m_user;
    message.loginKey = m_password->login.bytes;
    message.recoveryKey = m_madeRecoveryKey->keys(m_user, m_environment.trust.network).login.bytes;
    message.invitation = m_invitation;
    message.device = deviceRequest();
    message.deviceList = wire::encodeObjects(directory::DeviceList{UserKey{m_userKey->publicKey()}, 1, {ownDevice()}});
    message.deviceListSignature = m_environment.suite.sign(
        *m_userKey, directory::deviceListMessage(m_environment.trust.network, message.deviceList));
    message.passwordWrap = m_vault.passwordWrap;
    message.recoveryWrap = m_vault.recoveryWrap;
    message.vaultBox = m_vault.box;
    Bytes out = command(message, Stage::Registering);
    wipe(message.loginKey);
    wipe(message.recoveryKey);
    return out;
}

Bytes Errand::sendLogIn() {
    LogIn message{m_user, m_password->login.bytes, deviceRequest()};
    Bytes out = command(message, Stage::LoggingIn);
    wipe(message.key);
    return out;
}

Bytes Errand::sendRecover() {
    LogIn message{m_user, m_recovery->keys(m_user, m_environment.trust.network).login.bytes, {}};
    Bytes out = command(message, Stage::Recovering);
    wipe(message.key);
    return out;
}

Bytes Errand::sendRenew() {
    return command(Renew{deviceRequest().accessKeys}, Stage::Renewing);
}

Bytes Errand::sendFetchVault() {
    return command(FetchVault{static_cast<std::uint32_t>(m_vault.box.size())}, Stage::FetchingVault);
}

Bytes Errand::sendPutVault() {
    PutVault message;
    message.baseVersion = m_vault.version - 1;
    message.total = static_cast<std::uint32_t>(m_vault.box.size());
    message.offset = static_cast<std::uint32_t>(m_sent);
    message.passwordWrap = m_vault.passwordWrap;
    message.recoveryWrap = m_vault.recoveryWrap;
    if (m_kind == ErrandKind::Recover) message.newLoginKey = m_password->login.bytes;
    message.part = toBytes(ByteView(m_vault.box).subspan(m_sent, std::min(kMaxPart, m_vault.box.size() - m_sent)));
    m_sent += message.part.size();
    return command(message, Stage::PuttingVault);
}

Bytes Errand::sendSignDevices() {
    directory::DeviceList list{UserKey{m_userKey->publicKey()}, m_list.epoch + 1, m_list.devices};
    // A full list makes room: the device that was added first goes.
    if (list.devices.size() >= directory::kMaxDevices) list.devices.erase(list.devices.begin());
    list.devices.push_back(ownDevice());
    SignDevices message;
    message.list = wire::encodeObjects(list);
    message.signature =
        m_environment.suite.sign(*m_userKey, directory::deviceListMessage(m_environment.trust.network, message.list));
    return command(message, Stage::SigningDevices);
}

/// Whatever is missing of the network document, then the end.
Errand::Next Errand::sendDocuments() {
    const auto heldRoot = m_document.root() ? m_document.root()->number : 0;
    const auto heldServer = m_document.server() ? m_document.server()->number : 0;
    if (m_rootPart > heldRoot) return command(FetchDocument{DocumentPart::Root}, Stage::FetchingRoot);
    if (m_serverPart > heldServer) return command(FetchDocument{DocumentPart::Server}, Stage::FetchingServer);
    m_stage = Stage::Done;
    return std::nullopt;
}

// What came

Errand::Next Errand::receive(Now now, const wire::CommandView& command, wire::RequestId request) {
    if (command.requestId != m_request) return fail(Fault::Malformed, "answer to something else");
    m_request = request;
    switch (m_stage) {
        case Stage::Registering:
        case Stage::LoggingIn:
        case Stage::Recovering: return receiveLoggedIn(now, command);
        case Stage::Renewing: return receiveRenewed(now, command);
        case Stage::FetchingVault: return receiveVaultPart(now, command);
        case Stage::PuttingVault: return receiveVaultPut(now, command);
        case Stage::SigningDevices: return receiveDevices(now, command);
        case Stage::FetchingRoot:
        case Stage::FetchingServer: return receiveDocument(now, command);
        case Stage::Done: break;
    }
    return fail(Fault::Malformed, "answer to nothing");
}

Result<void> Errand::judge(Now now, const Answer& answer) {
    m_serverNow = std::chrono::floor<std::chrono::seconds>(answer.serverTime);
    m_clockOffset = std::chrono::round<std::chrono::seconds>(answer.serverTime - now.wall);
    m_retryAfter = std::chrono::seconds(answer.retrySeconds);
    if (std::chrono::abs(*m_clockOffset) >= Login::kMaxClockOff) return fail(Fault::ClockOff, "by the server's time");
    if (answer.refusal) return fail(faultOf(*answer.refusal), "refused");
    return {};
}

template <class M>
Result<M> Errand::read(Now now, const wire::CommandView& command) {
    auto message = wire::decode<M>(command);
    if (!message) return message;
    if (const auto fine = judge(now, message->answer); !fine) return failed(fine.error());
    return message;
}

Errand::Next Errand::receiveLoggedIn(Now now, const wire::CommandView& command) {
    if (m_stage == Stage::Registering) {
        const auto message = read<Registered>(now, command);
        if (!message) return failed(message.error());
        if (const auto taken = takePapers(message->papers); !taken) return failed(taken.error());
        return sendDocuments();
    }
    const auto message = read<LoggedIn>(now, command);
    if (!message) return failed(message.error());
    if (m_stage == Stage::LoggingIn)
        if (const auto taken = takePapers(message->papers); !taken) return failed(taken.error());
    if (m_stage == Stage::LoggingIn && m_content) return afterVault();
    m_vault = {};
    return sendFetchVault();
}

Errand::Next Errand::receiveRenewed(Now now, const wire::CommandView& command) {
    const auto message = read<Renewed>(now, command);
    if (!message) return failed(message.error());
    if (const auto taken = takePapers(message->papers); !taken) return failed(taken.error());
    if (message->papers->vaultVersion <= m_knownVault) return sendDocuments();
    return sendFetchVault();
}

Errand::Next Errand::receiveVaultPart(Now now, const wire::CommandView& command) {
    const auto message = read<VaultPart>(now, command);
    if (!message) return failed(message.error());
    if (m_vault.box.empty()) {
        if (message->total > kMaxVaultBox || message->version <= m_knownVault) return fail(Fault::Malformed, "vault");
        m_vault.version = message->version;
        m_vault.passwordWrap = message->passwordWrap;
        m_vault.recoveryWrap = message->recoveryWrap;
        m_total = message->total;
    }
    if (message->version != m_vault.version) {
        if (++m_restarts > kMaxRestarts) return fail(Fault::Busy, "vault");
        m_vault = {};
        return sendFetchVault();
    }
    if (message->part.empty() || message->part.size() > m_total - m_vault.box.size())
        return fail(Fault::Malformed, "part of a vault");
    append(m_vault.box, message->part);
    return m_vault.box.size() < m_total ? Next(sendFetchVault()) : vaultFetched();
}

Result<void> Errand::openVault(const crypto::Secret<32>& key) {
    auto content = m_sealer.open(m_vault.box, m_vault.version, key);
    if (!content) return failed(content.error());
    auto userKey = std::make_shared<const crypto::SigningKey>(crypto::SigningKey::fromSeed(content->userSeed.bytes));
    const UserKey found{userKey->publicKey()};
    if (m_knownUserKey && found != *m_knownUserKey) return fail(Fault::CertificateInvalid, "user key");
    m_userKey = std::move(userKey);
    m_content = std::move(*content);
    m_vaultKey = key;
    return {};
}

Errand::Next Errand::vaultFetched() {
    if (m_kind == ErrandKind::Renew || m_kind == ErrandKind::SaveVault) {
        // Under another key since the password was changed on another device: it has to be asked for again.
        if (!openVault(m_vaultKey)) return fail(Fault::CredentialExpired, "vault key");
        m_vaultChanged = true;
        if (m_kind == ErrandKind::Renew) return sendDocuments();
        m_stage = Stage::Done;
        return std::nullopt;
    }
    const bool recovers = m_kind == ErrandKind::Recover;
    const auto under = recovers ? m_recovery->keys(m_user, m_environment.trust.network).vault : m_password->vault;
    const auto key = m_sealer.unwrap(recovers ? m_vault.recoveryWrap : m_vault.passwordWrap, under);
    if (!key) return failed(key.error());
    if (const auto opened = openVault(*key); !opened) return failed(opened.error());
    if (!recovers) return afterVault();

    m_vaultKey = crypto::Secret<32>(m_environment.random.bytes<32>());
    m_vault.passwordWrap = m_sealer.wrap(m_vaultKey, m_password->vault, m_environment.random);
    m_vault.recoveryWrap = m_sealer.wrap(m_vaultKey, under, m_environment.random);
    if (const auto sealed = prepareVault(*m_content, m_vault.version); !sealed) return failed(sealed.error());
    return sendPutVault();
}

Result<void> Errand::prepareVault(VaultContent content, std::uint64_t baseVersion) {
    auto box = m_sealer.seal(content, baseVersion + 1, m_vaultKey, m_environment.random);
    if (!box) return failed(box.error());
    m_vault.version = baseVersion + 1;
    m_vault.box = std::move(*box);
    m_content = std::move(content);
    m_sent = 0;
    return {};
}

Errand::Next Errand::receiveVaultPut(Now now, const wire::CommandView& command) {
    const auto message = read<VaultPut>(now, command);
    if (!message && message.error().fault == Fault::VersionConflict && ++m_restarts <= kMaxRestarts) {
        m_vault = {};
        m_content.reset();
        return sendFetchVault();
    }
    if (!message) return failed(message.error());
    if (message->received != m_sent) return fail(Fault::Malformed, "part of a vault");
    if (m_sent < m_vault.box.size()) return sendPutVault();
    if (m_kind == ErrandKind::Recover) return sendLogIn();
    m_stage = Stage::Done;
    return std::nullopt;
}

/// The vault is open and the papers are here: is this device on the list?
Errand::Next Errand::afterVault() {
    // What the server says of the user key has to be what the vault says: it can't put another in its place.
    if (UserKey{m_userKey->publicKey()} != m_list.userKey) return fail(Fault::CertificateInvalid, "user key");
    const bool listed = std::find(m_list.devices.begin(), m_list.devices.end(), ownDevice()) != m_list.devices.end();
    return listed ? sendDocuments() : Next(sendSignDevices());
}

Errand::Next Errand::receiveDevices(Now now, const wire::CommandView& command) {
    const auto message = read<DevicesSigned>(now, command);
    // Another device was quicker; a new look at the list comes with new papers.
    if (!message && message.error().fault == Fault::VersionConflict && ++m_restarts <= kMaxRestarts) return sendLogIn();
    if (!message) return failed(message.error());
    if (!message->devices) return fail(Fault::MissingField, "device list");
    if (const auto taken = takeDevices(*message->devices); !taken) return failed(taken.error());
    return sendDocuments();
}

Errand::Next Errand::receiveDocument(Now now, const wire::CommandView& command) {
    const auto message = read<Document>(now, command);
    if (!message) return failed(message.error());
    // A document that doesn't prove itself is not taken, and nobody is kept from signing in by it.
    if (m_stage == Stage::FetchingRoot) {
        m_rootPart = 0;
        if (m_document.learnRoot(m_environment.suite, m_environment.trust, message->document))
            m_rootDocument = message->document;
    } else {
        m_serverPart = 0;
        if (m_document.learnServer(m_environment.suite, m_environment.trust, message->document, m_serverNow))
            m_serverDocument = message->document;
    }
    return sendDocuments();
}

// Papers

Result<void> Errand::takePapers(const std::optional<Papers>& papers) {
    if (!papers) return fail(Fault::MissingField, "papers");
    const auto above = crypto::decodeChain(papers->above);
    if (!above) return failed(above.error());
    if (const auto taken = takeDevices(papers->devices); !taken) return failed(taken.error());
    if (const auto taken = takeCredential(*papers, *above); !taken) return failed(taken.error());
    m_rootPart = papers->rootPart;
    m_serverPart = papers->serverPart;
    return takeAccess(*papers, *above);
}

Result<void> Errand::takeDevices(const directory::SignedDeviceList& devices) {
    auto verified = directory::verify({m_environment.suite, m_environment.trust}, devices, m_serverNow);
    if (!verified) return failed(verified.error());
    if ((m_knownUserKey && verified->list.userKey != *m_knownUserKey) || verified->list.epoch < m_knownEpoch ||
        (m_userKey && verified->list.userKey.bytes != m_userKey->publicKey()))
        return fail(Fault::CertificateInvalid, "device list");
    m_devices = devices;
    m_list = std::move(verified->list);
    return {};
}

Result<void> Errand::takeCredential(const Papers& papers, const crypto::CertificateChain& above) {
    crypto::CertificateChain chain{papers.credential};
    chain.insert(chain.end(), above.begin(), above.end());
    const auto identity = crypto::verifyChain(chain, m_environment.trust, m_serverNow);
    if (!identity) return failed(identity.error());
    const auto* person = std::get_if<crypto::PersonIdentity>(&*identity);
    if (!person || person->user != m_user || person->device != ownDevice() ||
        person->userKeyHash != directory::personKey(m_list.userKey).bytes)
        return fail(Fault::CertificateInvalid, "credential of somebody else");
    m_credential = std::make_shared<const crypto::Credentials>(crypto::Credentials{std::move(chain), m_device});
    m_credentialExpires = person->expires;
    return {};
}

Result<void> Errand::takeAccess(const Papers& papers, const crypto::CertificateChain& above) {
    if (papers.access.empty() || papers.access.size() > m_accessKeys.size())
        return fail(Fault::CertificateInvalid, "access certificates");
    m_access.clear();
    for (std::size_t i = 0; i < papers.access.size(); ++i) {
        const auto facts = crypto::readLeaf(papers.access[i], m_environment.trust.network);
        if (!facts) return failed(facts.error());
        crypto::CertificateChain chain{papers.access[i]};
        chain.insert(chain.end(), above.begin(), above.end());
        // Those of later weeks are judged as of their own last second.
        const auto last = facts->validity.notAfter - std::chrono::seconds(1);
        const auto identity = crypto::verifyChain(chain, m_environment.trust, last);
        if (!identity) return failed(identity.error());
        if (!std::holds_alternative<crypto::AccessIdentity>(*identity) ||
            facts->publicKey != m_accessKeys[i]->publicKey())
            return fail(Fault::CertificateInvalid, "access certificates");
        m_access.push_back({papers.access[i], m_accessKeys[i], facts->validity});
    }
    return {};
}

void Errand::apply(Membership& membership) {
    membership.network = m_environment.trust.network;
    membership.user = m_user;
    if (m_credential) {
        membership.device = m_credential;
        membership.credentialExpires = m_credentialExpires;
        membership.access = m_access;
        membership.devices = m_devices;
        membership.userKey = m_list.userKey;
        membership.renewed = m_serverNow;
    }
    if (m_content) {
        membership.vault = std::move(m_vault);
        membership.content = std::move(*m_content);
        membership.vaultKey = m_vaultKey;
        membership.userSigningKey = m_userKey;
    }
    if (!m_rootDocument.empty()) membership.rootDocument = std::move(m_rootDocument);
    if (!m_serverDocument.empty()) membership.serverDocument = std::move(m_serverDocument);
}

}  // namespace kith::login
