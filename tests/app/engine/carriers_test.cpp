// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/carriers.h"

#include <QTest>
#include <set>

#include "protocol/crypto/modernsuite.h"
#include "protocol/wire/obfuscation.h"
#include "tests/support/nulllog.h"
#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace std::chrono_literals;

namespace {

/// Carriers, and what the sockets were told so far.
struct Sockets {
    crypto::ModernSuite suite{};
    wire::SeedObfuscation obfuscation{};
    test::SeededRandom random{1};
    test::NullLog log{};
    engine::Carriers carriers{};
    std::vector<link::TcpConnect> connects{};
    std::set<link::TcpNumber> writes{};
    std::set<link::TcpNumber> closes{};
    std::vector<session::Event> events{};
    const Endpoint server = Endpoint::parse("192.0.2.1:33033").value();

    void another() {
        carriers.use(std::make_unique<session::Transport>(
            session::Transport::Options{}, session::Transport::Environment{suite, obfuscation, random, log}));
    }
    void settle() {
        link::CarrierOutput out;
        events.clear();
        carriers.take(out, events);
        connects.insert(connects.end(), out.connects.begin(), out.connects.end());
        for (const auto& write : out.writes) writes.insert(write.connection);
        for (const auto& close : out.closes) closes.insert(close.connection);
    }
    link::TcpNumber open() {
        carriers.transport()->openTcp({}, server);
        settle();
        return connects.back().connection;
    }
};

}  // namespace

class CarriersTest : public QObject {
    Q_OBJECT

private slots:
    void noNumberIsUsedTwice() {
        Sockets sockets;
        std::set<link::TcpNumber> numbers;
        for (int i = 0; i < 3; ++i) {
            sockets.another();
            QVERIFY(numbers.insert(sockets.open()).second);
            QVERIFY(numbers.insert(sockets.open()).second);
        }
        for (const auto number : numbers) QVERIFY(number % 2 == 0);
    }

    void whatIsLeftOverIsClosed() {
        Sockets sockets;
        sockets.another();
        const auto left = sockets.open();
        const auto closed = sockets.open();
        sockets.carriers.receive({}, link::TcpClosed{closed, Fault::Refused});
        sockets.another();
        sockets.settle();
        QVERIFY(sockets.closes == std::set{left});
    }

    void whatComesLateIsNotTheNextOnes() {
        Sockets sockets;
        sockets.another();
        const auto old = sockets.open();
        sockets.another();
        const auto fresh = sockets.open();
        sockets.carriers.receive({}, link::TcpConnected{old, sockets.server});
        sockets.carriers.receiveTcp({}, old, Bytes(14));
        sockets.settle();
        QVERIFY(sockets.writes.empty());
        sockets.carriers.receive({}, link::TcpClosed{old, Fault::Refused});
        sockets.settle();
        QVERIFY(sockets.events.empty());
        sockets.carriers.receive({}, link::TcpConnected{fresh, sockets.server});
        sockets.settle();
        QVERIFY(sockets.writes == std::set{fresh});
        sockets.carriers.receive({}, link::TcpClosed{fresh, Fault::Refused});
        sockets.settle();
        QVERIFY(std::holds_alternative<session::TcpFailed>(sockets.events.at(0)));
    }
};

KITH_TEST(CarriersTest);
#include "carriers_test.moc"
