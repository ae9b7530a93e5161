// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"
#include "protocol/directory/records.h"
#include "protocol/wire/command.h"

/// What a client and a login server say to each other on the stream Login, numbers 40 to 59. The client asks, one thing
/// at a time; every answer carries the server's time. See SPEC.md, "Login".
namespace kith::login {

/// Of a vault or a document in one command.
inline constexpr std::size_t kMaxPart = 32 * 1024;
inline constexpr std::size_t kMaxWrap = 128;
/// A certificate a week: this week and the six after it.
inline constexpr std::size_t kAccessWeeks = 7;
inline constexpr std::size_t kMaxInvitationCode = 64;

enum class Refusal : std::uint8_t {
    WrongPassword,  ///< or an unknown name
    NameTaken,
    InvitationInvalid,
    RegistrationClosed,
    AccountDisabled,
    TooManyTries,       ///< see `retrySeconds`
    CredentialExpired,  ///< or the device was removed: sign in with the password
    VersionConflict,
    NotSignedIn,  ///< this link may not do that
    Invalid,      ///< doesn't prove itself, or over a limit
    Busy,
    StorageBroken,
};
/// The fault a person is told of.
Fault faultOf(Refusal refusal);

/// What every answer begins with.
struct Answer {
    UnixMillis serverTime{};
    std::optional<Refusal> refusal;
    std::uint32_t retrySeconds = 0;  ///< not sooner

    static constexpr auto fields() {
        return std::tuple{wire::field<&Answer::serverTime>(0, "serverTime"),
                          wire::field<&Answer::refusal>(1, "refusal"),
                          wire::field<&Answer::retrySeconds>(2, "retrySeconds")};
    }
    friend bool operator==(const Answer&, const Answer&) = default;
};

/// A device that wants certificates, and that it holds its key.
struct DeviceRequest {
    DeviceId device;
    ByteArray<64> proof{};                  ///< device key, over deviceProofMessage()
    std::vector<ByteArray<32>> accessKeys;  ///< a fresh public key a week, this week's first

    static constexpr auto fields() {
        return std::tuple{wire::field<&DeviceRequest::device>(0, "device"),
                          wire::field<&DeviceRequest::proof>(1, "proof"),
                          wire::field<&DeviceRequest::accessKeys>(2, "accessKeys", wire::Max{kAccessWeeks})};
    }
    friend bool operator==(const DeviceRequest&, const DeviceRequest&) = default;
};
Bytes deviceProofMessage(const NetworkId& network, const UserName& user, const DeviceRequest& request);

/// What signing in and renewing give.
struct Papers {
    Bytes credential;                     ///< leaf
    std::vector<Bytes> access;            ///< leaves, one for each access key, each beginning where the one before ends
    Bytes above;                          ///< crypto::encodeChain of what follows each leaf: intermediate, root
    directory::SignedDeviceList devices;  ///< the newest; the device may be missing on it
    std::uint64_t vaultVersion = 0;
    std::uint64_t rootPart = 0;    ///< number of the network document's part that the root signed; 0: none
    std::uint64_t serverPart = 0;  ///< number of the other part

    static constexpr auto fields() {
        return std::tuple{
            wire::field<&Papers::credential>(0, "credential", wire::Max{crypto::kMaxCertificateSize}),
            wire::field<&Papers::access>(1, "access", wire::Max{kAccessWeeks, crypto::kMaxCertificateSize}),
            wire::field<&Papers::above>(2, "above", wire::Max{directory::kMaxEncodedChain}),
            wire::field<&Papers::devices>(3, "devices"),
            wire::field<&Papers::vaultVersion>(4, "vaultVersion"),
            wire::field<&Papers::rootPart>(5, "rootPart"),
            wire::field<&Papers::serverPart>(6, "serverPart")};
    }
    friend bool operator==(const Papers&, const Papers&) = default;
};

/// Makes an account. The same again, from a client that missed the answer, is answered the same.
struct Register {
    static constexpr wire::CommandNumber kNumber = 40;
    static constexpr std::string_view kName = "Register";

    UserName user;
    ByteArray<32> loginKey{};
    ByteArray<32> recoveryKey{};  ///< the login key that comes from the recovery key
    std::string invitation;       ///< its code; may be empty
    DeviceRequest device;
    Bytes deviceList;                     ///< encodeObjects(DeviceList), epoch 1, this device; names the user key
    ByteArray<64> deviceListSignature{};  ///< user key
    Bytes passwordWrap;
    Bytes recoveryWrap;
    Bytes vaultBox;  ///< the first vault, version 1

    static constexpr auto fields() {
        return std::tuple{wire::field<&Register::user>(0, "user"),
                          wire::field<&Register::loginKey>(1, "loginKey"),
                          wire::field<&Register::recoveryKey>(2, "recoveryKey"),
                          wire::field<&Register::invitation>(3, "invitation", wire::Max{kMaxInvitationCode}),
                          wire::field<&Register::device>(4, "device"),
                          wire::field<&Register::deviceList>(5, "deviceList", wire::Max{directory::kMaxRecordBlob}),
                          wire::field<&Register::deviceListSignature>(6, "deviceListSignature"),
                          wire::field<&Register::passwordWrap>(7, "passwordWrap", wire::Max{kMaxWrap}),
                          wire::field<&Register::recoveryWrap>(8, "recoveryWrap", wire::Max{kMaxWrap}),
                          wire::field<&Register::vaultBox>(9, "vaultBox", wire::Max{kMaxPart})};
    }
    friend bool operator==(const Register&, const Register&) = default;
};
struct Registered {
    static constexpr wire::CommandNumber kNumber = 41;
    static constexpr std::string_view kName = "Registered";

    Answer answer;
    std::optional<Papers> papers;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Registered::answer>(0, "answer"), wire::field<&Registered::papers>(1, "papers")};
    }
    friend bool operator==(const Registered&, const Registered&) = default;
};

/// With the password's login key. With the recovery key's there are no papers: such a link may fetch the vault and set
/// a new password, no more.
struct LogIn {
    static constexpr wire::CommandNumber kNumber = 42;
    static constexpr std::string_view kName = "LogIn";

    UserName user;
    ByteArray<32> key{};
    std::optional<DeviceRequest> device;  ///< absent: `key` is the recovery login key

    static constexpr auto fields() {
        return std::tuple{wire::field<&LogIn::user>(0, "user"), wire::field<&LogIn::key>(1, "key"),
                          wire::field<&LogIn::device>(2, "device")};
    }
    friend bool operator==(const LogIn&, const LogIn&) = default;
};
struct LoggedIn {
    static constexpr wire::CommandNumber kNumber = 43;
    static constexpr std::string_view kName = "LoggedIn";

    Answer answer;
    std::optional<Papers> papers;

    static constexpr auto fields() {
        return std::tuple{wire::field<&LoggedIn::answer>(0, "answer"), wire::field<&LoggedIn::papers>(1, "papers")};
    }
    friend bool operator==(const LoggedIn&, const LoggedIn&) = default;
};

/// On a link that was opened with the credential: new papers for the same device key.
struct Renew {
    static constexpr wire::CommandNumber kNumber = 44;
    static constexpr std::string_view kName = "Renew";

    std::vector<ByteArray<32>> accessKeys;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Renew::accessKeys>(0, "accessKeys", wire::Max{kAccessWeeks})};
    }
    friend bool operator==(const Renew&, const Renew&) = default;
};
struct Renewed {
    static constexpr wire::CommandNumber kNumber = 45;
    static constexpr std::string_view kName = "Renewed";

    Answer answer;
    std::optional<Papers> papers;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Renewed::answer>(0, "answer"), wire::field<&Renewed::papers>(1, "papers")};
    }
    friend bool operator==(const Renewed&, const Renewed&) = default;
};

/// One part of the sealed vault. If the version changes between two parts, begin again.
struct FetchVault {
    static constexpr wire::CommandNumber kNumber = 46;
    static constexpr std::string_view kName = "FetchVault";

    std::uint32_t offset = 0;

    static constexpr auto fields() { return std::tuple{wire::field<&FetchVault::offset>(0, "offset")}; }
    friend bool operator==(const FetchVault&, const FetchVault&) = default;
};
struct VaultPart {
    static constexpr wire::CommandNumber kNumber = 47;
    static constexpr std::string_view kName = "VaultPart";

    Answer answer;
    std::uint64_t version = 0;
    std::uint32_t total = 0;
    Bytes passwordWrap;
    Bytes recoveryWrap;
    Bytes part;

    static constexpr auto fields() {
        return std::tuple{wire::field<&VaultPart::answer>(0, "answer"),
                          wire::field<&VaultPart::version>(1, "version"),
                          wire::field<&VaultPart::total>(2, "total"),
                          wire::field<&VaultPart::passwordWrap>(3, "passwordWrap", wire::Max{kMaxWrap}),
                          wire::field<&VaultPart::recoveryWrap>(4, "recoveryWrap", wire::Max{kMaxWrap}),
                          wire::field<&VaultPart::part>(5, "part", wire::Max{kMaxPart})};
    }
    friend bool operator==(const VaultPart&, const VaultPart&) = default;
};

/// One part of a new vault, in order; what was sent before is forgotten at offset 0. With the last part the vault is
/// replaced, if `baseVersion` is still the newest. Each part is answered.
struct PutVault {
    static constexpr wire::CommandNumber kNumber = 48;
    static constexpr std::string_view kName = "PutVault";

    std::uint64_t baseVersion = 0;
    std::uint32_t total = 0;
    std::uint32_t offset = 0;
    Bytes passwordWrap;
    Bytes recoveryWrap;
    std::optional<ByteArray<32>> newLoginKey;  ///< sets the password; not on a link opened with the credential
    Bytes part;

    static constexpr auto fields() {
        return std::tuple{wire::field<&PutVault::baseVersion>(0, "baseVersion"),
                          wire::field<&PutVault::total>(1, "total"),
                          wire::field<&PutVault::offset>(2, "offset"),
                          wire::field<&PutVault::passwordWrap>(3, "passwordWrap", wire::Max{kMaxWrap}),
                          wire::field<&PutVault::recoveryWrap>(4, "recoveryWrap", wire::Max{kMaxWrap}),
                          wire::field<&PutVault::newLoginKey>(5, "newLoginKey"),
                          wire::field<&PutVault::part>(6, "part", wire::Max{kMaxPart})};
    }
    friend bool operator==(const PutVault&, const PutVault&) = default;
};
struct VaultPut {
    static constexpr wire::CommandNumber kNumber = 49;
    static constexpr std::string_view kName = "VaultPut";

    Answer answer;
    std::uint32_t received = 0;  ///< bytes so far; `total` when it is stored

    static constexpr auto fields() {
        return std::tuple{wire::field<&VaultPut::answer>(0, "answer"), wire::field<&VaultPut::received>(1, "received")};
    }
    friend bool operator==(const VaultPut&, const VaultPut&) = default;
};

/// A new device list to be countersigned; on a link opened with the password only.
struct SignDevices {
    static constexpr wire::CommandNumber kNumber = 50;
    static constexpr std::string_view kName = "SignDevices";

    Bytes list;
    ByteArray<64> signature{};

    static constexpr auto fields() {
        return std::tuple{wire::field<&SignDevices::list>(0, "list", wire::Max{directory::kMaxRecordBlob}),
                          wire::field<&SignDevices::signature>(1, "signature")};
    }
    friend bool operator==(const SignDevices&, const SignDevices&) = default;
};
struct DevicesSigned {
    static constexpr wire::CommandNumber kNumber = 51;
    static constexpr std::string_view kName = "DevicesSigned";

    Answer answer;
    std::optional<directory::SignedDeviceList> devices;

    static constexpr auto fields() {
        return std::tuple{wire::field<&DevicesSigned::answer>(0, "answer"),
                          wire::field<&DevicesSigned::devices>(1, "devices")};
    }
    friend bool operator==(const DevicesSigned&, const DevicesSigned&) = default;
};

enum class DocumentPart : std::uint8_t { Root, Server };

/// One part of the network document as encodeObjects() of its signed form; anybody may ask.
struct FetchDocument {
    static constexpr wire::CommandNumber kNumber = 52;
    static constexpr std::string_view kName = "FetchDocument";

    DocumentPart which = DocumentPart::Root;

    static constexpr auto fields() { return std::tuple{wire::field<&FetchDocument::which>(0, "which")}; }
    friend bool operator==(const FetchDocument&, const FetchDocument&) = default;
};
struct Document {
    static constexpr wire::CommandNumber kNumber = 53;
    static constexpr std::string_view kName = "Document";

    Answer answer;
    DocumentPart which = DocumentPart::Root;
    Bytes document;  ///< empty: there is none

    static constexpr auto fields() {
        return std::tuple{wire::field<&Document::answer>(0, "answer"), wire::field<&Document::which>(1, "which"),
                          wire::field<&Document::document>(2, "document", wire::Max{kMaxPart})};
    }
    friend bool operator==(const Document&, const Document&) = default;
};

/// A supernode asks for a certificate for its key: the first time with the code that its owner was given, later with
/// the certificate that it has, as long as that is valid.
struct CertifyNode {
    static constexpr wire::CommandNumber kNumber = 54;
    static constexpr std::string_view kName = "CertifyNode";

    NodeId node;
    ByteArray<64> proof{};  ///< by the node's key, over nodeProofMessage()
    std::string code;       ///< may be empty
    Bytes chain;            ///< may be empty

    static constexpr auto fields() {
        return std::tuple{wire::field<&CertifyNode::node>(0, "node"), wire::field<&CertifyNode::proof>(1, "proof"),
                          wire::field<&CertifyNode::code>(2, "code", wire::Max{64}),
                          wire::field<&CertifyNode::chain>(3, "chain", wire::Max{directory::kMaxEncodedChain})};
    }
    friend bool operator==(const CertifyNode&, const CertifyNode&) = default;
};
struct NodeCertified {
    static constexpr wire::CommandNumber kNumber = 55;
    static constexpr std::string_view kName = "NodeCertified";

    Answer answer;
    Bytes chain;  ///< crypto::encodeChain

    static constexpr auto fields() {
        return std::tuple{wire::field<&NodeCertified::answer>(0, "answer"),
                          wire::field<&NodeCertified::chain>(1, "chain", wire::Max{directory::kMaxEncodedChain})};
    }
    friend bool operator==(const NodeCertified&, const NodeCertified&) = default;
};

/// What a node's proof is over: label, network, key.
Bytes nodeProofMessage(const NetworkId& network, const NodeId& node);

/// What goes over the stream Login.
using Messages =
    wire::MessageList<Register, Registered, LogIn, LoggedIn, Renew, Renewed, FetchVault, VaultPart, PutVault, VaultPut,
                      SignDevices, DevicesSigned, FetchDocument, Document, CertifyNode, NodeCertified>;

}  // namespace kith::login

template <>
struct kith::wire::EnumRange<kith::login::Refusal> {
    static constexpr auto kLast = kith::login::Refusal::StorageBroken;
};
template <>
struct kith::wire::EnumRange<kith::login::DocumentPart> {
    static constexpr auto kLast = kith::login::DocumentPart::Server;
};
