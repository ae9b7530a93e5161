// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>

#include "protocol/crypto/modernsuite.h"
#include "protocol/login/login.h"
#include "protocol/login/loginservice.h"
#include "tests/support/authority.h"
#include "tests/support/memoryaccounts.h"
#include "tests/support/nulllog.h"

namespace kith::test {

/// A login server and clients in virtual time, with what stands between them: links that show certificates as TLS
/// would, a delay, a store that takes a while.
class LoginWorld {
public:
    static constexpr Duration kDelay = std::chrono::milliseconds(20);
    static constexpr Duration kStoreTime = std::chrono::milliseconds(3);

    /// A device.
    struct Client {
        Client(const crypto::Trust& trust, const login::Login::Environment& environment)
            : login(trust, environment), ownTrust(trust) {}

        login::Login login;
        crypto::Trust ownTrust;
        std::chrono::seconds clockError{};  ///< how far its clock is ahead
        IpAddress address = IpAddress::v4(10, 0, 0, 1);
        session::LinkNumber link = 0;
        std::vector<login::LoginEvent> events;
        std::vector<Bytes> received;

        template <class E>
        [[nodiscard]] const E* last() const {
            for (auto at = events.rbegin(); at != events.rend(); ++at)
                if (const auto* event = std::get_if<E>(&*at)) return event;
            return nullptr;
        }
        template <class E>
        [[nodiscard]] std::size_t count() const {
            std::size_t out = 0;
            for (const auto& event : events) out += std::holds_alternative<E>(event) ? 1U : 0U;
            return out;
        }
        [[nodiscard]] std::optional<Fault> failure() const {
            const auto* failed = last<login::Failed>();
            return failed ? std::optional(failed->fault) : std::nullopt;
        }
        [[nodiscard]] bool isIn() const { return login.membership() != nullptr; }
    };

    explicit LoginWorld(const login::LoginService::Options& serviceOptions = {}, std::uint64_t seed = 1)
        : options(serviceOptions), authority(seed), random(seed + 1000) {
        startServer();
    }

    /// Also after it was stopped; what is in memory of the old one is gone.
    void startServer() {
        const auto leaf = authority.issue([&](const auto& key) {
            return authority.issuer.loginServer(key, crypto::Validity::ofServer(seconds(), crypto::kLoginServerLife),
                                                authority.random);
        });
        serverCredentials = leaf;
        service = std::make_unique<login::LoginService>(options,
                                                        login::LoginService::Identity{authority.issuer, leaf, secret},
                                                        login::LoginService::Environment{suite, random, log});
        ++serverRun;
        if (!rootPart.empty()) service->setRootPart(rootPart);
        settle();
    }
    void stopServer() {
        service.reset();
        for (auto& client : clients)
            if (client->link != 0) dropLink(*client);
        settle();
    }

    Client& add() { return add(authority.trust()); }
    Client& add(const crypto::Trust& trust) {
        clients.push_back(std::make_unique<Client>(trust, login::Login::Environment{suite, random}));
        return *clients.back();
    }

    [[nodiscard]] Now now() const { return {Instant{} + elapsed, UnixMillis(authority.now) + toMillis(elapsed)}; }
    [[nodiscard]] Now nowOf(const Client& client) const { return {now().at, now().wall + client.clockError}; }
    [[nodiscard]] UnixTime seconds() const { return now().seconds(); }

    // What people do.
    static crypto::PasswordKeys password(std::string_view text) {
        crypto::PasswordKeys keys;
        keys.login = crypto::Secret<32>(crypto::sha256({asBytes("login"), asBytes(text)}));
        keys.vault = crypto::Secret<32>(crypto::sha256({asBytes("vault"), asBytes(text)}));
        return keys;
    }
    static UserName name(std::string_view text) { return UserName::parse(text).value(); }
    void signUp(Client& client, std::string_view user, std::string_view secretText, const std::string& code = {}) {
        client.login.signUp(nowOf(client), name(user), "Display " + std::string(user), password(secretText), code);
        run(std::chrono::seconds(5));
    }
    void signIn(Client& client, std::string_view user, std::string_view secretText) {
        client.login.signIn(nowOf(client), name(user), password(secretText));
        run(std::chrono::seconds(5));
    }
    Client& signedUp(std::string_view user, std::string_view secretText = "correct horse") {
        Client& client = add();
        signUp(client, user, secretText);
        return client;
    }

    void run(Duration span) {
        const Duration end = elapsed + span;
        settle();
        for (;;) {
            const Duration next = nextEvent();
            if (next > end) break;
            elapsed = std::max(elapsed, next);
            while (!queue.empty() && queue.begin()->first <= elapsed) {
                const auto what = std::move(queue.begin()->second);
                queue.erase(queue.begin());
                what();
                settle();
            }
            if (service) service->wake(now());
            for (auto& client : clients) client->login.wake(nowOf(*client));
            settle();
        }
        elapsed = end;
    }
    /// The other end is told nothing.
    void dropLink(Client& client) {
        const auto link = std::exchange(client.link, 0);
        if (service) service->linkClosed(link);
        client.login.linkClosed(nowOf(client), Fault::ConnectionLost);
    }

    login::LoginService::Options options;
    Authority authority;
    SeededRandom random;
    crypto::ModernSuite suite;
    NullLog log;
    MemoryAccounts accounts;
    ByteArray<32> secret{std::byte{7}};
    Bytes rootPart;
    std::shared_ptr<const crypto::Credentials> serverCredentials;
    std::unique_ptr<login::LoginService> service;
    std::vector<std::unique_ptr<Client>> clients;
    std::function<bool(const Client&, ByteView)> losesAnswer;  ///< and the link with it
    Duration elapsed{};
    int serverRun = 0;

private:
    static std::chrono::milliseconds toMillis(Duration d) {
        return std::chrono::duration_cast<std::chrono::milliseconds>(d);
    }
    void after(Duration wait, std::function<void()> what) { queue.emplace(elapsed + wait, std::move(what)); }

    Duration nextEvent() const {
        Instant next = service ? service->nextWake() : kNever;
        for (const auto& client : clients) next = std::min(next, client->login.nextWake());
        Duration out = next == kNever ? Duration::max() : next - Instant{};
        if (!queue.empty()) out = std::min(out, queue.begin()->first);
        return out;
    }

    /// Carries what the machines want until they want nothing more at this instant.
    void settle() {
        bool busy = true;
        while (busy) {
            busy = false;
            for (auto& client : clients) busy = settleClient(*client) || busy;
            busy = settleService() || busy;
        }
    }

    bool settleClient(Client& client) {
        login::Login::Output out;
        client.login.take(out);
        for (auto& event : out.events) client.events.push_back(std::move(event));
        if (out.close && client.link != 0) {
            const auto link = std::exchange(client.link, 0);
            after(kDelay, [this, link] {
                if (service) service->linkClosed(link);
            });
        }
        if (out.open) open(client, out.open->show);
        for (const Bytes& command : out.sends)
            after(kDelay, [this, link = client.link, command] {
                if (service && link != 0) service->receive(now(), link, command);
            });
        return out.open || !out.sends.empty() || !out.events.empty();
    }

    void open(Client& client, const std::shared_ptr<const crypto::Credentials>& show) {
        const auto link = client.link = ++lastLink;
        after(3 * kDelay, [this, &client, link, show] {
            if (client.link != link) return;
            const auto fault = handshake(client, link, show);
            if (!fault) return client.login.linkOpened(nowOf(client));
            client.link = 0;
            client.login.linkClosed(nowOf(client), *fault);
        });
    }

    std::optional<Fault> handshake(const Client& client, session::LinkNumber link,
                                   const std::shared_ptr<const crypto::Credentials>& show) {
        if (!service) return Fault::Unreachable;
        const auto server = crypto::verifyChain(serverCredentials->chain, client.ownTrust, nowOf(client).seconds());
        if (!server) return server.error().fault;
        crypto::PeerIdentity peer = crypto::Anonymous{};
        if (show) {
            const auto identity = crypto::verifyChain(show->chain, authority.trust(), seconds());
            if (!identity)
                return identity.error().fault == Fault::CertificateDates ? Fault::CredentialExpired : Fault::Refused;
            peer = *identity;
        }
        service->linkOpened(now(), link, peer, client.address);
        return std::nullopt;
    }

    bool settleService() {
        if (!service) return false;
        login::LoginService::Output out;
        service->take(out);
        for (auto& request : out.store)
            after(kStoreTime, [this, request = std::move(request), run = serverRun] {
                const auto answer = accounts.carryOut(request);
                if (service && run == serverRun) service->receive(now(), answer);
            });
        for (auto& send : out.sends) after(kDelay, [this, send = std::move(send)] { deliver(send); });
        for (const auto& close : out.closes) after(kDelay, [this, close] { closed(close); });
        return !out.store.empty() || !out.sends.empty() || !out.closes.empty();
    }

    Client* find(session::LinkNumber link) {
        for (auto& client : clients)
            if (client->link == link) return client.get();
        return nullptr;
    }
    void deliver(const login::LoginService::Send& send) {
        Client* client = find(send.link);
        if (!client) return;
        if (losesAnswer && losesAnswer(*client, send.command)) return dropLink(*client);
        client->received.push_back(send.command);
        client->login.receive(nowOf(*client), wire::parseCommand(send.command).value());
    }
    void closed(const login::LoginService::Close& close) {
        Client* client = find(close.link);
        if (!client) return;
        client->link = 0;
        client->login.linkClosed(nowOf(*client), close.reason);
    }

    session::LinkNumber lastLink = 0;
    std::multimap<Duration, std::function<void()>> queue;
};

/// One that lets everybody in.
inline login::LoginService::Options openToAll() {
    login::LoginService::Options options;
    options.registration = overlay::Registration::Open;
    return options;
}

}  // namespace kith::test
