// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "app/engine/engine.h"
#include "app/lab/charged.h"
#include "tests/support/nulllog.h"
#include "tests/support/nullobfuscation.h"
#include "tests/support/nullsuite.h"
#include "tests/support/serverprogram.h"
#include "tests/support/simulation.h"
#include "tests/support/sound/virtualsound.h"

/// One server and many clients, each the engine that people run, in one simulated world.
namespace kith::lab {

class Crowd {
public:
    struct Options {
        std::size_t clients = 10'000;
        std::size_t contacts = 20;    ///< of each; its neighbours in a ring
        std::size_t hostCache = 200;  ///< entries
        std::uint64_t seed = 1;
    };

    explicit Crowd(const Options& options);
    ~Crowd();

    /// Everybody registers, and what was made of each is on disk. False: somebody could not.
    bool signUp();
    /// The programs start again with full contact lists and host caches and go on by themselves.
    bool goOnline();

    [[nodiscard]] std::size_t onlineCount() const;
    [[nodiscard]] std::size_t seenOnline() const;  ///< contacts that are shown as online, all together

    test::Simulation world;

private:
    class Member;
    /// What a client has to find when its program starts again.
    struct Disk {
        std::map<client::Item, Bytes> items;
        UserKey key;
        bool hasContacts = false;
    };

    void start(std::size_t number);
    bool inWaves(const std::function<void(std::size_t)>& begin, const std::function<bool(const Member&)>& isDone);
    void writeContacts(std::size_t number);
    [[nodiscard]] client::StoredState stateOf(std::size_t number) const;
    [[nodiscard]] std::string link() const;

    Options m_options;
    test::SeededRandom m_random;
    test::NullSuite m_suite;
    test::NullObfuscation m_obfuscation;
    test::NullLog m_log;
    test::VirtualSound m_sound{0};
    test::ServerProgram::Disk m_serverDisk;
    std::unique_ptr<test::ServerProgram> m_server;
    std::unique_ptr<Charged> m_serverNode;
    std::vector<Disk> m_disks;
    std::vector<std::unique_ptr<Member>> m_members;
    std::vector<test::NodeNumber> m_nodes;
    crypto::PasswordKeys m_passwordKeys;
};

}  // namespace kith::lab
