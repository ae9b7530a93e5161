// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/mediakeys.h"

#include <QTest>
#include <set>

#include "tests/support/testmain.h"
#include "tests/support/vectorfile.h"

using namespace kith;
using namespace kith::engine;

namespace {

MediaBinding binding() {
    MediaBinding out;
    out.callerHalf.fill(std::byte{0x11});
    out.calleeHalf.fill(std::byte{0x22});
    out.caller.bytes.fill(std::byte{0x33});
    out.callee.bytes.fill(std::byte{0x44});
    out.epoch = 1;
    return out;
}

ByteArray<32> secret() {
    ByteArray<32> out;
    out.fill(std::byte{0x55});
    return out;
}

std::string text(const srtp::MasterKey& key) {
    return toHex(key.key) + toHex(key.salt);
}

}  // namespace

class MediaKeysTest : public QObject {
    Q_OBJECT

private slots:
    void theVector() {
        const test::VectorFile vectors(QStringLiteral(KITH_VECTORS "/media.txt"));
        const auto keys = deriveMediaKeys(secret(), binding());
        QCOMPARE(text(keys.fromCaller), toHex(vectors["media-from-caller"]));
        QCOMPARE(text(keys.fromCallee), toHex(vectors["media-from-callee"]));
    }

    void whateverDiffersMakesOtherKeys() {
        std::set<std::string> seen;
        const auto add = [&](const ByteArray<32>& from, const MediaBinding& with) {
            const auto keys = deriveMediaKeys(from, with);
            QVERIFY(seen.insert(text(keys.fromCaller)).second);
            QVERIFY(seen.insert(text(keys.fromCallee)).second);
        };
        add(secret(), binding());
        add({}, binding());
        for (int i = 0; i < 5; ++i) {
            auto other = binding();
            if (i == 0) other.callerHalf[7] ^= std::byte{1};
            if (i == 1) other.calleeHalf[0] ^= std::byte{1};
            if (i == 2) other.caller.bytes[31] ^= std::byte{1};
            if (i == 3) other.callee.bytes[0] ^= std::byte{1};
            if (i == 4) ++other.epoch;
            add(secret(), other);
        }
        // Halves can't be shifted against each other.
        auto swapped = binding();
        std::swap(swapped.callerHalf, swapped.calleeHalf);
        add(secret(), swapped);
        swapped = binding();
        std::swap(swapped.caller, swapped.callee);
        add(secret(), swapped);
    }
};

KITH_TEST(MediaKeysTest);
#include "mediakeys_test.moc"
