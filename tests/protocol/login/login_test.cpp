// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/login.h"

#include <QTest>

#include "protocol/login/networkdocument.h"
#include "tests/protocol/login/loginworld.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::login;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using test::LoginWorld;
using test::openToAll;

namespace {

constexpr auto kDay = hours(24);

directory::DeviceList listOf(const Membership& membership) {
    return wire::decodeObjects<directory::DeviceList>(membership.devices.list).value();
}

}  // namespace

class LoginTest : public QObject {
    Q_OBJECT

private slots:
    void signingUpGivesEverything() {
        LoginWorld world(openToAll());
        auto& alice = world.signedUp("alice");
        QCOMPARE(alice.count<SignedIn>(), std::size_t(1));
        QCOMPARE(alice.count<RecoveryKeyMade>(), std::size_t(1));
        QVERIFY(!alice.failure());
        QCOMPARE(alice.link, session::LinkNumber(0));  // not kept open

        const Membership& m = *alice.login.membership();
        QCOMPARE(m.user, LoginWorld::name("alice"));
        QCOMPARE(m.content.displayName, std::string("Display alice"));
        QCOMPARE(m.userSigningKey->publicKey(), m.userKey.bytes);
        QCOMPARE(m.access.size(), std::size_t(7));
        const auto identity = crypto::verifyChain(m.device->chain, world.authority.trust(), world.seconds()).value();
        const auto& person = std::get<crypto::PersonIdentity>(identity);
        QCOMPARE(person.user, m.user);
        QCOMPARE(person.userKeyHash, directory::personKey(m.userKey).bytes);
        const auto list =
            directory::verify({world.suite, world.authority.trust()}, m.devices, world.seconds()).value().list;
        QCOMPARE(list.devices, std::vector{person.device});
        QCOMPARE(list.userKey, m.userKey);
    }

    void accessLastsForWeeksWithAnotherIdEach() {
        LoginWorld world(openToAll());
        auto& alice = world.signedUp("alice");
        const Membership& m = *alice.login.membership();
        std::set<ByteArray<16>> ids;
        for (int day = 0; day < 49; ++day) {
            const auto at = world.seconds() + day * kDay;
            const auto access = m.accessAt(at);
            QVERIFY(access);
            const auto identity = crypto::verifyChain(access->chain, world.authority.trust(), at).value();
            ids.insert(std::get<crypto::AccessIdentity>(identity).id);
        }
        QCOMPARE(ids.size(), std::size_t(7));
        QVERIFY(!m.accessAt(world.seconds() + 50 * kDay));
    }

    void aSecondDeviceGetsTheSamePerson() {
        LoginWorld world(openToAll());
        auto& first = world.signedUp("alice");
        auto& second = world.add();
        world.signIn(second, "alice", "correct horse");
        QCOMPARE(second.count<SignedIn>(), std::size_t(1));
        QCOMPARE(second.count<RecoveryKeyMade>(), std::size_t(0));
        const Membership& a = *first.login.membership();
        const Membership& b = *second.login.membership();
        QCOMPARE(b.userKey, a.userKey);
        QCOMPARE(b.userSigningKey->seed(), a.userSigningKey->seed());
        QVERIFY(b.vaultKey == a.vaultKey);
        QVERIFY(b.device->key->publicKey() != a.device->key->publicKey());
        QCOMPARE(listOf(b).devices,
                 (std::vector{DeviceId{a.device->key->publicKey()}, DeviceId{b.device->key->publicKey()}}));
        QCOMPARE(listOf(b).epoch, std::uint64_t(2));
    }

    void theServerKeepsNothingThatOpensAnything() {
        LoginWorld world(openToAll());
        auto& alice = world.signedUp("alice");
        const auto& account = world.accounts.accounts.at(LoginWorld::name("alice"));
        const auto keys = LoginWorld::password("correct horse");
        QVERIFY(account.loginHash != keys.login.bytes);
        const auto& vault = world.accounts.vaults.at(LoginWorld::name("alice"));
        const VaultSealer sealer(world.authority.issuer.network(), account.user);
        QVERIFY(!sealer.unwrap(vault.passwordWrap, keys.login));
        QVERIFY(!sealer.open(vault.box, 1, crypto::Secret<32>(account.loginHash)));
        QVERIFY(sealer.unwrap(vault.passwordWrap, keys.vault).value() == alice.login.membership()->vaultKey);
    }

    // Each bad outcome

    void aWrongPasswordAndAnUnknownNameLookTheSame() {
        LoginWorld world(openToAll());
        world.signedUp("alice");
        std::vector<Bytes> answers;
        std::vector<std::size_t> looks;
        std::vector<Duration> times;
        for (const char* user : {"alice", "nobody-here"}) {
            auto& client = world.add();
            const auto requests = world.accounts.requests;
            client.login.signIn(world.nowOf(client), LoginWorld::name(user), LoginWorld::password("wrong"));
            const Duration begun = world.elapsed;
            while (!client.failure()) world.run(std::chrono::milliseconds(1));
            times.push_back(world.elapsed - begun);
            QCOMPARE(*client.failure(), Fault::WrongPassword);
            QVERIFY(!client.isIn());
            looks.push_back(world.accounts.requests - requests);
            auto answer = wire::decode<LoggedIn>(wire::parseCommand(client.received.at(0)).value()).value();
            QCOMPARE(client.received.size(), std::size_t(1));
            answer.answer.serverTime = {};
            answers.push_back(wire::encodeObjects(answer));
        }
        QCOMPARE(answers[0], answers[1]);
        QCOMPARE(looks[0], looks[1]);
        QCOMPARE(times[0], times[1]);
    }

    void guessesWaitLongerAndLonger() {
        LoginWorld world(openToAll());
        auto& owner = world.signedUp("alice");
        auto& thief = world.add();
        thief.address = IpAddress::v4(10, 9, 9, 9);
        int looked = 0;
        std::vector<std::chrono::seconds> waits;
        for (int i = 0; i < 12; ++i) {
            thief.events.clear();
            world.signIn(thief, "alice", "guess " + std::to_string(i));
            if (*thief.failure() == Fault::WrongPassword) {
                ++looked;
                continue;
            }
            QCOMPARE(*thief.failure(), Fault::TooManyTries);
            waits.push_back(thief.last<Failed>()->detail);
            QVERIFY(waits.back() > seconds(0));
            world.run(waits.back());
        }
        QVERIFY(!waits.empty() && looked < 12);
        QVERIFY(std::is_sorted(waits.begin(), waits.end()));
        QVERIFY(waits.back() >= 4 * waits.front());

        // The name is closed to everybody's passwords for a while, the right one included …
        for (int i = 0; i < 3; ++i) world.signIn(thief, "alice", "guess");
        thief.events.clear();
        world.signIn(thief, "alice", "correct horse");
        QCOMPARE(*thief.failure(), Fault::TooManyTries);
        // … but not to the device that is known …
        const auto renewedBefore = owner.login.membership()->renewed;
        world.run(kDay + hours(1));
        QVERIFY(owner.login.membership()->renewed > renewedBefore);
        // … and not for ever.
        auto& second = world.add();
        world.signIn(second, "alice", "correct horse");
        QVERIFY(second.isIn());
    }

    void anAddressThatTriesManyNamesIsSlowed() {
        LoginWorld world(openToAll());
        world.signedUp("alice");
        auto& thief = world.add();
        thief.address = IpAddress::v4(10, 9, 9, 9);
        bool slowed = false;
        for (int i = 0; i < 30 && !slowed; ++i) {
            thief.events.clear();
            world.signIn(thief, "name" + std::to_string(i), "password");
            slowed = *thief.failure() == Fault::TooManyTries;
        }
        QVERIFY(slowed);
        auto& alice = world.add();
        world.signIn(alice, "alice", "correct horse");  // from another address
        QVERIFY(alice.isIn());
    }

    void aDisabledAccountIsToldToItsOwnerOnly() {
        LoginWorld world(openToAll());
        auto& device = world.signedUp("alice");
        world.accounts.accounts.at(LoginWorld::name("alice")).disabled = true;
        auto& client = world.add();
        world.signIn(client, "alice", "wrong");
        QCOMPARE(*client.failure(), Fault::WrongPassword);
        world.signIn(client, "alice", "correct horse");
        QCOMPARE(*client.failure(), Fault::AccountDisabled);
        QVERIFY(!client.isIn());
        // The device that is signed in hears it when it renews, and doesn't ask again and again.
        world.run(3 * kDay);
        QCOMPARE(*device.failure(), Fault::AccountDisabled);
        QCOMPARE(device.count<Failed>(), std::size_t(1));
    }

    void anExpiredCredentialNeedsThePassword() {
        LoginWorld world(openToAll());
        auto& alice = world.signedUp("alice");
        Membership kept =
            Membership::restore(world.authority.issuer.network(), alice.login.membership()->account(),
                                alice.login.membership()->keys(), encodeSealed(alice.login.membership()->vault))
                .value();
        alice.login.signOut();
        world.run(41 * kDay);
        world.startServer();
        auto& later = world.add();
        later.login.resume(world.nowOf(later), std::move(kept));
        world.run(hours(2));
        QCOMPARE(*later.failure(), Fault::CredentialExpired);
        // A clock that is behind doesn't hide it from the server.
        auto& slow = world.add();
        slow.clockError = -3 * kDay;
        slow.login.resume(
            world.nowOf(slow),
            Membership::restore(world.authority.issuer.network(), later.login.membership()->account(),
                                later.login.membership()->keys(), encodeSealed(later.login.membership()->vault))
                .value());
        world.run(hours(2));
        QCOMPARE(*slow.failure(), Fault::CredentialExpired);
        world.signIn(later, "alice", "correct horse");
        QCOMPARE(later.count<SignedIn>(), std::size_t(1));
    }

    void aClockThatIsALittleOffIsCorrectedFor_data() {
        QTest::addColumn<int>("off");
        QTest::newRow("ahead") << 5 * 3600;
        QTest::newRow("behind") << -23 * 3600;
    }
    void aClockThatIsALittleOffIsCorrectedFor() {
        QFETCH(int, off);
        LoginWorld world(openToAll());
        auto& alice = world.add();
        alice.clockError = seconds(off);
        world.signUp(alice, "alice", "correct horse");
        QVERIFY(alice.isIn());
        QCOMPARE(alice.count<ClockDiffers>(), std::size_t(1));
        QVERIFY(std::chrono::abs(alice.login.clockOffset() + seconds(off)) <= seconds(1));
        world.run(10 * kDay);  // renewing goes on
        QVERIFY(world.seconds() - alice.login.membership()->renewed < 2 * kDay);
        QCOMPARE(alice.count<ClockDiffers>(), std::size_t(1));
    }

    void aClockThatIsFarOffIsRefused_data() {
        QTest::addColumn<int>("off");
        QTest::addColumn<bool>("known");
        QTest::newRow("two days ahead") << 48 * 3600 << true;
        QTest::newRow("two days behind") << -48 * 3600 << true;
        QTest::newRow("a year ahead") << 365 * 86400 << false;
        QTest::newRow("a year behind") << -365 * 86400 << false;
    }
    void aClockThatIsFarOffIsRefused() {
        QFETCH(int, off);
        QFETCH(bool, known);
        LoginWorld world(openToAll());
        auto& alice = world.add();
        alice.clockError = seconds(off);
        world.signUp(alice, "alice", "correct horse");
        QCOMPARE(*alice.failure(), Fault::ClockOff);
        QVERIFY(!alice.isIn());
        const auto detail = alice.last<Failed>()->detail;
        if (known)
            QVERIFY(std::chrono::abs(detail + seconds(off)) <= seconds(1));
        else
            QCOMPARE(detail, seconds(0));
    }

    void anotherNetworksServerIsNotTrusted() {
        LoginWorld world(openToAll());
        test::Authority other(99);
        auto& alice = world.add(other.trust());
        world.signUp(alice, "alice", "correct horse");
        QCOMPARE(*alice.failure(), Fault::WrongRootKey);
        QVERIFY(world.accounts.accounts.empty());
    }

    void noServerIsSaidToBeThat() {
        LoginWorld world(openToAll());
        world.stopServer();
        auto& alice = world.add();
        world.signUp(alice, "alice", "correct horse");
        QCOMPARE(*alice.failure(), Fault::Unreachable);
    }

    void aServerWithABrokenDiskIsBusy() {
        LoginWorld world(openToAll());
        world.accounts.broken = true;
        auto& alice = world.add();
        world.signUp(alice, "alice", "correct horse");
        QCOMPARE(*alice.failure(), Fault::Busy);
        world.accounts.broken = false;
        world.signUp(alice, "alice", "correct horse");
        QVERIFY(alice.isIn());
    }

    // Registration

    void namesAreTakenOnce() {
        LoginWorld world(openToAll());
        world.signedUp("alice");
        auto& other = world.signedUp("alice", "another password");
        QCOMPARE(*other.failure(), Fault::NameTaken);
        world.signIn(other, "alice", "another password");
        QCOMPARE(*other.failure(), Fault::WrongPassword);
    }

    void aLostAnswerDoesNotLoseTheAccount() {
        LoginWorld world(openToAll());
        int lost = 0;
        world.losesAnswer = [&](const auto&, ByteView) { return lost++ < 2; };
        auto& alice = world.signedUp("alice");
        QVERIFY(lost >= 3);
        QVERIFY(alice.isIn());
        QCOMPARE(alice.count<RecoveryKeyMade>(), std::size_t(1));
        QCOMPARE(alice.count<Failed>(), std::size_t(0));
        QCOMPARE(world.accounts.accounts.size(), std::size_t(1));
        // The recovery key that was shown is the one that counts.
        auto& later = world.add();
        later.login.recover(world.nowOf(later), LoginWorld::name("alice"),
                            RecoveryKey::parse(alice.last<RecoveryKeyMade>()->text).value(),
                            LoginWorld::password("new"));
        world.run(seconds(5));
        QVERIFY(later.isIn());
    }

    void linksThatAreLostAgainAndAgainEndIt() {
        LoginWorld world(openToAll());
        world.losesAnswer = [](const auto&, ByteView) { return true; };
        auto& alice = world.signedUp("alice");
        QCOMPARE(*alice.failure(), Fault::ConnectionLost);
        QVERIFY(!alice.isIn());
    }

    void aServerThatSaysNothingTimesOut() {
        LoginWorld world(openToAll());
        auto& alice = world.add();
        alice.login.signUp(world.nowOf(alice), LoginWorld::name("alice"), "", LoginWorld::password("x"), "");
        world.run(std::chrono::milliseconds(70));  // the link is up, the answer not here
        world.service.reset();
        world.run(minutes(6));
        QVERIFY(alice.failure());
        QVERIFY(!alice.isIn());
    }

    void invitationsAreChecked() {
        LoginWorld world;  // by invitation
        SeededCodes codes(world);
        const std::string twice = codes.add({}, 2, world.seconds() + kDay);
        const std::string forBob = codes.add(LoginWorld::name("bob"), 1, world.seconds() + kDay);
        const std::string old = codes.add({}, 1, world.seconds() - seconds(1));

        auto& client = world.add();
        const auto fault = [&](const char* user, const std::string& code) {
            client.events.clear();
            world.signUp(client, user, "correct horse", code);
            return client.failure();
        };
        QCOMPARE(fault("alice", ""), Fault::InvitationInvalid);
        QCOMPARE(fault("alice", "0000-0000-0000-0000-0000-0000"), Fault::InvitationInvalid);
        QCOMPARE(fault("alice", old), Fault::InvitationInvalid);
        QCOMPARE(fault("alice", forBob), Fault::InvitationInvalid);
        QCOMPARE(fault("bob", twice), Fault::NameTaken);  // set aside
        std::string typed = twice;
        for (char& c : typed) c = static_cast<char>(c == '-' ? ' ' : std::tolower(c));
        QVERIFY(!fault("alice", typed));
        QVERIFY(!fault("carol", twice));
        QCOMPARE(fault("dave", twice), Fault::InvitationInvalid);  // used up
        QVERIFY(!fault("bob", forBob));
        QCOMPARE(world.accounts.accounts.size(), std::size_t(3));
    }

    void whoTriesCodesIsSlowed() {
        LoginWorld world;
        auto& client = world.add();
        bool slowed = false;
        for (int i = 0; i < 40 && !slowed; ++i) {
            client.events.clear();
            world.signUp(client, "alice", "correct horse", newInvitationCode(world.random));
            slowed = *client.failure() == Fault::TooManyTries;
        }
        QVERIFY(slowed);
    }

    void whereTheOperatorAddsPeopleOthersStayOut() {
        LoginService::Options options;
        options.registration = overlay::Registration::Operator;
        LoginWorld world(options);
        SeededCodes codes(world);
        const std::string anybody = codes.add({}, 5, world.seconds() + kDay);
        const std::string forAlice = codes.add(LoginWorld::name("alice"), 1, world.seconds() + kDay);
        auto& client = world.add();
        world.signUp(client, "alice", "correct horse");
        QCOMPARE(*client.failure(), Fault::RegistrationClosed);
        world.signUp(client, "carol", "correct horse", anybody);
        QCOMPARE(*client.failure(), Fault::InvitationInvalid);
        world.signUp(client, "alice", "correct horse", forAlice);
        QVERIFY(client.isIn());
    }

    // Staying signed in

    void papersStayFreshByThemselves() {
        LoginWorld world(openToAll());
        auto& alice = world.signedUp("alice");
        const auto device = alice.login.membership()->device->key->publicKey();
        for (int day = 0; day < 20; ++day) {
            world.run(kDay);
            QVERIFY(world.seconds() - alice.login.membership()->renewed < kDay + hours(2));
        }
        QVERIFY(alice.count<PapersRenewed>() >= 18 && alice.count<PapersRenewed>() <= 20);
        QCOMPARE(alice.login.membership()->device->key->publicKey(), device);
        QCOMPARE(alice.count<Failed>(), std::size_t(0));
    }

    void aMonthWithoutAServerIsSurvived() {
        LoginWorld world(openToAll());
        auto& alice = world.signedUp("alice");
        world.stopServer();
        world.run(30 * kDay);
        QCOMPARE(alice.count<Failed>(), std::size_t(0));
        QVERIFY(alice.login.membership()->accessAt(world.seconds()));
        QVERIFY(alice.login.membership()->credentialExpires > world.seconds());
        world.startServer();
        world.run(hours(2));
        QVERIFY(world.seconds() - alice.login.membership()->renewed < hours(2));
    }

    void clientsComeBackAtDifferentTimes() {
        LoginWorld world(openToAll());
        for (int i = 0; i < 30; ++i) {
            auto& client = world.add();
            client.address = IpAddress::v4(static_cast<std::uint32_t>(0x0a000000 + i));
            world.signUp(client, "user" + std::to_string(i), "correct horse");
        }
        world.run(kDay + minutes(3));
        std::size_t early = 0;
        for (const auto& client : world.clients) early += client->count<PapersRenewed>();
        QVERIFY2(early <= 10, "renewals of one morning are spread over half an hour");
        for (const auto& client : world.clients) client->events.clear();
        world.stopServer();
        world.run(3 * kDay);
        world.startServer();
        std::map<std::int64_t, int> perMinute;
        std::size_t before = 0;
        for (int minute = 0; minute < 90; ++minute) {
            world.run(minutes(1));
            std::size_t renewed = 0;
            for (const auto& client : world.clients) renewed += client->count<PapersRenewed>() > 0 ? 1U : 0U;
            perMinute[minute] = static_cast<int>(renewed - before);
            before = renewed;
        }
        QCOMPARE(before, std::size_t(30));
        for (const auto& [minute, count] : perMinute) QVERIFY2(count <= 8, "all at once");
    }

    void whatIsKeptSignsInAgain() {
        LoginWorld world(openToAll());
        auto& alice = world.signedUp("alice");
        const Membership& m = *alice.login.membership();
        const auto& network = world.authority.issuer.network();
        auto kept = Membership::restore(network, m.account(), m.keys(), encodeSealed(m.vault));
        QVERIFY(kept);
        QCOMPARE(kept->account(), m.account());
        QCOMPARE(kept->keys(), m.keys());
        QCOMPARE(kept->content, m.content);
        QCOMPARE(kept->renewed, m.renewed);
        QCOMPARE(kept->userSigningKey->publicKey(), m.userKey.bytes);
        QVERIFY(kept->accessAt(world.seconds()));

        auto& again = world.add();
        alice.login.signOut();
        again.login.resume(world.nowOf(again), std::move(*kept));
        world.run(2 * kDay);
        QVERIFY(again.count<PapersRenewed>() >= 1);
        QCOMPARE(alice.count<PapersRenewed>(), std::size_t(0));
    }

    void whatIsKeptAndDamagedIsToldApart() {
        LoginWorld world(openToAll());
        const Membership& m = *world.signedUp("alice").login.membership();
        const Membership& other = *world.signedUp("bob").login.membership();
        const auto& network = world.authority.issuer.network();
        const Bytes account = m.account();
        const Bytes keys = m.keys();
        const Bytes vault = encodeSealed(m.vault);
        const auto faultOfRestoring = [&](ByteView a, ByteView k, ByteView v) {
            const auto outcome = Membership::restore(network, a, k, v);
            return outcome ? Fault::InvalidArgument : outcome.error().fault;
        };
        QCOMPARE(faultOfRestoring(account, other.keys(), vault), Fault::StorageBroken);
        QCOMPARE(faultOfRestoring(account, keys, encodeSealed(other.vault)), Fault::StorageBroken);
        QCOMPARE(faultOfRestoring(other.account(), keys, vault), Fault::StorageBroken);
        for (std::size_t i = 0; i < account.size(); i += 7)
            QCOMPARE(faultOfRestoring(ByteView(account).first(i), keys, vault), Fault::StorageBroken);
        for (std::size_t i = 0; i < vault.size(); ++i)
            QCOMPARE(faultOfRestoring(account, keys, ByteView(vault).first(i)), Fault::StorageBroken);
        QCOMPARE(Membership::restore(NetworkId{}, account, keys, vault).error().fault, Fault::StorageBroken);
    }

    void aDeviceThatFellOffTheListIsOut() {
        LoginWorld world(openToAll());
        auto& first = world.signedUp("alice");
        for (int i = 0; i < 16; ++i) {
            auto& another = world.add();
            world.signIn(another, "alice", "correct horse");
            QVERIFY(another.isIn());
        }
        const auto& newest = *world.clients.back()->login.membership();
        QCOMPARE(listOf(newest).devices.size(), directory::kMaxDevices);
        world.run(kDay + hours(1));
        QCOMPARE(*first.failure(), Fault::CredentialExpired);
        QCOMPARE(world.clients.back()->count<Failed>(), std::size_t(0));
    }

    void devicesThatSignInTogetherAllGetOntoTheList() {
        LoginWorld world(openToAll());
        world.signedUp("alice");
        for (int i = 0; i < 3; ++i) {
            auto& client = world.add();
            client.login.signIn(world.nowOf(client), LoginWorld::name("alice"), LoginWorld::password("correct horse"));
        }
        world.run(seconds(10));
        const auto list = wire::decodeObjects<directory::DeviceList>(
                              world.accounts.accounts.at(LoginWorld::name("alice")).devices.list)
                              .value();
        QCOMPARE(list.devices.size(), std::size_t(4));
        for (std::size_t i = 1; i < 4; ++i) QVERIFY(world.clients[i]->isIn());
    }

    void signingOutForgets() {
        LoginWorld world(openToAll());
        auto& alice = world.signedUp("alice");
        alice.login.signOut();
        QVERIFY(!alice.login.membership());
        QCOMPARE(alice.login.nextWake(), kNever);
        world.run(3 * kDay);
        QCOMPARE(alice.count<PapersRenewed>(), std::size_t(0));
    }

    // Vault

    void theVaultTravelsBetweenDevices() {
        LoginWorld world(openToAll());
        auto& first = world.signedUp("alice");
        Bytes contacts(200'000);
        world.random.fill(contacts);
        first.login.saveVault(world.nowOf(first), "Alice A.", contacts, toBytes(std::string_view("dark")));
        world.run(seconds(10));
        QCOMPARE(first.count<VaultSaved>(), std::size_t(1));
        QCOMPARE(first.login.membership()->vault.version, std::uint64_t(2));

        auto& second = world.add();
        world.signIn(second, "alice", "correct horse");
        const auto& content = second.login.membership()->content;
        QCOMPARE(content.displayName, std::string("Alice A."));
        QCOMPARE(content.contacts, contacts);
        QCOMPARE(asText(content.settings), std::string_view("dark"));
        QVERIFY(content.userSeed == first.login.membership()->content.userSeed);
    }

    void twoDevicesDontOverwriteEachOther() {
        LoginWorld world(openToAll());
        auto& first = world.signedUp("alice");
        auto& second = world.add();
        world.signIn(second, "alice", "correct horse");
        first.login.saveVault(world.nowOf(first), "One", {}, {});
        world.run(seconds(10));
        second.login.saveVault(world.nowOf(second), "Two", {}, {});
        world.run(seconds(10));
        // The second learns what the first wrote; merging is up to whoever asked.
        QCOMPARE(second.count<VaultSaved>(), std::size_t(0));
        QCOMPARE(second.count<VaultChanged>(), std::size_t(1));
        QCOMPARE(second.login.membership()->content.displayName, std::string("One"));
        second.login.saveVault(world.nowOf(second), "One and two", {}, {});
        world.run(seconds(10));
        QCOMPARE(second.count<VaultSaved>(), std::size_t(1));
        world.run(kDay + hours(1));
        QCOMPARE(first.count<VaultChanged>(), std::size_t(1));  // with the next renewal
        QCOMPARE(first.login.membership()->content.displayName, std::string("One and two"));
    }

    void changesWaitForTheServer() {
        LoginWorld world(openToAll());
        auto& alice = world.signedUp("alice");
        world.stopServer();
        alice.login.saveVault(world.nowOf(alice), "First", {}, {});
        world.run(minutes(10));
        alice.login.saveVault(world.nowOf(alice), "Second", {}, {});
        world.run(hours(3));
        QCOMPARE(alice.count<VaultSaved>(), std::size_t(0));
        world.startServer();
        world.run(hours(2));
        QCOMPARE(alice.count<VaultSaved>(), std::size_t(1));
        QCOMPARE(alice.login.membership()->content.displayName, std::string("Second"));
        QCOMPARE(alice.count<Failed>(), std::size_t(0));
    }

    void aVaultThatIsTooLargeIsTold() {
        LoginWorld world(openToAll());
        auto& alice = world.signedUp("alice");
        alice.login.saveVault(world.nowOf(alice), "Alice", Bytes(kMaxVault), {});
        world.run(seconds(10));
        QCOMPARE(*alice.failure(), Fault::TooLarge);
        QCOMPARE(alice.login.membership()->vault.version, std::uint64_t(1));
        alice.login.saveVault(world.nowOf(alice), "Alice", Bytes(kMaxVault - 1000), {});
        world.run(seconds(30));
        QCOMPARE(alice.count<VaultSaved>(), std::size_t(1));
    }

    void anOlderVaultIsNotTakenForTheNewest() {
        LoginWorld world(openToAll());
        auto& first = world.signedUp("alice");
        const auto user = LoginWorld::name("alice");
        const auto oldVault = world.accounts.vaults.at(user);
        first.login.saveVault(world.nowOf(first), "New", {}, {});
        world.run(seconds(10));
        world.accounts.vaults.at(user) = oldVault;  // the server passes it off under the new number
        auto& second = world.add();
        world.signIn(second, "alice", "correct horse");
        QCOMPARE(*second.failure(), Fault::BadSeal);
    }

    void aServerCantPutAnotherUserKeyInItsPlace() {
        LoginWorld world(openToAll());
        world.signedUp("alice");
        auto& account = world.accounts.accounts.at(LoginWorld::name("alice"));
        const auto ghost = crypto::SigningKey::generate(world.random);
        account.userKey = UserKey{ghost.publicKey()};
        account.devices.list = wire::encodeObjects(directory::DeviceList{account.userKey, 7, {DeviceId{}}});
        account.devices.signature =
            crypto::sign(ghost, directory::deviceListMessage(world.authority.issuer.network(), account.devices.list));
        auto& client = world.add();
        world.signIn(client, "alice", "correct horse");
        QCOMPARE(*client.failure(), Fault::CertificateInvalid);
        QVERIFY(!client.isIn());
        // Nor behind the back of a device that knows the key.
        auto& first = *world.clients[0];
        world.run(2 * kDay);
        QVERIFY(first.login.membership()->userKey != account.userKey);
        QCOMPARE(first.count<PapersRenewed>(), std::size_t(0));
    }

    // Recovery

    void theRecoveryKeySetsANewPassword() {
        LoginWorld world(openToAll());
        auto& first = world.signedUp("alice", "forgotten");
        const auto key = RecoveryKey::parse(first.last<RecoveryKeyMade>()->text).value();
        auto& second = world.add();
        second.login.recover(world.nowOf(second), LoginWorld::name("alice"), key, LoginWorld::password("remembered"));
        world.run(seconds(10));
        QCOMPARE(second.count<SignedIn>(), std::size_t(1));
        QCOMPARE(second.login.membership()->userKey, first.login.membership()->userKey);
        QVERIFY(!(second.login.membership()->vaultKey == first.login.membership()->vaultKey));

        auto& third = world.add();
        world.signIn(third, "alice", "forgotten");
        QCOMPARE(*third.failure(), Fault::WrongPassword);
        world.signIn(third, "alice", "remembered");
        QVERIFY(third.isIn());
        // The key is good for another time.
        auto& fourth = world.add();
        fourth.login.recover(world.nowOf(fourth), LoginWorld::name("alice"), key, LoginWorld::password("once more"));
        world.run(seconds(10));
        QVERIFY(fourth.isIn());
        // Who knew only the old password is asked for the new one.
        world.run(kDay + hours(1));
        QCOMPARE(*first.failure(), Fault::CredentialExpired);
    }

    void aWrongRecoveryKeyIsAWrongPassword() {
        LoginWorld world(openToAll());
        world.signedUp("alice");
        auto& client = world.add();
        client.login.recover(world.nowOf(client), LoginWorld::name("alice"), RecoveryKey::generate(world.random),
                             LoginWorld::password("mine now"));
        world.run(seconds(10));
        QCOMPARE(*client.failure(), Fault::WrongPassword);
    }

    // Network document

    void theNetworkDocumentComesAlong() {
        LoginWorld world(openToAll());
        RootPart root;
        root.number = 3;
        root.loginServers = {"login.example.org:33033"};
        world.rootPart = wire::encodeObjects(
            signRootPart(world.suite, world.authority.issuer.network(), root, world.authority.rootKey));
        world.startServer();
        world.run(seconds(1));
        world.signedUp("alice");
        world.accounts.accounts.at(LoginWorld::name("alice")).disabled = true;
        world.run(hours(1) + minutes(1));
        auto& bob = world.signedUp("bob");
        NetworkDocument document;
        QVERIFY(document.learnRoot(world.suite, world.authority.trust(), bob.login.membership()->rootDocument));
        QVERIFY(document.learnServer(world.suite, world.authority.trust(), bob.login.membership()->serverDocument,
                                     world.seconds()));
        QCOMPARE(document.root()->loginServers, root.loginServers);
        const auto& alice = *world.clients[0]->login.membership();
        QVERIFY(document.revocations().hasUserKey(directory::personKey(alice.userKey).bytes));
        const auto identity =
            crypto::verifyChain(alice.accessAt(world.seconds())->chain, world.authority.trust(), world.seconds());
        QVERIFY(document.isRevokedAccess(std::get<crypto::AccessIdentity>(*identity).id));
        QVERIFY(!document.revocations().hasUserKey(directory::personKey(bob.login.membership()->userKey).bytes));
    }

private:
    /// Makes invitations as the operator does.
    struct SeededCodes {
        explicit SeededCodes(LoginWorld& owner) : world(owner) {}
        std::string add(const std::optional<UserName>& onlyFor, std::uint32_t uses, UnixTime expires) {
            const std::string code = newInvitationCode(world.random);
            world.accounts.invitations.push_back({invitationHash(code), onlyFor, uses, expires});
            return code;
        }
        LoginWorld& world;
    };
};

KITH_TEST(LoginTest);
#include "login_test.moc"
