// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/mediakeys.h"

#include <QTest>
#include <set>

#include "tests/support/testmain.h"

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
    /// Of SPEC.md; made once with another implementation of HKDF (Python's hmac).
    void theVector() {
        const auto keys = deriveMediaKeys(secret(), binding());
        QCOMPARE(
            text(keys.fromCaller),
            std::string("0ec60cb1a3d1005d609f07b52c1d1b35c75665ae0a173b1eebe480025a914a04141291caa913c93b48b53452"));
        QCOMPARE(
            text(keys.fromCallee),
            std::string("5b1157f4d257718e964ab4554e3cdf22c0d51e3f3eae68edf5bcaab8bdacd77a74eff8a3cdea7686f4a3227f"));
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
