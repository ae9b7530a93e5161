// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "protocol/base/endpoint.h"
#include "protocol/base/log.h"
#include "protocol/login/accountstore.h"
#include "protocol/login/messages.h"
#include "protocol/login/paperissuer.h"
#include "protocol/login/publisheddocument.h"
#include "protocol/login/sessions.h"
#include "protocol/login/throttle.h"
#include "protocol/overlay/networkprofile.h"
#include "protocol/session/transport.h"

namespace kith::login {

/// The login server's side of links of Role::Login: who registers, who is let in, who keeps which vault. One request at
/// a time on a link; answers wait for the store. Lives on the network thread.
class LoginService {
public:
    struct Options {
        overlay::Registration registration = overlay::Registration::Invite;
        Throttle::Options accounts{};
        Throttle::Options addresses{20, std::chrono::seconds(1), std::chrono::minutes(15), std::chrono::hours(6),
                                    50'000};
        Duration idle = std::chrono::seconds(60);   ///< then a link is closed
        std::size_t maxUploads = 64 * 1024 * 1024;  ///< bytes of vaults on their way, all links together
        std::uint32_t slotCount = 1;                ///< of the directory
    };
    struct Environment {
        crypto::Suite& suite;
        RandomSource& random;
        LogSink& log;
    };
    /// Certificates and secrets of this server; `secret` keys the hashes of login keys and never changes.
    struct Identity {
        crypto::Issuer issuer;
        std::shared_ptr<const crypto::Credentials> server;
        ByteArray<32> secret{};
    };
    struct Send {
        session::LinkNumber link;
        Bytes command;  ///< on Stream::Login
    };
    struct Close {
        session::LinkNumber link;
        Fault reason;
    };
    struct Output {
        std::vector<StoreRequest> store;
        std::vector<Send> sends;
        std::vector<Close> closes;  ///< linkClosed() needs not follow
    };

    LoginService(const Options& options, Identity identity, const Environment& environment);
    ~LoginService();
    LoginService(const LoginService&) = delete;
    LoginService& operator=(const LoginService&) = delete;

    /// The server's leaf of today.
    void setServer(std::shared_ptr<const crypto::Credentials> server) { m_papers.setServer(std::move(server)); }
    /// encodeObjects(SignedRootPart), from the operator's disk. Without it none is handed out.
    void setRootPart(Bytes document);

    /// `address`: of the client, if its path has one; guesses are counted by it.
    void linkOpened(Now now, session::LinkNumber link, const crypto::PeerIdentity& peer,
                    const std::optional<IpAddress>& address);
    void linkClosed(session::LinkNumber link);

    // Doors.
    void receive(Now now, session::LinkNumber link, ByteView command);
    void receive(Now now, const StoreAnswer& answer);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(Output& out);

private:
    /// Where an answer goes.
    struct Asker {
        session::LinkNumber link;
        std::optional<wire::RequestId> request;
    };
    /// A try to sign in; without a device it is the recovery key's.
    struct Guess {
        UserName user;
        ByteArray<32> hash;
        std::optional<DeviceRequest> device;
    };
    using Then = std::function<void(Now, const StoreAnswer&)>;

    void dispatch(Now now, const Asker& asker, Session& session, const wire::CommandView& command);
    template <class M, class Method>
    void decodeFor(Now now, const Asker& asker, Session& session, const wire::CommandView& command, Method method);

    void answerRegister(Now now, const Asker& asker, Session& session, const Register& message);
    void insertAccount(Now now, const Asker& asker, const InsertAccount& insert, const DeviceRequest& device);
    void answerLogIn(Now now, const Asker& asker, Session& session, const LogIn& message);
    void judgeLogIn(Now now, const Asker& asker, const Guess& guess, const std::optional<Account>& account);
    void answerRenew(Now now, const Asker& asker, Session& session, const Renew& message);
    void answerFetchVault(Now now, const Asker& asker, Session& session, const FetchVault& message);
    void answerPutVault(Now now, const Asker& asker, Session& session, const PutVault& message);
    void storeVault(Now now, const Asker& asker, Session& session, const PutVault& message);
    void answerSignDevices(Now now, const Asker& asker, Session& session, const SignDevices& message);
    void signDevices(Now now, const Asker& asker, const SignDevices& message, const AccountLoaded& loaded);
    void answerCertifyNode(Now now, const Asker& asker, Session& session, const CertifyNode& message);
    void certifyNode(Now now, const Asker& asker, const NodeId& node);
    void answerFetchDocument(Now now, const Asker& asker, const FetchDocument& message);

    /// Papers for this device, as soon as the store has their access ids.
    template <class M>
    void givePapers(Now now, const Asker& asker, const Account& account, const DeviceRequest& request, Right right);
    /// Goes on with `allowed` if the link has a right, or gets one by its credential.
    void withRight(Now now, const Asker& asker, Session& session, std::function<void(Now, Right)> allowed,
                   std::function<void(Now, Refusal)> refused);
    [[nodiscard]] std::optional<Refusal> judgeDevice(const crypto::PersonIdentity& person,
                                                     const std::optional<Account>& account) const;

    template <class M>
    void send(Now now, const Asker& asker, M message);
    template <class M>
    void refuse(Now now, const Asker& asker, Refusal refusal, Duration wait = {});
    /// A refusal that counts as a wrong guess.
    template <class M>
    void refuseGuess(Now now, const Asker& asker, Refusal refusal, const std::string& account);
    /// How long this link's address, and this name, must wait until a guess is judged. Asked before the store is, and
    /// again before judging: many links can ask the store at once.
    [[nodiscard]] Duration waitOf(Now now, const Session& session) const;
    [[nodiscard]] Duration waitOf(Now now, const Session& session, const UserName& user) const;

    template <class Request>
    void store(Request request, Then then);
    template <class Request>
    void store(const Asker& asker, Request request, Then then);
    void close(session::LinkNumber link, Fault reason);
    [[nodiscard]] ByteArray<32> keyedHash(std::string_view purpose, const UserName& user,
                                          const ByteArray<32>& key) const;
    void refreshServerPart(Now now);
    void makeServerPart(Now now, const RevocationsLoaded& revocations);

    Options m_options;
    Environment m_environment;
    PaperIssuer m_papers;
    ByteArray<32> m_secret;
    ByteArray<32> m_noHash;  ///< what nobody's key hashes to: compared with for names that don't exist
    Throttle m_accounts;
    Throttle m_addresses;
    Sessions m_sessions;
    std::map<StoreTicket, Then> m_waiting;
    StoreTicket m_lastTicket = 0;
    PublishedDocument m_document;
    Instant m_nextServerPart{};
    Output m_output;
};

}  // namespace kith::login
