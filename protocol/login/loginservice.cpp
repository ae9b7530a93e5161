// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/loginservice.h"

#include <algorithm>

#include "protocol/crypto/hash.h"
#include "protocol/crypto/sealedbox.h"
#include "protocol/crypto/secret.h"
#include "protocol/login/vault.h"

namespace kith::login {

namespace {

constexpr Duration kStoreRetry = std::chrono::minutes(1);

/// Guesses from one household, or one rented /64, count together.
std::string addressKey(const std::optional<IpAddress>& address) {
    if (!address) return {};
    return toHex(address->isV4() ? ByteView(address->bytes) : ByteView(address->bytes).first(8));
}

Refusal refusalOf(const Error& error) {
    switch (error.fault) {
        case Fault::NameTaken: return Refusal::NameTaken;
        case Fault::InvitationInvalid: return Refusal::InvitationInvalid;
        case Fault::VersionConflict: return Refusal::VersionConflict;
        case Fault::NotFound: return Refusal::CredentialExpired;
        default: return Refusal::StorageBroken;
    }
}

std::uint32_t wholeSeconds(Duration wait) {
    return static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::seconds>(wait).count());
}

bool isWrap(const Bytes& wrap) {
    return wrap.size() > crypto::kSealedBoxOverhead && wrap.size() <= kMaxWrap;
}

}  // namespace

LoginService::LoginService(const Options& options, Identity identity, const Environment& environment)
    : m_options(options),
      m_environment(environment),
      m_papers(environment.suite, environment.random, std::move(identity.issuer), std::move(identity.server)),
      m_secret(identity.secret),
      m_noHash(environment.random.bytes<32>()),
      m_accounts(options.accounts),
      m_addresses(options.addresses),
      m_sessions({options.idle, options.maxUploads}) {
    wipe(identity.secret);
}

LoginService::~LoginService() {
    wipe(m_secret);
}

void LoginService::setRootPart(Bytes document) {
    if (m_document.setRoot(std::move(document)))
        m_nextServerPart = {};
    else
        m_environment.log.write(LogLevel::Error, "login", "the root's part of the network document can't be read");
}

// Links

void LoginService::linkOpened(Now now, session::LinkNumber link, const crypto::PeerIdentity& peer,
                              const std::optional<IpAddress>& address) {
    m_sessions.open(now, link, peer, addressKey(address));
}

void LoginService::linkClosed(session::LinkNumber link) {
    m_sessions.close(link);
}

void LoginService::close(session::LinkNumber link, Fault reason) {
    linkClosed(link);
    m_output.closes.push_back({link, reason});
}

// Commands

void LoginService::receive(Now now, session::LinkNumber link, ByteView bytes) {
    Session* session = m_sessions.find(link);
    if (!session) return;
    const auto command = wire::parseCommand(bytes);
    if (!command || command->reply) return close(link, Fault::Malformed);
    if (session->waits) return close(link, Fault::Busy);  // our clients ask one thing at a time
    m_sessions.touch(now, *session);
    dispatch(now, {link, command->requestId}, *session, *command);
}

template <class M, class Method>
void LoginService::decodeFor(Now now, const Asker& asker, Session& session, const wire::CommandView& command,
                             Method method) {
    const auto message = wire::decode<M>(command);
    if (!message) return close(asker.link, message.error().fault);
    (this->*method)(now, asker, session, *message);
}

void LoginService::dispatch(Now now, const Asker& asker, Session& session, const wire::CommandView& command) {
    switch (command.number) {
        case Register::kNumber: return decodeFor<Register>(now, asker, session, command, &LoginService::answerRegister);
        case LogIn::kNumber: return decodeFor<LogIn>(now, asker, session, command, &LoginService::answerLogIn);
        case Renew::kNumber: return decodeFor<Renew>(now, asker, session, command, &LoginService::answerRenew);
        case FetchVault::kNumber:
            return decodeFor<FetchVault>(now, asker, session, command, &LoginService::answerFetchVault);
        case PutVault::kNumber: return decodeFor<PutVault>(now, asker, session, command, &LoginService::answerPutVault);
        case SignDevices::kNumber:
            return decodeFor<SignDevices>(now, asker, session, command, &LoginService::answerSignDevices);
        case CertifyNode::kNumber:
            return decodeFor<CertifyNode>(now, asker, session, command, &LoginService::answerCertifyNode);
        case FetchDocument::kNumber: {
            const auto message = wire::decode<FetchDocument>(command);
            if (!message) return close(asker.link, message.error().fault);
            return answerFetchDocument(now, asker, *message);
        }
        default: return close(asker.link, Fault::Malformed);
    }
}

template <class M>
void LoginService::send(Now now, const Asker& asker, M message) {
    message.answer.serverTime = now.wall;
    m_output.sends.push_back({asker.link, wire::encodeCommand(message, asker.request)});
}

template <class M>
void LoginService::refuse(Now now, const Asker& asker, Refusal refusal, Duration wait) {
    M message;
    message.answer.refusal = refusal;
    message.answer.retrySeconds = wholeSeconds(wait);
    send(now, asker, std::move(message));
}

template <class M>
void LoginService::refuseGuess(Now now, const Asker& asker, Refusal refusal, const std::string& account) {
    Duration wait{};
    const auto count = [&](Throttle& throttle, const std::string& key) {
        if (key.empty()) return;
        throttle.failed(now, key);
        wait = std::max(wait, throttle.waitOf(now, key));
    };
    count(m_accounts, account);
    if (const Session* session = m_sessions.find(asker.link)) count(m_addresses, session->address);
    refuse<M>(now, asker, refusal, wait);
}

Duration LoginService::waitOf(Now now, const Session& session) const {
    return session.address.empty() ? Duration{} : m_addresses.waitOf(now, session.address);
}

Duration LoginService::waitOf(Now now, const Session& session, const UserName& user) const {
    Duration wait = waitOf(now, session);
    // Who guesses at somebody's name must not keep that person's own devices out.
    const auto* person = std::get_if<crypto::PersonIdentity>(&session.peer);
    if (!person || person->user != user) wait = std::max(wait, m_accounts.waitOf(now, user.text()));
    return wait;
}

ByteArray<32> LoginService::keyedHash(std::string_view purpose, const UserName& user, const ByteArray<32>& key) const {
    Bytes input = toBytes(purpose);
    input.reserve(purpose.size() + 1 + key.size() + user.text().size());
    const crypto::WipeAtEnd wiped(input);
    input.push_back(std::byte{0});
    append(input, key);
    append(input, asBytes(user.text()));
    return crypto::hmacSha256(m_secret, input);
}

// Store

template <class Request>
void LoginService::store(Request request, Then then) {
    request.ticket = ++m_lastTicket;
    m_waiting.emplace(request.ticket, std::move(then));
    m_output.store.emplace_back(std::move(request));
}

/// What follows is skipped if the link is gone by then.
template <class Request>
void LoginService::store(const Asker& asker, Request request, Then then) {
    if (Session* session = m_sessions.find(asker.link)) session->waits = true;
    store(std::move(request), [this, link = asker.link, then = std::move(then)](Now now, const StoreAnswer& answer) {
        Session* session = m_sessions.find(link);
        if (!session) return;
        session->waits = false;
        then(now, answer);
    });
}

void LoginService::receive(Now now, const StoreAnswer& answer) {
    const auto ticket = std::visit([](const auto& a) { return a.ticket; }, answer);
    const auto at = m_waiting.find(ticket);
    if (at == m_waiting.end()) return;
    const Then then = std::move(at->second);
    m_waiting.erase(at);
    if (const auto error = std::visit([](const auto& a) { return a.error; }, answer);
        error && refusalOf(*error) == Refusal::StorageBroken)
        m_environment.log.write(LogLevel::Error, "login", "the account store failed");
    then(now, answer);
}

// Registration

void LoginService::answerRegister(Now now, const Asker& asker, Session& session, const Register& message) {
    if (const Duration wait = waitOf(now, session); wait > Duration{})
        return refuse<Registered>(now, asker, Refusal::TooManyTries, wait);
    const auto& network = m_papers.network();
    const auto list = checkDeviceList(m_environment.suite, network, message.deviceList, message.deviceListSignature);
    if (!list || list->epoch != 1 || list->devices != std::vector{message.device.device} ||
        !isWrap(message.passwordWrap) || !isWrap(message.recoveryWrap) ||
        message.vaultBox.size() <= crypto::kSealedBoxOverhead ||
        !m_environment.suite.verify(message.device.device.bytes,
                                    deviceProofMessage(network, message.user, message.device), message.device.proof))
        return refuse<Registered>(now, asker, Refusal::Invalid);

    InsertAccount insert;
    insert.account.user = message.user;
    insert.account.userKey = list->userKey;
    insert.account.loginHash = keyedHash("login", message.user, message.loginKey);
    insert.account.recoveryHash = keyedHash("recovery", message.user, message.recoveryKey);
    insert.account.created = now.seconds();
    insert.account.epoch = list->epoch;
    insert.account.devices = m_papers.countersign(message.deviceList, message.deviceListSignature);
    insert.account.vaultVersion = 1;
    insert.vault = {message.passwordWrap, message.recoveryWrap, message.vaultBox};
    if (!message.invitation.empty()) insert.invitation = invitationHash(message.invitation);
    insert.namedInvitationOnly = m_options.registration == overlay::Registration::Operator;
    insert.now = now.seconds();
    // The keys don't wait for the store, only their hashes.
    store(asker, LoadAccount{0, message.user},
          [this, asker, insert = std::move(insert), device = message.device](Now then, const StoreAnswer& answer) {
              const auto* loaded = std::get_if<AccountLoaded>(&answer);
              if (!loaded || loaded->error) return refuse<Registered>(then, asker, Refusal::StorageBroken);
              const auto& held = loaded->account;
              const Account& account = insert.account;
              const bool again = held && !held->disabled && held->userKey == account.userKey &&
                                 equalInConstantTime(held->loginHash, account.loginHash) &&
                                 equalInConstantTime(held->recoveryHash, account.recoveryHash);
              if (again) return givePapers<Registered>(then, asker, *held, device, Right::Password);
              insertAccount(then, asker, insert, device);
          });
}

void LoginService::insertAccount(Now now, const Asker& asker, const InsertAccount& insert,
                                 const DeviceRequest& device) {
    if (const Duration wait = waitOf(now, *m_sessions.find(asker.link)); wait > Duration{})
        return refuse<Registered>(now, asker, Refusal::TooManyTries, wait);
    if (!insert.invitation && m_options.registration != overlay::Registration::Open)
        return refuse<Registered>(
            now, asker, insert.namedInvitationOnly ? Refusal::RegistrationClosed : Refusal::InvitationInvalid);
    store(asker, insert, [this, asker, device, account = insert.account](Now then, const StoreAnswer& answer) {
        const auto* done = std::get_if<StoreDone>(&answer);
        if (!done) return refuse<Registered>(then, asker, Refusal::StorageBroken);
        if (!done->error) return givePapers<Registered>(then, asker, account, device, Right::Password);
        const Refusal refusal = refusalOf(*done->error);
        if (refusal == Refusal::StorageBroken) return refuse<Registered>(then, asker, refusal);
        if (const Duration wait = waitOf(then, *m_sessions.find(asker.link)); wait > Duration{})
            return refuse<Registered>(then, asker, Refusal::TooManyTries, wait);
        // Whoever tries codes or names counts as guessing.
        refuseGuess<Registered>(then, asker, refusal, {});
    });
}

// Signing in

void LoginService::answerLogIn(Now now, const Asker& asker, Session& session, const LogIn& message) {
    if (const Duration wait = waitOf(now, session, message.user); wait > Duration{})
        return refuse<LoggedIn>(now, asker, Refusal::TooManyTries, wait);
    // Only the hash waits for the store, not the key.
    Guess guess{message.user, {}, message.device};
    guess.hash = keyedHash(message.device ? "login" : "recovery", message.user, message.key);
    store(asker, LoadAccount{0, message.user}, [=, this](Now then, const StoreAnswer& answer) {
        const auto* loaded = std::get_if<AccountLoaded>(&answer);
        if (!loaded || loaded->error) return refuse<LoggedIn>(then, asker, Refusal::StorageBroken);
        judgeLogIn(then, asker, guess, loaded->account);
    });
}

/// For a name that doesn't exist the same things happen as for a wrong password: one look into the store, one keyed
/// hash, one comparison.
void LoginService::judgeLogIn(Now now, const Asker& asker, const Guess& guess, const std::optional<Account>& account) {
    Session* session = m_sessions.find(asker.link);
    // Others may have failed while this one waited for the store.
    if (const Duration wait = waitOf(now, *session, guess.user); wait > Duration{})
        return refuse<LoggedIn>(now, asker, Refusal::TooManyTries, wait);
    const bool recovers = !guess.device;
    const auto& expected = !account ? m_noHash : recovers ? account->recoveryHash : account->loginHash;
    if (!equalInConstantTime(guess.hash, expected) || !account)
        return refuseGuess<LoggedIn>(now, asker, Refusal::WrongPassword, guess.user.text());
    m_accounts.succeeded(guess.user.text());
    if (account->disabled) return refuse<LoggedIn>(now, asker, Refusal::AccountDisabled);
    m_sessions.endUpload(*session);
    if (recovers) {
        session->right = Right::Recovery;
        session->user = guess.user;
        return send(now, asker, LoggedIn{});
    }
    if (!m_environment.suite.verify(guess.device->device.bytes,
                                    deviceProofMessage(m_papers.network(), guess.user, *guess.device),
                                    guess.device->proof))
        return refuse<LoggedIn>(now, asker, Refusal::Invalid);
    givePapers<LoggedIn>(now, asker, *account, *guess.device, Right::Password);
}

template <class M>
void LoginService::givePapers(Now now, const Asker& asker, const Account& account, const DeviceRequest& request,
                              Right right) {
    auto issued = m_papers.issue(now.seconds(), account, request.device, request.accessKeys);
    issued.papers.rootPart = m_document.rootNumber();
    issued.papers.serverPart = m_document.serverNumber();
    store(asker, SaveAccess{0, account.user, std::move(issued.access), now.seconds()},
          [this, asker, right, user = account.user, papers = std::move(issued.papers)](Now then,
                                                                                       const StoreAnswer& answer) {
              const auto* done = std::get_if<StoreDone>(&answer);
              if (!done || done->error) return refuse<M>(then, asker, Refusal::StorageBroken);
              Session* session = m_sessions.find(asker.link);
              session->right = right;
              session->user = user;
              M message;
              message.papers = papers;
              send(then, asker, std::move(message));
          });
}

std::optional<Refusal> LoginService::judgeDevice(const crypto::PersonIdentity& person,
                                                 const std::optional<Account>& account) const {
    if (!account || person.userKeyHash != directory::personKey(account->userKey).bytes)
        return Refusal::CredentialExpired;
    if (account->disabled) return Refusal::AccountDisabled;
    const auto list = wire::decodeObjects<directory::DeviceList>(account->devices.list);
    if (!list) return Refusal::StorageBroken;
    const bool listed = std::find(list->devices.begin(), list->devices.end(), person.device) != list->devices.end();
    return listed ? std::nullopt : std::optional(Refusal::CredentialExpired);
}

void LoginService::answerRenew(Now now, const Asker& asker, Session& session, const Renew& message) {
    const auto* peer = std::get_if<crypto::PersonIdentity>(&session.peer);
    if (!peer) return refuse<Renewed>(now, asker, Refusal::NotSignedIn);
    store(asker, LoadAccount{0, peer->user}, [=, this, person = *peer](Now then, const StoreAnswer& answer) {
        const auto* loaded = std::get_if<AccountLoaded>(&answer);
        if (!loaded || loaded->error) return refuse<Renewed>(then, asker, Refusal::StorageBroken);
        if (const auto refusal = judgeDevice(person, loaded->account)) return refuse<Renewed>(then, asker, *refusal);
        const DeviceRequest request{person.device, {}, message.accessKeys};
        givePapers<Renewed>(then, asker, *loaded->account, request, Right::Device);
    });
}

void LoginService::withRight(Now now, const Asker& asker, Session& session, std::function<void(Now, Right)> allowed,
                             std::function<void(Now, Refusal)> refused) {
    if (session.right != Right::None) return allowed(now, session.right);
    const auto* peer = std::get_if<crypto::PersonIdentity>(&session.peer);
    if (!peer) return refused(now, Refusal::NotSignedIn);
    store(asker, LoadAccount{0, peer->user},
          [this, asker, person = *peer, allowed = std::move(allowed), refused = std::move(refused)](
              Now then, const StoreAnswer& answer) {
              const auto* loaded = std::get_if<AccountLoaded>(&answer);
              if (!loaded || loaded->error) return refused(then, Refusal::StorageBroken);
              if (const auto refusal = judgeDevice(person, loaded->account)) return refused(then, *refusal);
              Session* known = m_sessions.find(asker.link);
              known->right = Right::Device;
              known->user = person.user;
              allowed(then, Right::Device);
          });
}

// Vault

void LoginService::answerFetchVault(Now now, const Asker& asker, Session& session, const FetchVault& message) {
    const auto load = [=, this](Now, Right) {
        const LoadVaultPart request{0, m_sessions.find(asker.link)->user, message.offset, kMaxPart};
        store(asker, request, [=, this](Now later, const StoreAnswer& answer) {
            const auto* part = std::get_if<VaultPartLoaded>(&answer);
            if (!part || part->error) return refuse<VaultPart>(later, asker, Refusal::StorageBroken);
            VaultPart reply;
            reply.version = part->version;
            reply.total = part->total;
            reply.passwordWrap = part->passwordWrap;
            reply.recoveryWrap = part->recoveryWrap;
            reply.part = part->part;
            send(later, asker, std::move(reply));
        });
    };
    withRight(now, asker, session, load,
              [=, this](Now then, Refusal refusal) { refuse<VaultPart>(then, asker, refusal); });
}

void LoginService::answerPutVault(Now now, const Asker& asker, Session& session, const PutVault& message) {
    const auto put = [=, this](Now then, Right right) {
        Session& known = *m_sessions.find(asker.link);
        if (message.newLoginKey && right == Right::Device) return refuse<VaultPut>(then, asker, Refusal::NotSignedIn);
        if (message.offset == 0) {
            m_sessions.endUpload(known);
            if (message.total <= crypto::kSealedBoxOverhead || message.total > kMaxVaultBox ||
                !isWrap(message.passwordWrap) || !isWrap(message.recoveryWrap))
                return refuse<VaultPut>(then, asker, Refusal::Invalid);
            Upload upload{message.baseVersion, message.total, {message.passwordWrap, message.recoveryWrap, {}}};
            if (!m_sessions.beginUpload(known, std::move(upload))) return refuse<VaultPut>(then, asker, Refusal::Busy);
        }
        storeVault(then, asker, known, message);
    };
    withRight(now, asker, session, put,
              [=, this](Now then, Refusal refusal) { refuse<VaultPut>(then, asker, refusal); });
}

void LoginService::storeVault(Now now, const Asker& asker, Session& session, const PutVault& message) {
    auto& upload = session.upload;
    if (!upload || upload->vault.box.size() != message.offset || message.part.empty() ||
        message.part.size() > upload->total - upload->vault.box.size() || upload->baseVersion != message.baseVersion) {
        m_sessions.endUpload(session);
        return refuse<VaultPut>(now, asker, Refusal::Invalid);
    }
    append(upload->vault.box, message.part);
    const auto received = static_cast<std::uint32_t>(upload->vault.box.size());
    if (received < upload->total) return send(now, asker, VaultPut{{}, received});

    SaveVault save{0, session.user, upload->baseVersion, std::move(upload->vault), {}};
    m_sessions.endUpload(session);
    if (message.newLoginKey) save.loginHash = keyedHash("login", session.user, *message.newLoginKey);
    store(asker, std::move(save), [=, this](Now then, const StoreAnswer& answer) {
        const auto* done = std::get_if<StoreDone>(&answer);
        if (!done) return refuse<VaultPut>(then, asker, Refusal::StorageBroken);
        if (done->error) return refuse<VaultPut>(then, asker, refusalOf(*done->error));
        send(then, asker, VaultPut{{}, received});
    });
}

// Device list

void LoginService::answerSignDevices(Now now, const Asker& asker, Session& session, const SignDevices& message) {
    // A stolen device must not be able to undo its removal: its credential is not enough.
    if (session.right != Right::Password) return refuse<DevicesSigned>(now, asker, Refusal::NotSignedIn);
    store(asker, LoadAccount{0, session.user}, [=, this](Now then, const StoreAnswer& answer) {
        const auto* loaded = std::get_if<AccountLoaded>(&answer);
        if (!loaded || loaded->error || !loaded->account)
            return refuse<DevicesSigned>(then, asker, Refusal::StorageBroken);
        signDevices(then, asker, message, *loaded);
    });
}

void LoginService::signDevices(Now now, const Asker& asker, const SignDevices& message, const AccountLoaded& loaded) {
    const Account& account = *loaded.account;
    if (account.disabled) return refuse<DevicesSigned>(now, asker, Refusal::AccountDisabled);
    const auto list = checkDeviceList(m_environment.suite, m_papers.network(), message.list, message.signature);
    if (!list || list->userKey != account.userKey) return refuse<DevicesSigned>(now, asker, Refusal::Invalid);
    if (list->epoch <= account.epoch) return refuse<DevicesSigned>(now, asker, Refusal::VersionConflict);
    const auto devices = m_papers.countersign(message.list, message.signature);
    store(asker, SaveDevices{0, account.user, list->epoch, devices}, [=, this](Now then, const StoreAnswer& answer) {
        const auto* done = std::get_if<StoreDone>(&answer);
        if (!done) return refuse<DevicesSigned>(then, asker, Refusal::StorageBroken);
        if (done->error) return refuse<DevicesSigned>(then, asker, refusalOf(*done->error));
        send(then, asker, DevicesSigned{{}, devices});
    });
}

// Supernodes

void LoginService::answerCertifyNode(Now now, const Asker& asker, Session& session, const CertifyNode& message) {
    if (const Duration wait = waitOf(now, session); wait > Duration{})
        return refuse<NodeCertified>(now, asker, Refusal::TooManyTries, wait);
    if (!m_environment.suite.verify(message.node.bytes, nodeProofMessage(m_papers.network(), message.node),
                                    message.proof))
        return refuse<NodeCertified>(now, asker, Refusal::Invalid);
    if (!message.chain.empty() && m_papers.isNode(message.chain, message.node, m_document.revocations(), now.seconds()))
        return certifyNode(now, asker, message.node);
    if (message.code.empty()) return refuse<NodeCertified>(now, asker, Refusal::CredentialExpired);
    store(asker, ClaimNodeCode{0, nodeCodeHash(message.code), message.node, now.seconds()},
          [this, asker, node = message.node](Now then, const StoreAnswer& answer) {
              const auto* done = std::get_if<StoreDone>(&answer);
              if (!done) return refuse<NodeCertified>(then, asker, Refusal::StorageBroken);
              // Not even what was right is told: the node asks again, and the code is its own by then.
              if (const Duration wait = waitOf(then, *m_sessions.find(asker.link)); wait > Duration{})
                  return refuse<NodeCertified>(then, asker, Refusal::TooManyTries, wait);
              if (!done->error) return certifyNode(then, asker, node);
              const Refusal refusal = refusalOf(*done->error);
              if (refusal == Refusal::StorageBroken) return refuse<NodeCertified>(then, asker, refusal);
              refuseGuess<NodeCertified>(then, asker, refusal, {});
          });
}

void LoginService::certifyNode(Now now, const Asker& asker, const NodeId& node) {
    send(now, asker, NodeCertified{{}, m_papers.certifyNode(now.seconds(), node)});
}

// Network document

void LoginService::answerFetchDocument(Now now, const Asker& asker, const FetchDocument& message) {
    send(now, asker, Document{{}, message.which, m_document.part(message.which)});
}

void LoginService::refreshServerPart(Now now) {
    m_nextServerPart = now.at + PublishedDocument::kLife;
    store(LoadRevocations{0, now.seconds()}, [this](Now then, const StoreAnswer& answer) {
        const auto* revocations = std::get_if<RevocationsLoaded>(&answer);
        if (revocations && !revocations->error) return makeServerPart(then, *revocations);
        m_nextServerPart = then.at + kStoreRetry;
    });
}

void LoginService::makeServerPart(Now now, const RevocationsLoaded& revocations) {
    if (std::max(revocations.users.size(), revocations.access.size()) > kMaxRevoked)
        m_environment.log.write(LogLevel::Warning, "login", "more is withdrawn than the network document can hold");
    m_document.makeServerPart(now, m_environment.suite, m_papers.network(), m_papers.server(), revocations,
                              m_options.slotCount);
}

// Time

void LoginService::wake(Now now) {
    if (now.at >= m_nextServerPart) refreshServerPart(now);
    for (const auto link : m_sessions.takeIdle(now)) close(link, Fault::TimedOut);
}

Instant LoginService::nextWake() const {
    return std::min(m_nextServerPart, m_sessions.nextWake());
}

void LoginService::take(Output& out) {
    const auto move = [](auto& from, auto& to) {
        std::move(from.begin(), from.end(), std::back_inserter(to));
        from.clear();
    };
    move(m_output.store, out.store);
    move(m_output.sends, out.sends);
    move(m_output.closes, out.closes);
}

}  // namespace kith::login
