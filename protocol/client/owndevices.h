// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <set>
#include <vector>

#include "protocol/base/backoff.h"
#include "protocol/client/ownmessages.h"
#include "protocol/client/vaultpeople.h"
#include "protocol/peer/person.h"

namespace kith::client {

/// What one person's devices hold in common, as this one has it.
class VaultShelf {
public:
    virtual ~VaultShelf() = default;
    [[nodiscard]] virtual VaultPeople everything() const = 0;
    /// These people, and all that is not about single ones.
    [[nodiscard]] virtual VaultPeople about(const std::set<UserName>& users) const = 0;
    virtual void merge(Now now, const VaultPeople& people) = 0;
};

/// Keeps the devices of one person in step while they are on line together: links to the others, over which every
/// change goes at once, and everything if they had parted. The vault at the login server is for those that are away.
/// Whatever is lost on the way is made good when the next link opens, and merging is the same in any order.
class OwnDevices {
public:
    /// After something was to be told and nobody was found: who comes on line later looks for us.
    static constexpr Duration kPersist = std::chrono::minutes(5);
    static constexpr Duration kFirstRetry = std::chrono::seconds(1);
    static constexpr Duration kLongestRetry = std::chrono::seconds(60);
    static constexpr std::size_t kMaxLinks = 16;

    struct Environment {
        UserName self;
        RandomSource& random;
        VaultShelf& shelf;
    };
    struct Output {
        peer::Output peer;
        bool savedElsewhere = false;  ///< the login server has what is here: another device saved it
    };

    explicit OwnDevices(Environment environment) : m_environment(std::move(environment)) {}

    /// How many others the device list names.
    void setOthers(std::size_t others) { m_others = others; }
    [[nodiscard]] bool hasOthers() const { return m_others > 0; }
    void networkUp(Now now);
    void networkDown();
    /// Something of this person, or nothing of a single one.
    void changed(const UserName& user) { m_changed.insert(user); }
    void saved();

    // Doors.
    void deviceUp(Now now, const peer::Device& device);
    void deviceDown(Now now, const peer::Device& device);
    void receive(Now now, const peer::Device& from, ByteView command);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const { return m_nextTry; }
    void take(Now now, Output& out);

private:
    template <class M>
    void sendTo(const DeviceId& device, const M& message);
    void sendTo(const DeviceId& device, const VaultPeople& people);
    [[nodiscard]] ByteArray<32> digest() const;
    void seek(Now now);
    void tellChanges(Now now);

    Environment m_environment;
    std::size_t m_others = 0;
    bool m_up = false;
    std::vector<DeviceId> m_links;
    std::set<UserName> m_changed;  ///< to be told with the next take()
    Instant m_nextTry = kNever;
    Instant m_seekUntil{};
    Backoff m_backoff{kFirstRetry, kLongestRetry};
    Output m_output;
};

}  // namespace kith::client
