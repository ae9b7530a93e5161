// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/protocol/wire/samples.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::wire;
using namespace kith::wire::test;

namespace {

template <class M>
Fault faultOf(const char* hex) {
    const auto decoded = decodeObjects<M>(*fromHex(hex));
    if (decoded) qFatal("%s decodes", hex);
    return decoded.error().fault;
}

}  // namespace

class MessageTest : public QObject {
    Q_OBJECT

private slots:
    void encodedByHand() {
        const Hit hit{*UserName::parse("bob"), "hi", {1, 128}};
        QCOMPARE(toHex(encodeObjects(hit)), std::string("41030300626f62000301686900060202018001"));
        const Hit bare{*UserName::parse("bob"), std::nullopt, {}};
        QCOMPARE(toHex(encodeObjects(bare)), std::string("41010300626f6200"));
        QCOMPARE(toHex(encodeObjects(Colours{Colour::Blue, Shade::Dark, {Colour::Green, Colour::Red}})),
                 std::string("41030000020001020602020100"));
        QCOMPARE(toHex(encodeObjects(Nothing{})), std::string("4100"));
        QCOMPARE(toHex(encodeObjects(Nest{{Nest{}, Nest{}}})), std::string("41020500410005004100"));
    }

    void decodeOfEncodeIsTheSame() {
        QVERIFY(rc::check("everything", [] {
            const Everything message = *everythings();
            const auto decoded = decodeObjects<Everything>(encodeObjects(message));
            RC_ASSERT(decoded.has_value());
            RC_ASSERT(*decoded == message);
        }));
    }

    void cutAnywhereIsTruncated() {
        QVERIFY(rc::check("cut", [] {
            const Bytes whole = encodeObjects(*everythings());
            for (std::size_t size = 0; size < whole.size(); ++size) {
                const auto decoded = decodeObjects<Everything>(ByteView(whole).first(size));
                RC_ASSERT(!decoded.has_value());
                RC_ASSERT(decoded.error().fault == Fault::Truncated);
            }
        }));
    }

    void anyBytesDecodeOrFail() {
        QVERIFY(rc::check("any bytes", [](const Bytes& bytes) {
            const auto decoded = decodeObjects<Everything>(bytes);
            RC_ASSERT(!decoded.has_value());
        }));
        // A damaged message may still be one; then it means what it says.
        QVERIFY(rc::check("one byte changed", [] {
            Bytes bytes = encodeObjects(*everythings());
            const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
            bytes[at] = *rc::gen::arbitrary<std::byte>();
            const auto decoded = decodeObjects<Everything>(bytes);
            if (!decoded) return;
            RC_ASSERT(decodeObjects<Everything>(encodeObjects(*decoded)).value() == *decoded);
        }));
    }

    void orderDoesNotMatterAndUnknownIdsArePassedOver() {
        const Bytes list = *fromHex(
            "4105"
            "050941010000ff01"
            "060202018001"
            "04630101"
            "0301686900"
            "0300626f6200");
        QCOMPARE(decodeObjects<Hit>(list).value(), (Hit{*UserName::parse("bob"), "hi", {1, 128}}));
    }

    void whatIsUnknownHasToBeWholeToo() {
        // Behind a name that fits: an unknown blob that is longer than what is left.
        QCOMPARE(faultOf<Hit>("41020300626f620004637f01"), Fault::Truncated);
        QCOMPARE(faultOf<Hit>("41020300626f62000363ff00"), Fault::Malformed);
    }

    void requiredFieldsAreRequired() {
        const auto decoded = decodeObjects<Hit>(*fromHex("4100"));
        QCOMPARE(decoded.error().fault, Fault::MissingField);
        QCOMPARE(decoded.error().detail, std::string_view("name"));
        QVERIFY(decodeObjects<Nothing>(*fromHex("4100")));
    }

    void anObjectOfAFieldComesOnce() {
        QCOMPARE(faultOf<Hit>("41020300626f62000300626f6200"), Fault::Malformed);
        QCOMPARE(faultOf<Hit>("41030300626f62000301610003016100"), Fault::Malformed);
        QCOMPARE(faultOf<Hit>("41030300626f62000602010106020101"), Fault::Malformed);
    }

    void typesHaveToFit() {
        QCOMPARE(faultOf<Hit>("41010400626f6200"), Fault::WrongType);
        QCOMPARE(faultOf<Hit>("41020300626f6200000201"), Fault::WrongType);
        QCOMPARE(faultOf<Nest>("4101000001"), Fault::WrongType);
    }

    void limitsOfFields() {
        Hit hit{*UserName::parse("bob"), std::string(16, 'x'), {1, 2, 3, 4, 5, 6, 7, 8}};
        QVERIFY(decodeObjects<Hit>(encodeObjects(hit)));
        hit.mood->push_back('x');
        QCOMPARE(decodeObjects<Hit>(encodeObjects(hit)).error().fault, Fault::TooLarge);
        hit.mood.reset();
        hit.numbers.push_back(9);
        QCOMPARE(decodeObjects<Hit>(encodeObjects(hit)).error().fault, Fault::TooLarge);

        Everything all;
        all.name = hit.name;
        all.hit.name = hit.name;
        all.texts = std::vector<std::string>(8, std::string(16, 'x'));
        all.blobs = std::vector<Bytes>(8, Bytes(16));
        QVERIFY(decodeObjects<Everything>(encodeObjects(all)));
        all.texts.front().push_back('x');
        QCOMPARE(decodeObjects<Everything>(encodeObjects(all)).error().fault, Fault::TooLarge);
        all.texts.clear();
        all.blobs.emplace_back();
        QCOMPARE(decodeObjects<Everything>(encodeObjects(all)).error().fault, Fault::TooLarge);
    }

    void numbersHaveToFitTheirType() {
        QVERIFY(decodeObjects<Colours>(*fromHex("4102000002000102")));
        QCOMPARE(faultOf<Colours>("4102000003000102"), Fault::Malformed);
        QCOMPARE(faultOf<Colours>("4102000002000103"), Fault::Malformed);
        QCOMPARE(faultOf<Colours>("4102000002000100"), Fault::Malformed);  // Shade starts at 1
        QCOMPARE(faultOf<Colours>("41030000020001020602020103"), Fault::Malformed);
        QCOMPARE(faultOf<Hit>("41020300626f62000602018080808010"), Fault::Malformed);  // 2^32 into 32 bits
    }

    void timesBeforeTheYear10000() {
        struct When {
            UnixTime time;
            static constexpr auto fields() { return std::tuple{field<&When::time>(0, "time")}; }
        };
        When when{UnixTime(std::chrono::seconds(kLastSecond))};
        QCOMPARE(decodeObjects<When>(encodeObjects(when))->time, when.time);
        when.time += std::chrono::seconds(1);
        QCOMPARE(decodeObjects<When>(encodeObjects(when))->time, UnixTime(std::chrono::seconds(kLastSecond)));
        when.time = UnixTime(std::chrono::seconds(-1));
        QCOMPARE(decodeObjects<When>(encodeObjects(when))->time, UnixTime{});
        QCOMPARE(faultOf<When>("41010000ffffffffffffffffff01"), Fault::Malformed);
    }

    void namesAreFolded() { QCOMPARE(faultOf<Hit>("41010300426f6200"), Fault::Malformed); }

    void depthIsBounded() {
        Nest nest;
        for (std::size_t i = 1; i < kMaxDepth; ++i) nest = Nest{{nest}};
        QCOMPARE(decodeObjects<Nest>(encodeObjects(nest)).value(), nest);
        nest = Nest{{nest}};
        QCOMPARE(decodeObjects<Nest>(encodeObjects(nest)).error().fault, Fault::TooDeep);
    }
};

KITH_TEST(MessageTest);
#include "message_test.moc"
