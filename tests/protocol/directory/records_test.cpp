// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/directory/records.h"

#include <rapidcheck.h>

#include <QTest>

#include "protocol/wire/command.h"
#include "tests/support/recordmaker.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::directory;
using namespace std::chrono_literals;

class RecordsTest : public QObject {
    Q_OBJECT

    test::Authority m_authority;
    test::RecordMaker m_anna{m_authority, "anna", 2};
    crypto::ModernSuite m_suite;
    Judge m_judge{m_suite, m_authority.trust()};
    UnixTime m_now = test::Authority::kNow;

    template <class Signed>
    std::optional<Fault> faultOf(const Signed& record, UnixTime now = test::Authority::kNow) {
        const auto verified = verify(m_judge, record, now);
        if (verified) return std::nullopt;
        return verified.error().fault;
    }

private slots:
    void whatWasSignedIsProved() {
        const auto user = verify(m_judge, m_anna.sign(m_anna.record()), m_now);
        QVERIFY(user && user->record == m_anna.record());
        QVERIFY(user->expires == m_now + kUserRecordLife);
        const auto list = verify(m_judge, m_anna.sign(m_anna.list()), m_now);
        QVERIFY(list && list->list == m_anna.list());
        const auto location = verify(m_judge, m_anna.sign(m_anna.location(1), 1), m_now);
        QVERIFY(location && location->location == m_anna.location(1));
        QVERIFY(location->user == m_anna.name);
        QVERIFY(location->expires == m_now + kLocationLife);
    }

    void aChangedBitIsFound() {
        const auto good = m_anna.sign(m_anna.record());
        const auto list = m_anna.sign(m_anna.list());
        const auto location = m_anna.sign(m_anna.location());
        const bool ok = rc::check("one bit flipped anywhere", [&] {
            const auto flip = [](auto& bytes) {
                const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
                bytes[at] ^= static_cast<std::byte>(1U << *rc::gen::inRange(0U, 8U));
            };
            auto a = good;
            auto b = list;
            auto c = location;
            switch (*rc::gen::inRange(0, 3)) {
                case 0: flip(a.record), flip(b.list), flip(c.location); break;
                case 1: flip(a.signature), flip(b.signature), flip(c.signature); break;
                default: flip(a.credential), flip(b.server), flip(c.credential); break;
            }
            RC_ASSERT(faultOf(a).has_value());
            RC_ASSERT(faultOf(b).has_value());
            RC_ASSERT(faultOf(c).has_value());
        });
        QVERIFY(ok);
        auto countersigned = list;
        countersigned.countersignature[5] ^= std::byte{1};
        QVERIFY(faultOf(countersigned) == Fault::BadSignature);
    }

    void nobodySpeaksForSomebodyElse() {
        test::RecordMaker eve(m_authority, "evelyn");
        // Anna's name under Eve's user key, with Eve's or with Anna's credential.
        auto record = eve.record();
        record.name = m_anna.name;
        QVERIFY(faultOf(eve.sign(record)) == Fault::CertificateInvalid);
        QVERIFY(faultOf(directory::sign(m_suite, eve.network(), record, *eve.userKey, m_anna.devices[0]->chain)) ==
                Fault::CertificateInvalid);
        // Anna's record signed by Eve.
        QVERIFY(faultOf(directory::sign(m_suite, eve.network(), m_anna.record(), *eve.userKey,
                                        m_anna.devices[0]->chain)) == Fault::BadSignature);
        // A location of Anna's by Eve's device.
        auto location = m_anna.location();
        location.device = eve.device();
        QVERIFY(faultOf(eve.sign(location)) == Fault::CertificateInvalid);
        // An access certificate is no credential, a person no login server.
        const auto access = m_authority.access();
        location = m_anna.location();
        location.device = DeviceId{access->key->publicKey()};
        QVERIFY(faultOf(directory::sign(m_suite, eve.network(), location, *access->key, access->chain)) ==
                Fault::CertificateInvalid);
        auto list = m_anna.list();
        m_anna.server.swap(m_anna.devices[0]);
        const auto ghost = m_anna.sign(list);
        m_anna.server.swap(m_anna.devices[0]);
        QVERIFY(faultOf(ghost) == Fault::CertificateInvalid);
    }

    void anotherNetworksRecordsDontCount() {
        test::Authority other(99);
        test::RecordMaker anna(other, "anna");
        QVERIFY(faultOf(anna.sign(anna.record())).has_value());
        // Even with a credential of this network: the signature names the network.
        QVERIFY(faultOf(directory::sign(m_suite, other.issuer.network(), m_anna.record(), *m_anna.userKey,
                                        m_anna.devices[0]->chain)) == Fault::BadSignature);
    }

    void datesCount() {
        const auto user = m_anna.sign(m_anna.record());
        QVERIFY(faultOf(user, m_now + crypto::Days(39)) == std::nullopt);
        QVERIFY(faultOf(user, m_now + crypto::Days(41)) == Fault::CredentialExpired);
        const auto location = m_anna.sign(m_anna.location());
        QVERIFY(faultOf(location, m_now + 71h) == std::nullopt);
        QVERIFY(faultOf(location, m_now + 72h) == Fault::CredentialExpired);
        QVERIFY(faultOf(m_anna.sign(m_anna.list()), m_now + crypto::Days(41)) == Fault::CertificateDates);
        auto eternal = m_anna.record();
        eternal.expires = m_now + crypto::Days(400);
        QVERIFY(faultOf(m_anna.sign(eternal)) == Fault::ClockOff);
        auto late = m_anna.location();
        late.expires = m_now + 120h;
        QVERIFY(faultOf(m_anna.sign(late)) == Fault::ClockOff);
    }

    void displayNamesAreBounded() {
        auto record = m_anna.record();
        record.displayName.clear();
        for (std::size_t i = 0; i < kMaxDisplayName; ++i) record.displayName += "\xc5\xbc";
        QVERIFY(faultOf(m_anna.sign(record)) == std::nullopt);
        record.displayName += "x";
        QVERIFY(faultOf(m_anna.sign(record)) == Fault::Malformed);
        record.displayName = "two\nlines";
        QVERIFY(faultOf(m_anna.sign(record)) == Fault::Malformed);
    }

    void aWholePersonFitsACommand() {
        test::RecordMaker many(m_authority, std::string(32, 'm'), kMaxDevices);
        std::size_t size = 0;
        auto record = many.record();
        record.displayName = std::string(4 * kMaxDisplayName / 4, 'd');
        size += wire::encodeObjects(many.sign(record)).size() + wire::encodeObjects(many.sign(many.list())).size();
        for (std::size_t i = 0; i < kMaxDevices; ++i)
            size += wire::encodeObjects(many.sign(many.location(i), i)).size();
        QVERIFY(size < wire::kMaxCommandBody * 9 / 10);
    }
};

KITH_TEST(RecordsTest);

#include "records_test.moc"
