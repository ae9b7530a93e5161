// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/login/login.h"
#include "protocol/login/messages.h"
#include "protocol/login/networkdocument.h"

namespace kith::login {

/// The script of one conversation with the login server: which command follows which answer, and what it all gave.
/// Knows nothing of links and time-outs; that is Login's.
class Errand {
public:
    struct Environment {
        crypto::Trust trust;
        crypto::Suite& suite;
        RandomSource& random;
        std::size_t accessWeeks;
    };

    static std::unique_ptr<Errand> signUp(const Environment& environment, const UserName& user,
                                          const std::string& displayName, const crypto::PasswordKeys& password,
                                          const std::string& invitation);
    static std::unique_ptr<Errand> signIn(const Environment& environment, const UserName& user,
                                          const crypto::PasswordKeys& password);
    static std::unique_ptr<Errand> recover(const Environment& environment, const UserName& user,
                                           const RecoveryKey& recovery, const crypto::PasswordKeys& newPassword);
    static std::unique_ptr<Errand> renew(const Environment& environment, const Membership& membership);
    static std::unique_ptr<Errand> saveVault(const Environment& environment, const Membership& membership,
                                             VaultContent content);

    [[nodiscard]] ErrandKind kind() const { return m_kind; }
    /// What the link has to show; null: nothing.
    [[nodiscard]] std::shared_ptr<const crypto::Credentials> show() const { return m_show; }

    /// The first command, also on a second link after the first was lost.
    Bytes begin(wire::RequestId request);
    /// The next command; nothing: done.
    Result<std::optional<Bytes>> receive(Now now, const wire::CommandView& command, wire::RequestId request);

    /// How far the server's clock is ahead of ours; after the first answer.
    [[nodiscard]] std::optional<std::chrono::seconds> clockOffset() const { return m_clockOffset; }
    /// With TooManyTries and WrongPassword.
    [[nodiscard]] std::chrono::seconds retryAfter() const { return m_retryAfter; }

    // When it is done.
    [[nodiscard]] const std::optional<RecoveryKey>& madeRecoveryKey() const { return m_madeRecoveryKey; }
    /// The vault on the server was newer than the one we knew.
    [[nodiscard]] bool vaultChanged() const { return m_vaultChanged; }
    /// Puts what this errand gave into the membership, and leaves the rest of it.
    void apply(Membership& membership);

private:
    enum class Stage {
        Registering,
        LoggingIn,
        Recovering,
        Renewing,
        FetchingVault,
        PuttingVault,
        SigningDevices,
        FetchingRoot,
        FetchingServer,
        Done
    };
    using Next = Result<std::optional<Bytes>>;

    Errand(ErrandKind kind, const Environment& environment, const UserName& user);
    void makeKeys();
    void know(const Membership& membership);

    // What is sent: sets the stage.
    Bytes sendRegister();
    Bytes sendLogIn();
    Bytes sendRecover();
    Bytes sendRenew();
    Bytes sendFetchVault();
    Bytes sendPutVault();
    Bytes sendSignDevices();
    Next sendDocuments();

    // What came.
    template <class M>
    Result<M> read(Now now, const wire::CommandView& command);
    Result<void> judge(Now now, const Answer& answer);
    Next receiveLoggedIn(Now now, const wire::CommandView& command);
    Next receiveRenewed(Now now, const wire::CommandView& command);
    Next receiveVaultPart(Now now, const wire::CommandView& command);
    Next receiveVaultPut(Now now, const wire::CommandView& command);
    Next receiveDevices(Now now, const wire::CommandView& command);
    Next receiveDocument(Now now, const wire::CommandView& command);

    Result<void> takePapers(const std::optional<Papers>& papers);
    Result<void> takeCredential(const Papers& papers, const crypto::CertificateChain& above);
    Result<void> takeAccess(const Papers& papers, const crypto::CertificateChain& above);
    Result<void> takeDevices(const directory::SignedDeviceList& devices);
    Next vaultFetched();
    Next afterVault();
    Result<void> openVault(const crypto::Secret<32>& key);
    Result<void> prepareVault(VaultContent content, std::uint64_t baseVersion);
    [[nodiscard]] DeviceRequest deviceRequest() const;
    [[nodiscard]] DeviceId ownDevice() const { return DeviceId{m_device->publicKey()}; }
    template <class M>
    Bytes command(const M& message, Stage stage);

    ErrandKind m_kind;
    Environment m_environment;
    VaultSealer m_sealer;
    Stage m_stage = Stage::Done;
    wire::RequestId m_request = 0;
    int m_restarts = 0;  ///< because something changed meanwhile

    // What was given.
    UserName m_user;
    std::string m_invitation;
    std::optional<crypto::PasswordKeys> m_password;
    std::optional<RecoveryKey> m_recovery;
    std::shared_ptr<const crypto::Credentials> m_show;
    std::optional<UserKey> m_knownUserKey;
    std::uint64_t m_knownEpoch = 0;
    std::uint64_t m_knownVault = 0;
    NetworkDocument m_document;

    // What was made and what came.
    std::shared_ptr<const crypto::SigningKey> m_device;
    std::vector<std::shared_ptr<const crypto::SigningKey>> m_accessKeys;
    std::shared_ptr<const crypto::SigningKey> m_userKey;
    std::optional<RecoveryKey> m_madeRecoveryKey;
    UnixTime m_serverNow{};
    std::optional<std::chrono::seconds> m_clockOffset;
    std::chrono::seconds m_retryAfter{};

    std::shared_ptr<const crypto::Credentials> m_credential;
    UnixTime m_credentialExpires{};
    std::vector<AccessPaper> m_access;
    directory::SignedDeviceList m_devices;
    directory::DeviceList m_list;
    std::uint64_t m_rootPart = 0;
    std::uint64_t m_serverPart = 0;
    Bytes m_rootDocument;
    Bytes m_serverDocument;

    crypto::Secret<32> m_vaultKey;
    std::optional<VaultContent> m_content;  ///< of m_vault
    SealedVault m_vault;                    ///< being fetched, being put, or the newest
    std::uint32_t m_total = 0;              ///< bytes of the box being fetched
    std::size_t m_sent = 0;                 ///< bytes of the box being put
    bool m_vaultChanged = false;
};

}  // namespace kith::login
