// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/net/networkthread.h"

#include <atomic>
#include <mutex>
#include <QSemaphore>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <thread>

#include "tests/support/testmain.h"

using namespace kith;
using namespace std::chrono_literals;

namespace {

constexpr IpAddress kLoopback{{std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0},
                               std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0xff}, std::byte{0xff},
                               std::byte{127}, std::byte{0}, std::byte{0}, std::byte{1}}};

/// What both threads of a test look at.
struct Log {
    void add(const std::string& line) {
        const std::lock_guard lock(mutex);
        lines.push_back(line);
        happened.release();
    }
    std::vector<std::string> wait(int count) {
        if (!happened.tryAcquire(count, 10'000)) return {};
        const std::lock_guard lock(mutex);
        return lines;
    }
    std::mutex mutex;
    std::vector<std::string> lines;
    QSemaphore happened;
};

/// Sends everything back to where it came from, and notes what happens to it.
class Echo : public link::CarrierUser {
public:
    explicit Echo(Log& log, bool answers) : m_log(log), m_answers(answers) {}

    void receiveDatagram(Now, const Endpoint& remote, ByteView datagram) override {
        m_log.add("datagram " + std::to_string(datagram.size()));
        if (m_answers) out.datagrams.add(remote, datagram);
    }
    void receive(Now, const link::TcpConnected&) override { m_log.add("connected"); }
    void receive(Now, const link::TcpAccepted& e) override { m_log.add("accepted " + std::to_string(e.connection)); }
    void receive(Now, const link::TcpClosed& e) override { m_log.add("closed " + std::string(name(e.reason))); }
    void receiveTcp(Now, link::TcpNumber connection, ByteView bytes) override {
        m_log.add("tcp " + std::string(asText(bytes)));
        if (m_answers) out.writes.push_back({connection, toBytes(bytes)});
    }
    void tcpBacklog(Now, link::TcpNumber, std::size_t bytes) override { backlog = bytes; }
    void wake(Now) override {
        wakeAt = kNever;
        m_log.add("woke");
    }
    [[nodiscard]] Instant nextWake() const override { return wakeAt; }
    void take(Now, link::CarrierOutput& to) override { std::swap(to, out); }

    link::CarrierOutput out;
    Instant wakeAt = kNever;
    std::atomic<std::size_t> backlog = 0;

private:
    Log& m_log;
    bool m_answers;
};

struct Side {
    explicit Side(bool answers) {
        options.address = kLoopback;
        options.sameTcpPort = answers;
        started = thread.start(options, [this, answers] {
            auto made = std::make_unique<Echo>(log, answers);
            machine = made.get();
            return made;
        });
    }
    [[nodiscard]] Endpoint endpoint() const { return {kLoopback, thread.udpPort()}; }

    Log log;
    Echo* machine = nullptr;
    net::NetworkThread::Options options;
    net::NetworkThread thread;
    Result<void> started;
};

}  // namespace

class NetworkThreadTest : public QObject {
    Q_OBJECT

private slots:
    void datagramsGoThereAndBack() {
        Side server(true);
        Side client(false);
        QVERIFY(server.started && client.started);
        client.thread.post([&](Now) { client.machine->out.datagrams.add(server.endpoint(), Bytes(7)); });
        QCOMPARE(client.log.wait(1), std::vector<std::string>{"datagram 7"});
    }

    // Runs of one size go as one segmented send; they arrive as the datagrams they were.
    void batchesKeepTheBordersOfDatagrams() {
        Side server(true);
        Side client(false);
        QVERIFY(server.started && client.started);
        const std::vector<std::size_t> sizes = {500, 500, 500, 120, 500, 1, 1, 900, 900, 900, 900, 20};
        client.thread.post([&](Now) {
            for (const std::size_t size : sizes) client.machine->out.datagrams.add(server.endpoint(), Bytes(size));
        });
        std::vector<std::string> expected;
        for (const std::size_t size : sizes) expected.push_back("datagram " + std::to_string(size));
        QCOMPARE(client.log.wait(static_cast<int>(sizes.size())), expected);
    }

    void whatCanNotBeSentDoesNotHoldUpTheRest() {
        Side server(true);
        Side client(false);
        QVERIFY(server.started && client.started);
        client.thread.post([&](Now) {
            auto& out = client.machine->out.datagrams;
            out.add(*Endpoint::parse("240.0.0.1:9"), Bytes(10));
            out.add({kLoopback, 0}, Bytes(11));
            out.add(server.endpoint(), Bytes(12));
        });
        QCOMPARE(client.log.wait(1), std::vector<std::string>{"datagram 12"});
    }

    // Also where one call of the system sends many: it stops at the one that fails.
    void whatCanNotBeSentInTheMiddleDoesNotEither() {
        Side server(true);
        Side client(false);
        QVERIFY(server.started && client.started);
        client.thread.post([&](Now) {
            auto& out = client.machine->out.datagrams;
            out.add(server.endpoint(), Bytes(10));
            for (int i = 0; i < 3; ++i) out.add({kLoopback, 0}, Bytes(11));
            for (int i = 0; i < 3; ++i) out.add(server.endpoint(), Bytes(12));
            out.add({kLoopback, 0}, Bytes(13));
            out.add(server.endpoint(), Bytes(14));
        });
        QCOMPARE(client.log.wait(5),
                 (std::vector<std::string>{"datagram 10", "datagram 12", "datagram 12", "datagram 12", "datagram 14"}));
    }

    void aLargeBatchArrives() {
        Side server(false);
        Side client(false);
        QVERIFY(server.started && client.started);
        client.thread.post([&](Now) {
            for (std::size_t i = 0; i < 400; ++i)
                client.machine->out.datagrams.add(server.endpoint(), Bytes(1 + i / 7));
        });
        const auto lines = server.log.wait(400);
        QCOMPARE(lines.size(), std::size_t{400});
        for (std::size_t i = 0; i < lines.size(); ++i) QCOMPARE(lines[i], "datagram " + std::to_string(1 + i / 7));
    }

    // A peer that doesn't read: what the kernel doesn't take is told, and told to be gone when it reads again.
    void whatATcpConnectionHasNotTakenIsTold() {
        QTcpServer slow;
        QVERIFY(slow.listen(QHostAddress::LocalHost));
        Side client(false);
        QVERIFY(client.started);
        client.thread.post([&](Now) { client.machine->out.connects.push_back({2, {kLoopback, slow.serverPort()}}); });
        QCOMPARE(client.log.wait(1).back(), std::string("connected"));
        QVERIFY(slow.waitForNewConnection(10'000));
        const std::unique_ptr<QTcpSocket> reader(slow.nextPendingConnection());
        reader->setReadBufferSize(1024);
        client.thread.post([&](Now) { client.machine->out.writes.push_back({2, Bytes(16 * 1024 * 1024)}); });
        QVERIFY(QTest::qWaitFor([&] { return client.machine->backlog > 1024 * 1024; }, 10'000));
        reader->setReadBufferSize(0);
        QVERIFY(QTest::qWaitFor(
            [&] {
                reader->readAll();
                return client.machine->backlog == 0;
            },
            20'000));
    }

    void tcpGoesThereAndBack() {
        Side server(true);
        Side client(false);
        QVERIFY(server.started && client.started);
        client.thread.post([&](Now) { client.machine->out.connects.push_back({2, server.endpoint()}); });
        QCOMPARE(client.log.wait(1).back(), std::string("connected"));
        QCOMPARE(server.log.wait(1).back(), std::string("accepted 1"));
        client.thread.post([&](Now) { client.machine->out.writes.push_back({2, toBytes("hello")}); });
        QCOMPARE(client.log.wait(1).back(), std::string("tcp hello"));
        client.thread.post([&](Now) { client.machine->out.closes.push_back({2, true}); });
        QCOMPARE(server.log.wait(2).back(), std::string("closed ConnectionLost"));
    }

    void nobodyListens() {
        Side client(false);
        QVERIFY(client.started);
        client.thread.post([&](Now) { client.machine->out.connects.push_back({2, {kLoopback, 1}}); });
        QCOMPARE(client.log.wait(1), std::vector<std::string>{"closed Refused"});
    }

    void aPortInUseIsSaid() {
        Side first(true);
        QVERIFY(first.started);
        net::NetworkThread::Options options;
        options.address = kLoopback;
        options.udpPort = first.thread.udpPort();
        Log log;
        net::NetworkThread second;
        QCOMPARE(second.start(options, [&] { return std::make_unique<Echo>(log, false); }).error().fault, Fault::InUse);
    }

    void itWakesWhenItWasAskedTo() {
        Side side(false);
        QVERIFY(side.started);
        side.thread.post([&](Now now) { side.machine->wakeAt = now.at + 5ms; });
        QCOMPARE(side.log.wait(1), std::vector<std::string>{"woke"});
    }

    void othersMayPostWhileItStops() {
        for (int i = 0; i < 20; ++i) {
            Side side(false);
            QVERIFY(side.started);
            std::atomic<bool> isOver = false;
            std::atomic<int> ran = 0;
            std::thread other([&] {
                while (!isOver) side.thread.post([&](Now) { ++ran; });
            });
            QVERIFY(QTest::qWaitFor([&] { return ran > 10; }, 10'000));
            side.thread.stop();
            isOver = true;
            other.join();
        }
    }

    void startsAndStopsAHundredTimes() {
        for (int i = 0; i < 100; ++i) {
            Side side(true);
            QVERIFY(side.started);
            std::atomic<bool> ran = false;
            side.thread.post([&](Now) { ran = true; });
            side.thread.stop();
            QVERIFY(ran);
        }
    }
};

KITH_TEST(NetworkThreadTest);
#include "networkthread_test.moc"
