// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/lab/sim.h"

#include <malloc.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>

#include "app/lab/crowd.h"

namespace kith::lab {

namespace {

using std::chrono::steady_clock;

/// Until leases, watches and caches have come to rest.
constexpr Duration kSettling = std::chrono::minutes(3);

/// What one client may cost at most; with more the command fails.
struct Limits {
    double client = HUGE_VAL;  ///< bytes in malloc's chunks
    double server = HUGE_VAL;  ///< its share, the same way
    double wire = HUGE_VAL;    ///< bytes a second
};

struct Wishes {
    Crowd::Options crowd;
    std::size_t minutes = 10;
    Limits most;
};

std::optional<Wishes> parse(const std::vector<std::string>& arguments) {
    Wishes out;
    if (arguments.size() % 2 != 0) return std::nullopt;
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        const auto value = std::strtoull(arguments[i + 1].c_str(), nullptr, 10);
        if (arguments[i] == "--clients" && value > 2 * out.crowd.contacts && value <= 1'000'000)
            out.crowd.clients = value;
        else if (arguments[i] == "--minutes" && value > 0)
            out.minutes = value;
        else if (arguments[i] == "--seed")
            out.crowd.seed = value;
        else if (arguments[i] == "--most-client" && value > 0)
            out.most.client = static_cast<double>(value);
        else if (arguments[i] == "--most-server" && value > 0)
            out.most.server = static_cast<double>(value);
        else if (arguments[i] == "--most-wire" && value > 0)
            out.most.wire = static_cast<double>(value);
        else
            return std::nullopt;
    }
    return out;
}

/// What malloc itself says, libraries written in C included.
std::size_t heapInUse() {
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

struct Clock {
    steady_clock::time_point begun = steady_clock::now();
    [[nodiscard]] double seconds() const { return std::chrono::duration<double>(steady_clock::now() - begun).count(); }
};

void printHeld(const char* whose, Owner owner, std::size_t clients) {
    const auto held = heldBy(owner);
    const auto each = [&](std::size_t all) { return static_cast<double>(all) / static_cast<double>(clients); };
    std::printf("  %-28s %10.0f B  %8.0f B in malloc's chunks  %6.1f blocks\n", whose, each(held.bytes),
                each(held.chunks), each(held.blocks));
}

struct Figures {
    test::Simulation::Statistics before;
    double seconds = 0;
};

/// Bytes a second for each client, both directions together.
double wireOf(const Wishes& wishes, const Crowd& crowd, const Figures& figures) {
    const auto bytes = static_cast<double>(crowd.world.statistics().bytesOnWire - figures.before.bytesOnWire);
    return bytes / (static_cast<double>(wishes.minutes) * 60) / static_cast<double>(wishes.crowd.clients);
}

void print(const Wishes& wishes, const Crowd& crowd, const Figures& figures, std::size_t librariesBytes) {
    const auto clients = wishes.crowd.clients;
    const auto each = static_cast<double>(clients);
    const auto& now = crowd.world.statistics();
    const auto events = static_cast<double>(now.events - figures.before.events);
    const auto simulated = static_cast<double>(wishes.minutes) * 60;
    std::printf("%zu clients online, each with %zu contacts (%.1f seen online) and %zu known supernodes; idle\n",
                crowd.onlineCount(), wishes.crowd.contacts, static_cast<double>(crowd.seenOnline()) / each,
                wishes.crowd.hostCache);
    std::printf("memory, for each client:\n");
    printHeld("the client", Owner::Client, clients);
    printHeld("its share of the server", Owner::Server, clients);
    printHeld("its share of the world", Owner::World, clients);
    printHeld("its disk, held in memory", Owner::Disk, clients);
    std::printf("  %-28s %10.0f B\n", "libraries in C (all of it)", static_cast<double>(librariesBytes) / each);
    std::printf("time: %.0f simulated s in %.1f s; %.0f events/s of wall time, %.2f events/s of each client\n",
                simulated, figures.seconds, events / figures.seconds, events / simulated / each);
    std::printf("wire: %.1f B/s for each client, both directions together, headers of IP, UDP and TCP included\n",
                wireOf(wishes, crowd, figures));
    std::printf("trace: %016llx\n", static_cast<unsigned long long>(crowd.world.trace.value()));
    std::printf(
        "null objects: TLS and signatures (NullSuite), obfuscation (NullObfuscation), sound, log, disk. The\n"
        "passwords' slow hash was made once, cheaply, and given to everybody. All else is the code people run.\n");
}

bool isWithin(const char* what, double is, double most) {
    if (is <= most) return true;
    std::fprintf(stderr, "kith-lab sim: %s: %.1f for each client, at most %.1f were allowed\n", what, is, most);
    return false;
}

bool isWithinLimits(const Wishes& wishes, const Crowd& crowd, const Figures& figures) {
    const auto each = [&](Owner owner) {
        return static_cast<double>(heldBy(owner).chunks) / static_cast<double>(wishes.crowd.clients);
    };
    const bool client = isWithin("bytes of the client", each(Owner::Client), wishes.most.client);
    const bool server = isWithin("bytes of the server", each(Owner::Server), wishes.most.server);
    const bool wire = isWithin("bytes a second on the wire", wireOf(wishes, crowd, figures), wishes.most.wire);
    return client && server && wire;
}

}  // namespace

int sim(const std::vector<std::string>& arguments) {
    const auto wishes = parse(arguments);
    if (!wishes) {
        std::fprintf(
            stderr,
            "kith-lab sim: --clients N (more than 40), --minutes M, --seed S, --most-client B, --most-server B, "
            "--most-wire B\n");
        return 2;
    }
    const Clock preparing;
    Crowd crowd(wishes->crowd);
    if (!crowd.signUp()) return std::fprintf(stderr, "kith-lab sim: not everybody could register\n"), 1;
    std::printf("registered after %.1f s\n", preparing.seconds());
    if (!crowd.goOnline()) return std::fprintf(stderr, "kith-lab sim: not everybody came online\n"), 1;
    crowd.world.run(kSettling);
    std::printf("online and at rest after %.1f s\n", preparing.seconds());

    Figures figures;
    figures.before = crowd.world.statistics();
    const Clock clock;
    crowd.world.run(std::chrono::minutes(wishes->minutes));
    figures.seconds = clock.seconds();
    std::size_t ours = 0;
    for (const auto owner : {Owner::World, Owner::Server, Owner::Client, Owner::Disk}) {
        // The labels in front of the blocks are the laboratory's own.
        const auto held = heldBy(owner);
        ours += held.chunks + held.blocks * 16;
    }
    const auto heap = heapInUse();
    print(*wishes, crowd, figures, heap > ours ? heap - ours : 0);
    if (crowd.onlineCount() != wishes->crowd.clients ||
        crowd.seenOnline() != wishes->crowd.clients * wishes->crowd.contacts)
        return std::fprintf(stderr, "kith-lab sim: not everybody is online and seen\n"), 1;
    return isWithinLimits(*wishes, crowd, figures) ? 0 : 1;
}

}  // namespace kith::lab
