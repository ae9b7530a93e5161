// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/host/clienthost.h"

#include <future>
#include <QHostInfo>

#include "app/engine/engine.h"
#include "app/host/passwordthread.h"
#include "app/host/profilefile.h"
#include "protocol/crypto/modernsuite.h"
#include "protocol/crypto/systemrandom.h"
#include "protocol/net/clock.h"
#include "protocol/store/clientstore.h"
#include "protocol/wire/obfuscation.h"

namespace kith::app {

namespace {

std::vector<IpAddress> addressesOf(const QHostInfo& info) {
    std::vector<IpAddress> out;
    const auto addresses = info.addresses();
    for (const QHostAddress& address : addresses)
        if (const auto parsed = IpAddress::parse(address.toString().toStdString())) out.push_back(*parsed);
    return out;
}

}  // namespace

/// The engine and its rims, as the network thread drives them.
class ClientHost::Machine final : public link::CarrierUser {
public:
    Machine(const Options& options, ProfileFile profile, net::NetworkThread& thread, threads::Inbox& inbox)
        : m_options(options),
          m_inbox(inbox),
          m_profile(std::move(profile)),
          m_thread(thread),
          m_store(options.data, [this] { post([this](Now now) { storeAnswered(now); }); }),
          m_passwords([this](engine::PasswordDerived derived) {
              auto shared = std::make_shared<engine::PasswordDerived>(std::move(derived));
              post([this, shared](Now now) { m_engine.answer(now, std::move(*shared)); });
          }),
          m_sound(options.makeSound([this] { post([this](Now now) { m_engine.soundReady(now); }); })),
          m_engine({m_suite, m_obfuscation, m_random, options.log, *m_sound, options.calls}) {
        if (m_profile.current)
            m_engine.resume(net::readClocks(), client::OpenStore{m_profile.current->network, m_profile.current->user});
    }

    void execute(Now now, engine::RequestNumber number, const engine::Request& request) {
        m_engine.execute(now, number, request);
    }

    /// `left` is called, once, when farewells have been said.
    void leave(Now now, std::function<void()> left) {
        m_left = std::move(left);
        m_engine.leave(now);
    }
    void rememberPort(std::uint16_t port) {
        m_profile.port = port;
        writeProfile();
    }

    void receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) override {
        m_engine.receiveDatagram(now, remote, datagram);
    }
    void receive(Now now, const link::TcpConnected& event) override { m_engine.receive(now, event); }
    void receive(Now now, const link::TcpAccepted& event) override { m_engine.receive(now, event); }
    void receive(Now now, const link::TcpClosed& event) override { m_engine.receive(now, event); }
    void receiveTcp(Now now, link::TcpNumber connection, ByteView bytes) override {
        m_engine.receiveTcp(now, connection, bytes);
    }
    void tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes) override {
        m_engine.tcpBacklog(now, connection, bytes);
    }
    void wake(Now now) override { m_engine.wake(now); }
    [[nodiscard]] Instant nextWake() const override { return m_engine.nextWake(); }

    void take(Now now, link::CarrierOutput& out) override {
        m_engine.take(now, out);
        m_events.clear();
        engine::Orders orders;
        m_engine.take(m_events, orders);
        for (auto& order : orders.store) carryOut(std::move(order));
        for (auto& order : orders.passwords) m_passwords.order(std::move(order));
        for (const std::string& host : orders.resolve) lookUp(host);
        for (auto& event : m_events) tell(std::move(event));
        if (m_left && m_engine.hasLeft()) std::exchange(m_left, nullptr)();
    }

private:
    void post(std::function<void(Now)> call) { m_thread.post(std::move(call)); }

    void storeAnswered(Now now) {
        std::vector<client::StoreAnswer> answers;
        m_store.take(answers);
        for (auto& answer : answers) m_engine.answer(now, std::move(answer));
    }

    void carryOut(client::StoreOrder order) {
        if (const auto* open = std::get_if<client::OpenStore>(&order))
            m_opened = ProfileFile::Current{open->network, open->user};
        if (std::holds_alternative<client::CloseStore>(order)) m_opened.reset();
        m_store.order(std::move(order));
    }

    void lookUp(const std::string& host) {
        QHostInfo::lookupHost(QString::fromStdString(host), &m_context, [this, host](const QHostInfo& info) {
            post([this, host, addresses = addressesOf(info)](Now now) { m_engine.resolved(now, host, addresses); });
        });
    }

    void tell(engine::Event event) {
        if (const auto* changed = std::get_if<engine::AccountChanged>(&event))
            remember(!changed->account.user.isEmpty() ? m_opened : std::nullopt);
        happened(std::move(event));
    }

    void happened(engine::Event event) {
        m_inbox.post([&options = m_options, event = std::move(event)] { options.happened(event); });
    }

    /// Who is signed in, for the next start.
    void remember(const std::optional<ProfileFile::Current>& current) {
        if (m_profile.current == current) return;
        m_profile.current = current;
        writeProfile();
    }

    void writeProfile() {
        if (const auto written = m_profile.write(m_options.data); !written)
            happened(engine::Trouble{engine::failureOf(written.error().fault)});
    }

    const Options& m_options;
    threads::Inbox& m_inbox;
    ProfileFile m_profile;
    net::NetworkThread& m_thread;
    QObject m_context;  ///< of name lookups
    crypto::ModernSuite m_suite;
    crypto::SystemRandom m_random;
    wire::SeedObfuscation m_obfuscation;
    std::optional<ProfileFile::Current> m_opened;
    std::function<void()> m_left;
    std::vector<engine::Event> m_events;
    store::ClientStore m_store;
    PasswordThread m_passwords;
    std::unique_ptr<audio::SoundSystem> m_sound;
    engine::Engine m_engine;
};

ClientHost::ClientHost(Options options) : m_options(std::move(options)) {}

ClientHost::~ClientHost() {
    stop();
}

Result<void> ClientHost::start() {
    auto profile = ProfileFile::read(m_options.data);
    if (!profile) return tl::make_unexpected(profile.error());
    net::NetworkThread::Options options;
    options.udpPort = profile->port;
    options.ended = crypto::forgetThread;
    const auto make = [&] {
        auto machine = std::make_unique<Machine>(m_options, *profile, m_network, m_inbox);
        m_machine = machine.get();
        return machine;
    };
    auto started = m_network.start(options, make);
    if (!started && profile->port != 0 && started.error().fault == Fault::InUse) {
        // The port of the first start is somebody else's now.
        options.udpPort = 0;
        started = m_network.start(options, make);
    }
    if (!started || m_network.udpPort() == profile->port) return started;
    m_network.post([machine = m_machine, port = m_network.udpPort()](Now) { machine->rememberPort(port); });
    return started;
}

void ClientHost::submit(engine::RequestNumber number, engine::Request request) {
    m_network.post([this, number, request = std::move(request)](Now now) { m_machine->execute(now, number, request); });
}

void ClientHost::stop() {
    if (!m_machine) return;
    std::promise<void> left;
    m_network.post([machine = m_machine, &left](Now now) { machine->leave(now, [&left] { left.set_value(); }); });
    static_cast<void>(left.get_future().wait_for(2 * engine::SigningIn::kFarewell));
    m_network.stop();
    m_machine = nullptr;
}

}  // namespace kith::app
