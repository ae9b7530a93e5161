// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/net/networkthread.h"

#include <algorithm>
#include <cassert>
#include <QThread>
#include <QTimer>

#include "protocol/net/clock.h"
#include "protocol/net/tcpconnections.h"
#include "protocol/net/udpsocket.h"
#include "protocol/threads/inbox.h"

namespace kith::net {

namespace {

/// Of one turn of the event loop; then others get theirs.
constexpr int kMostRounds = 100;
constexpr int kMostPorts = 20;

}  // namespace

/// What lives on the thread: sockets, timer, machine.
class NetworkThread::Loop : public threads::Inbox {
public:
    Result<void> open(const Options& options) {
        m_ended = options.ended;
        m_tcp = std::make_unique<TcpConnections>(TcpConnections::Events{
            [this](const link::TcpConnected& e) { m_machine->receive(now(), e); },
            [this](const link::TcpAccepted& e) { m_machine->receive(now(), e); },
            [this](const link::TcpClosed& e) { m_machine->receive(now(), e); },
            [this](link::TcpNumber n, ByteView bytes) { m_machine->receiveTcp(now(), n, bytes); },
            [this](link::TcpNumber n, std::size_t bytes) { m_machine->tcpBacklog(now(), n, bytes); },
            [this] { settle(); }});
        auto bound = bind(options);
        // Any port that UDP got may be somebody else's on TCP.
        for (int more = kMostPorts; !bound && options.udpPort == 0 && bound.error().fault == Fault::InUse && more > 0;
             --more)
            bound = bind(options);
        if (!bound) return bound;
        for (const std::uint16_t port : options.tcpPorts)
            if (auto listens = m_tcp->listen(options.address, port); !listens) return listens;
        return {};
    }

    void run(const Make& make) {
        m_timer = std::make_unique<QTimer>();
        m_timer->setSingleShot(true);
        m_timer->setTimerType(Qt::PreciseTimer);
        connect(m_timer.get(), &QTimer::timeout, this, [this] { settle(); });
        m_machine = make();
        settle();
    }

    void close() {
        m_timer.reset();
        m_machine.reset();
        m_tcp.reset();
        m_udp.reset();
        if (m_ended) m_ended();
    }

    void call(const std::function<void(Now)>& what) {
        if (!m_machine) return;
        what(now());
        settle();
    }

    [[nodiscard]] std::uint16_t udpPort() const { return m_udp ? m_udp->port() : 0; }

private:
    static Now now() { return readClocks(); }

    /// The one port that both use, or UDP's alone.
    Result<void> bind(const Options& options) {
        m_udp = std::make_unique<UdpSocket>(
            [this](const Endpoint& remote, ByteView bytes) { m_machine->receiveDatagram(now(), remote, bytes); },
            [this] { settle(); });
        if (auto bound = m_udp->bind(options.address, options.udpPort); !bound) return bound;
        return options.sameTcpPort ? m_tcp->listen(options.address, m_udp->port()) : Result<void>();
    }

    /// Lets the machine act on its time, carries out what it wants, and sets the timer.
    void settle() {
        assert(QThread::currentThread() == thread());
        if (!m_machine) return;
        m_isUnsettled = true;
        if (m_isSettling) return;
        m_isSettling = true;
        // What is carried out may have news in return: a socket that took it, or is gone.
        for (int round = 0; m_isUnsettled && round < kMostRounds; ++round) {
            m_isUnsettled = false;
            const Now at = now();
            if (m_machine->nextWake() <= at.at) m_machine->wake(at);
            m_machine->take(at, m_out);
            m_udp->send(m_out.datagrams);
            m_tcp->carryOut(m_out);
            m_out.clear();
        }
        m_isSettling = false;
        setTimer();
    }

    void setTimer() {
        const Instant wake = m_machine->nextWake();
        if (wake == kNever && !m_isUnsettled) {
            m_timer->stop();
            return;
        }
        const auto left = m_isUnsettled ? std::chrono::milliseconds(0)
                                        : std::chrono::ceil<std::chrono::milliseconds>(wake - now().at);
        m_timer->start(
            std::clamp<std::chrono::milliseconds>(left, std::chrono::milliseconds(0), std::chrono::hours(1)));
    }

    std::function<void()> m_ended;
    std::unique_ptr<UdpSocket> m_udp;
    std::unique_ptr<TcpConnections> m_tcp;
    std::unique_ptr<QTimer> m_timer;
    std::unique_ptr<link::CarrierUser> m_machine;
    link::CarrierOutput m_out;
    bool m_isSettling = false;
    bool m_isUnsettled = false;  ///< something happened since the machine was asked last
};

class NetworkThread::Thread : public QThread {};

NetworkThread::NetworkThread() = default;

NetworkThread::~NetworkThread() {
    stop();
}

Result<void> NetworkThread::start(Options options, Make make) {
    assert(!m_thread);
    m_thread = std::make_unique<Thread>();
    m_thread->setObjectName(QStringLiteral("network"));
    auto loop = std::make_unique<Loop>();
    loop->moveToThread(m_thread.get());
    {
        const std::lock_guard lock(m_hand);
        m_loop = std::move(loop);
    }
    m_thread->start();
    Result<void> outcome;
    m_loop->runNow([&] {
        outcome = m_loop->open(options);
        if (outcome)
            m_loop->run(make);
        else
            m_loop->close();
    });
    if (!outcome) stop();
    return outcome;
}

std::uint16_t NetworkThread::udpPort() const {
    return m_loop ? m_loop->udpPort() : 0;
}

void NetworkThread::post(std::function<void(Now)> call) {
    const std::lock_guard lock(m_hand);
    if (!m_loop) return;
    m_loop->post([loop = m_loop.get(), call = std::move(call)] { loop->call(call); });
}

void NetworkThread::stop() {
    if (!m_thread) return;
    m_loop->runNow([this] { m_loop->close(); });
    m_thread->quit();
    m_thread->wait();
    const std::lock_guard lock(m_hand);
    m_loop.reset();
    m_thread.reset();
}

}  // namespace kith::net
