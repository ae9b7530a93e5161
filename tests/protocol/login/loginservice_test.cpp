// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/loginservice.h"

#include <QTest>

#include "protocol/crypto/sealedbox.h"
#include "protocol/login/vault.h"
#include "tests/protocol/login/loginworld.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::login;
using std::chrono::seconds;
using test::LoginWorld;
using test::openToAll;

namespace {

/// A program that says to the service whatever it likes.
class Stranger {
public:
    explicit Stranger(LoginWorld& where, const crypto::PeerIdentity& peer = crypto::Anonymous{}) : world(where) {
        world.service->linkOpened(world.now(), kLink, peer, IpAddress::v4(10, 1, 1, 1));
    }
    ~Stranger() { world.service->linkClosed(kLink); }
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;

    /// What came back; nothing: the link was closed.
    template <class Reply, class M>
    std::optional<Reply> ask(const M& message) {
        const auto bytes = say(wire::encodeCommand(message, wire::RequestId{9}));
        if (!bytes) return std::nullopt;
        const auto command = wire::parseCommand(*bytes).value();
        if (command.requestId != wire::RequestId{9}) return std::nullopt;
        return wire::decode<Reply>(command).value();
    }
    std::optional<Bytes> say(ByteView command) {
        world.service->receive(world.now(), kLink, command);
        LoginService::Output out;
        for (world.service->take(out); !out.store.empty(); world.service->take(out)) {
            const auto requests = std::exchange(out.store, {});
            for (const auto& request : requests) world.service->receive(world.now(), world.accounts.carryOut(request));
        }
        for (const auto& close : out.closes)
            if (close.link == kLink) closed = close.reason;
        for (const auto& send : out.sends)
            if (send.link == kLink) return send.command;
        return std::nullopt;
    }

    LoginWorld& world;
    std::optional<Fault> closed;

private:
    static constexpr session::LinkNumber kLink = 4'000'000;
};

crypto::PeerIdentity identityOf(LoginWorld& world, const LoginWorld::Client& client) {
    return crypto::verifyChain(client.login.membership()->device->chain, world.authority.trust(), world.seconds())
        .value();
}

/// A device of Alice's that signs in by itself, so that each step can be bent.
struct Alice {
    explicit Alice(LoginWorld& where) : world(where), client(where.signedUp("alice")) {}

    [[nodiscard]] LogIn logIn() const {
        LogIn message;
        message.user = LoginWorld::name("alice");
        message.key = LoginWorld::password("correct horse").login.bytes;
        message.device = deviceRequest(message.user);
        return message;
    }
    [[nodiscard]] DeviceRequest deviceRequest(const UserName& user) const {
        DeviceRequest request;
        request.device = DeviceId{device.publicKey()};
        request.accessKeys = {crypto::SigningKey::generate(world.random).publicKey()};
        request.proof = crypto::sign(device, deviceProofMessage(world.authority.issuer.network(), user, request));
        return request;
    }
    [[nodiscard]] SignDevices list(std::uint64_t epoch, std::vector<DeviceId> devices) const {
        const auto& m = *client.login.membership();
        SignDevices message;
        message.list = wire::encodeObjects(directory::DeviceList{m.userKey, epoch, std::move(devices)});
        message.signature = crypto::sign(*m.userSigningKey,
                                         directory::deviceListMessage(world.authority.issuer.network(), message.list));
        return message;
    }

    LoginWorld& world;
    LoginWorld::Client& client;
    crypto::SigningKey device = crypto::SigningKey::generate(world.random);
};

IpAddress fromOneAddress(int) {
    return IpAddress::v4(10, 2, 2, 2);
}

/// How each is refused when they come on a link of their own and all are at the store before its first answer.
template <class Reply, class M, class AddressOf>
std::vector<Refusal> refusalsAtOnce(LoginWorld& world, const std::vector<M>& messages, AddressOf addressOf) {
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const auto link = static_cast<session::LinkNumber>(5'000'000 + i);
        world.service->linkOpened(world.now(), link, crypto::Anonymous{}, addressOf(static_cast<int>(i)));
        world.service->receive(world.now(), link, wire::encodeCommand(messages[i], wire::RequestId{1}));
    }
    LoginService::Output out;
    for (world.service->take(out); !out.store.empty(); world.service->take(out)) {
        const auto requests = std::exchange(out.store, {});
        for (const auto& request : requests) world.service->receive(world.now(), world.accounts.carryOut(request));
    }
    std::vector<Refusal> refusals;
    for (const auto& send : out.sends) {
        const auto reply = wire::decode<Reply>(wire::parseCommand(send.command).value()).value();
        if (reply.answer.refusal) refusals.push_back(*reply.answer.refusal);
    }
    return refusals;
}

/// What a program sends that signs "carol" up, with a list of that epoch and these devices.
struct Carol {
    explicit Carol(LoginWorld& world) : network(world.authority.issuer.network()) {}

    [[nodiscard]] Register make(std::uint64_t epoch, std::vector<DeviceId> devices) const {
        Register message;
        message.user = user;
        message.device.device = own;
        message.device.proof = crypto::sign(device, deviceProofMessage(network, user, message.device));
        message.deviceList =
            wire::encodeObjects(directory::DeviceList{UserKey{userKey.publicKey()}, epoch, std::move(devices)});
        message.deviceListSignature = crypto::sign(userKey, directory::deviceListMessage(network, message.deviceList));
        message.passwordWrap = message.recoveryWrap = Bytes(60);
        message.vaultBox = Bytes(200);
        return message;
    }

    NetworkId network;
    test::SeededRandom random{5};
    UserName user = LoginWorld::name("carol");
    crypto::SigningKey device = crypto::SigningKey::generate(random);
    crypto::SigningKey userKey = crypto::SigningKey::generate(random);
    DeviceId own{device.publicKey()};
};

}  // namespace

class LoginServiceTest : public QObject {
    Q_OBJECT

private slots:
    void garbageClosesTheLink() {
        LoginWorld world(openToAll());
        test::SeededRandom random(3);
        for (int i = 0; i < 500; ++i) {
            Stranger stranger(world);
            Bytes noise(random.below(200));
            random.fill(noise);
            if (const auto answer = stranger.say(noise)) continue;
            QVERIFY(stranger.closed);
        }
    }

    void answersAndUnknownCommandsCloseTheLink() {
        LoginWorld world(openToAll());
        Stranger first(world);
        QVERIFY(!first.say(wire::encodeCommand(LoggedIn{}, 1)));
        QCOMPARE(*first.closed, Fault::Malformed);
    }

    void aStrangerMayDoNothingButSignIn() {
        LoginWorld world(openToAll());
        const Alice alice(world);
        Stranger stranger(world);
        QCOMPARE(*stranger.ask<VaultPart>(FetchVault{})->answer.refusal, Refusal::NotSignedIn);
        QCOMPARE(*stranger.ask<VaultPut>(PutVault{})->answer.refusal, Refusal::NotSignedIn);
        QCOMPARE(*stranger.ask<Renewed>(Renew{})->answer.refusal, Refusal::NotSignedIn);
        QCOMPARE(*stranger.ask<DevicesSigned>(alice.list(2, {DeviceId{}}))->answer.refusal, Refusal::NotSignedIn);
        QVERIFY(!stranger.ask<Document>(FetchDocument{})->answer.refusal);
        QVERIFY(!stranger.closed);
    }

    void aDeviceKeyThatIsNotHeldGetsNoPapers() {
        LoginWorld world(openToAll());
        const Alice alice(world);
        Stranger stranger(world);
        auto message = alice.logIn();
        message.device->device = DeviceId{crypto::SigningKey::generate(world.random).publicKey()};
        QCOMPARE(*stranger.ask<LoggedIn>(message)->answer.refusal, Refusal::Invalid);
        message = alice.logIn();
        message.device->accessKeys.push_back({});  // not what was proved
        QCOMPARE(*stranger.ask<LoggedIn>(message)->answer.refusal, Refusal::Invalid);
        QVERIFY(stranger.ask<LoggedIn>(alice.logIn())->papers);
    }

    void aStolenDeviceCantUndoItsRemoval() {
        LoginWorld world(openToAll());
        const Alice alice(world);
        const DeviceId stolen{alice.client.login.membership()->device->key->publicKey()};
        const DeviceId other{alice.device.publicKey()};
        const auto credential = identityOf(world, alice.client);
        {
            // Alice removes it, with her password.
            Stranger owner(world);
            QVERIFY(owner.ask<LoggedIn>(alice.logIn())->papers);
            QVERIFY(owner.ask<DevicesSigned>(alice.list(2, {other}))->devices);
        }
        // The thief has the device's credential, and the vault's user key.
        Stranger thief(world, credential);
        QCOMPARE(*thief.ask<DevicesSigned>(alice.list(3, {stolen}))->answer.refusal, Refusal::NotSignedIn);
        QCOMPARE(*thief.ask<Renewed>(Renew{})->answer.refusal, Refusal::CredentialExpired);
        QCOMPARE(*thief.ask<VaultPart>(FetchVault{})->answer.refusal, Refusal::CredentialExpired);
        QCOMPARE(*thief.ask<VaultPut>(PutVault{})->answer.refusal, Refusal::CredentialExpired);
    }

    void aCredentialDoesNotSetAPassword() {
        LoginWorld world(openToAll());
        const Alice alice(world);
        Stranger device(world, identityOf(world, alice.client));
        PutVault message;
        message.baseVersion = 1;
        message.total = 100;
        message.passwordWrap = message.recoveryWrap = Bytes(60);
        message.part = Bytes(100);
        message.newLoginKey = ByteArray<32>{};
        QCOMPARE(*device.ask<VaultPut>(message)->answer.refusal, Refusal::NotSignedIn);
        message.newLoginKey.reset();
        QVERIFY(!device.ask<VaultPut>(message)->answer.refusal);
    }

    void theRecoveryKeySignsNoDevices() {
        LoginWorld world(openToAll());
        const Alice alice(world);
        const auto recovery = RecoveryKey::parse(alice.client.last<RecoveryKeyMade>()->text).value();
        Stranger owner(world);
        LogIn message;
        message.user = LoginWorld::name("alice");
        message.key = recovery.keys(message.user, world.authority.issuer.network()).login.bytes;
        const auto reply = owner.ask<LoggedIn>(message);
        QVERIFY(!reply->answer.refusal && !reply->papers);
        QCOMPARE(*owner.ask<DevicesSigned>(alice.list(2, {DeviceId{}}))->answer.refusal, Refusal::NotSignedIn);
        QVERIFY(!owner.ask<VaultPart>(FetchVault{})->answer.refusal);
        // As a password it is none.
        message.device = alice.deviceRequest(message.user);
        Stranger guess(world);
        QCOMPARE(*guess.ask<LoggedIn>(message)->answer.refusal, Refusal::WrongPassword);
    }

    void guessesDontKeepAKnownDeviceOut() {
        LoginWorld world(openToAll());
        const Alice alice(world);
        auto guess = alice.logIn();
        guess.key = {};
        for (int i = 0; i < 6; ++i) {
            Stranger thief(world);
            thief.ask<LoggedIn>(guess);
        }
        Stranger elsewhere(world);
        QCOMPARE(*elsewhere.ask<LoggedIn>(alice.logIn())->answer.refusal, Refusal::TooManyTries);
        Stranger known(world, identityOf(world, alice.client));
        QVERIFY(known.ask<LoggedIn>(alice.logIn())->papers);
        // Only with its own name.
        auto& mallory = world.signedUp("mallory");
        for (int i = 0; i < 6; ++i) {
            Stranger thief(world);
            thief.ask<LoggedIn>(guess);
        }
        Stranger other(world, identityOf(world, mallory));
        QCOMPARE(*other.ask<LoggedIn>(alice.logIn())->answer.refusal, Refusal::TooManyTries);
    }

    void guessesAtTheSameInstantAreCountedToo() {
        LoginWorld world(openToAll());
        const Alice alice(world);
        auto guess = alice.logIn();
        guess.key = {};
        const auto refusals = refusalsAtOnce<LoggedIn>(world, std::vector(50, guess), [](int link) {
            return IpAddress::v4(10, 2, 2, static_cast<std::uint8_t>(link));
        });
        // The free ones, and the one after which to wait: as many as one after the other.
        const auto judged = Throttle::Options{}.freeTries + 1;
        QCOMPARE(std::ranges::count(refusals, Refusal::WrongPassword), judged);
        QCOMPARE(std::ranges::count(refusals, Refusal::TooManyTries), 50 - judged);
    }

    void namesTriedAtTheSameInstantAreCountedToo() {
        LoginWorld world(openToAll());
        const Alice alice(world);
        std::vector<LogIn> guesses(50, alice.logIn());
        for (std::size_t i = 0; i < guesses.size(); ++i)
            guesses[i].user = LoginWorld::name("nobody" + std::to_string(i));
        const auto refusals = refusalsAtOnce<LoggedIn>(world, guesses, fromOneAddress);
        const auto judged = world.options.addresses.freeTries + 1;
        QCOMPARE(std::ranges::count(refusals, Refusal::WrongPassword), judged);
        QCOMPARE(std::ranges::count(refusals, Refusal::TooManyTries), 50 - judged);
    }

    void codesTriedAtTheSameInstantAreCountedToo() {
        const auto judged = LoginService::Options{}.addresses.freeTries + 1;
        {
            LoginWorld world;
            const auto key = crypto::SigningKey::generate(world.random);
            CertifyNode node;
            node.node = NodeId{key.publicKey()};
            node.proof = crypto::sign(key, nodeProofMessage(world.authority.issuer.network(), node.node));
            node.code = "a guess";
            const auto refusals = refusalsAtOnce<NodeCertified>(world, std::vector(50, node), fromOneAddress);
            QCOMPARE(std::ranges::count(refusals, Refusal::TooManyTries), 50 - judged);
        }
        LoginWorld world;
        const Carol carol(world);
        auto message = carol.make(1, {carol.own});
        message.invitation = "a guess";
        const auto refusals = refusalsAtOnce<Registered>(world, std::vector(50, message), fromOneAddress);
        QCOMPARE(std::ranges::count(refusals, Refusal::InvitationInvalid), judged);
        QCOMPARE(std::ranges::count(refusals, Refusal::TooManyTries), 50 - judged);
    }

    void deviceListsAreChecked() {
        LoginWorld world(openToAll());
        const Alice alice(world);
        const DeviceId own{alice.device.publicKey()};
        Stranger owner(world);
        QVERIFY(owner.ask<LoggedIn>(alice.logIn())->papers);
        QCOMPARE(*owner.ask<DevicesSigned>(alice.list(1, {own}))->answer.refusal, Refusal::VersionConflict);
        QCOMPARE(*owner.ask<DevicesSigned>(alice.list(2, {}))->answer.refusal, Refusal::Invalid);
        QCOMPARE(*owner.ask<DevicesSigned>(alice.list(2, {own, own}))->answer.refusal, Refusal::Invalid);
        QCOMPARE(*owner.ask<DevicesSigned>(alice.list(2, std::vector<DeviceId>(17)))->answer.refusal, Refusal::Invalid);
        auto forged = alice.list(2, {own});
        forged.signature[0] ^= std::byte{1};
        QCOMPARE(*owner.ask<DevicesSigned>(forged)->answer.refusal, Refusal::Invalid);
        // A list that another user key signed
        auto& mallory = world.signedUp("mallory");
        const auto& m = *mallory.login.membership();
        SignDevices foreign;
        foreign.list = wire::encodeObjects(directory::DeviceList{m.userKey, 5, {own}});
        foreign.signature = crypto::sign(*m.userSigningKey,
                                         directory::deviceListMessage(world.authority.issuer.network(), foreign.list));
        QCOMPARE(*owner.ask<DevicesSigned>(foreign)->answer.refusal, Refusal::Invalid);
        QCOMPARE(world.accounts.accounts.at(LoginWorld::name("alice")).epoch, std::uint64_t(1));
        QVERIFY(owner.ask<DevicesSigned>(alice.list(2, {own}))->devices);
    }

    void registrationsAreChecked() {
        LoginWorld world(openToAll());
        const Carol carol(world);
        const DeviceId own = carol.own;
        const auto make = [&](std::uint64_t epoch, std::vector<DeviceId> devices) {
            return carol.make(epoch, std::move(devices));
        };
        std::vector<Register> bad{make(2, {own}), make(1, {}), make(1, {DeviceId{}}), make(1, {own, DeviceId{}})};
        bad.push_back(make(1, {own}));
        bad.back().passwordWrap.clear();
        bad.push_back(make(1, {own}));
        bad.back().vaultBox.resize(crypto::kSealedBoxOverhead);
        bad.push_back(make(1, {own}));
        bad.back().device.proof = {};
        bad.push_back(make(1, {own}));
        bad.back().user = LoginWorld::name("carola");  // the proof names another
        for (const auto& message : bad) {
            Stranger stranger(world);
            QCOMPARE(*stranger.ask<Registered>(message)->answer.refusal, Refusal::Invalid);
        }
        QVERIFY(world.accounts.accounts.empty());
        Stranger stranger(world);
        QVERIFY(stranger.ask<Registered>(make(1, {own}))->papers);
    }

    void uploadsAreInOrderAndBounded() {
        auto options = openToAll();
        options.maxUploads = 1000;
        LoginWorld world(options);
        const Alice alice(world);
        Stranger device(world, identityOf(world, alice.client));
        PutVault part;
        part.baseVersion = 1;
        part.total = 900;
        part.passwordWrap = part.recoveryWrap = Bytes(60);
        part.part = Bytes(300);
        const auto refusal = [&](std::uint32_t offset) {
            part.offset = offset;
            return device.ask<VaultPut>(part)->answer.refusal;
        };
        QCOMPARE(*refusal(300), Refusal::Invalid);  // nothing was begun
        QVERIFY(!refusal(0));
        QCOMPARE(*refusal(600), Refusal::Invalid);  // a hole; and begun again from the start
        QCOMPARE(*refusal(300), Refusal::Invalid);
        QVERIFY(!refusal(0));
        QVERIFY(!refusal(0));  // begins again, and counts once
        QVERIFY(!refusal(300));
        part.part = Bytes(301);
        QCOMPARE(*refusal(600), Refusal::Invalid);  // more than was announced
        part.total = 1001;
        QCOMPARE(*refusal(0), Refusal::Busy);
        part.total = 3 * 1024 * 1024;
        QCOMPARE(*refusal(0), Refusal::Invalid);
        part.total = 0;
        QCOMPARE(*refusal(0), Refusal::Invalid);
        part.total = 301;
        QVERIFY(!refusal(0));
        QCOMPARE(world.accounts.vaults.at(LoginWorld::name("alice")).box.size(), std::size_t(301));
        QCOMPARE(*refusal(0), Refusal::VersionConflict);
    }

    void aSecondQuestionBeforeTheAnswerClosesTheLink() {
        LoginWorld world(openToAll());
        const Alice alice(world);
        world.service->linkOpened(world.now(), 77, crypto::Anonymous{}, {});
        const Bytes question = wire::encodeCommand(alice.logIn(), 1);
        world.service->receive(world.now(), 77, question);
        world.service->receive(world.now(), 77, question);
        LoginService::Output out;
        world.service->take(out);
        QCOMPARE(out.closes.size(), std::size_t(1));
        // The store's answer to a link that is gone does nothing.
        for (const auto& request : out.store) world.service->receive(world.now(), world.accounts.carryOut(request));
        out = {};
        world.service->take(out);
        QVERIFY(out.sends.empty());
    }

    void idleLinksAreClosed() {
        LoginWorld world(openToAll());
        world.run(seconds(1));
        world.service->linkOpened(world.now(), 77, crypto::Anonymous{}, {});
        QVERIFY(world.service->nextWake() <= world.now().at + seconds(60));
        Now later = world.now();
        later.at += seconds(61);
        world.service->wake(later);
        LoginService::Output out;
        world.service->take(out);
        QCOMPARE(out.closes.size(), std::size_t(1));
        QCOMPARE(out.closes[0].reason, Fault::TimedOut);
    }

    void countersignaturesDontOutliveTheServersLeafUnrenewed() {
        LoginWorld world(openToAll());
        const Alice alice(world);
        // Two months on, under an intermediate of 90 days; the device renewed all the time, no password was typed.
        for (int day = 0; day < 60; ++day) {
            if (day % 10 == 0) world.startServer();
            world.run(std::chrono::hours(24));
        }
        const auto& m = *alice.client.login.membership();
        QVERIFY(directory::verify({world.suite, world.authority.trust()}, m.devices, world.seconds()));
    }

    void papersEndWithTheIntermediate() {
        LoginWorld world(openToAll());
        const Alice alice(world);
        for (int part = 0; part < 3; ++part) {
            world.startServer();  // with a leaf of that day
            world.run(std::chrono::hours(24 * 25));
        }
        const auto& m = *alice.client.login.membership();
        QVERIFY(m.credentialExpires <= world.authority.issuer.expires());
        QCOMPARE(m.access.size(), std::size_t(3));  // 15 days: two whole weeks and a day
        for (const auto& paper : m.access) QVERIFY(paper.validity.notAfter <= world.authority.issuer.expires());
    }
};

KITH_TEST(LoginServiceTest);
#include "loginservice_test.moc"
