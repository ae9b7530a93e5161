// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "protocol/base/log.h"
#include "protocol/peer/devicebook.h"
#include "protocol/peer/linktable.h"

/// What the sub-machines of Peers have in common: who we are, what they look things up in, what they tell.
namespace kith::peer {

enum class Standing {
    Blocked,
    Stranger,  ///< may come with a contact request
    Asked,     ///< we sent them a request: may come with the answer
    Contact,
};

/// What Peers has to know about people; the contact list answers.
class AddressBook {
public:
    virtual ~AddressBook() = default;
    [[nodiscard]] virtual Standing standingOf(const UserName& user) const = 0;
    /// The user key that was seen when we first met.
    [[nodiscard]] virtual std::optional<UserKey> pinnedKey(const UserName& user) const = 0;
};

/// Who we are towards other people's devices.
struct Own {
    UserName user;
    DeviceId device;
    ByteArray<32> userKeyHash{};
    std::shared_ptr<const crypto::Credentials> credentials;
    crypto::Trust trust;
};

/// Answer with Peers::located() or locateFailed(), each once.
struct LocateWanted {
    UserName user;
    std::optional<directory::PersonKey> key;  ///< fetch by key if there is one, else find by name
};
/// A command for our supernode, stream Overlay.
struct ToSupernode {
    Bytes command;
};
struct DeviceUp {
    Device device;
    UserKey key;  ///< of its user, proven
};
struct DeviceDown {
    Device device;
    Fault reason;
};
struct ReachFailed {
    UserName user;
    Fault reason;
};
struct MediaArrived {
    Device from;
    Bytes packet;
};
/// The directory, or a caller, shows another key for this person than the one we know: nothing goes to it. `key`: the
/// other one, if the directory vouches for it.
struct KeyMismatch {
    UserName user;
    std::optional<UserKey> key{};
};
using Happening =
    std::variant<LocateWanted, ToSupernode, DeviceUp, DeviceDown, ReachFailed, Received, MediaArrived, KeyMismatch>;

struct Environment {
    session::Transport& transport;
    crypto::Suite& suite;
    RandomSource& random;
    LogSink& log;
    const AddressBook& book;
};

struct Shared {
    Environment environment;
    std::optional<Own> own{};
    std::optional<session::LinkNumber> supernode{};  ///< while we are attached to one
    DeviceBook devices{};
    LinkTable links{};
    std::map<UserName, bool> locating{};  ///< by key?
    std::vector<Happening> happenings{};

    [[nodiscard]] bool isReady() const { return own && supernode; }
    void tell(Happening happening) { happenings.push_back(std::move(happening)); }
    /// Asks the directory unless that is under way; by key if one is known, here or to the caller of this.
    void locate(const UserName& user, const std::optional<directory::PersonKey>& key) {
        const auto pinned = environment.book.pinnedKey(user);
        ask(user, pinned ? directory::personKey(*pinned) : key);
    }
    void locateByName(const UserName& user) { ask(user, {}); }
    /// Whoever goes by this key, whichever one we know.
    void locateOther(const UserName& user, const directory::PersonKey& key) { ask(user, key); }

private:
    void ask(const UserName& user, const std::optional<directory::PersonKey>& key) {
        if (locating.emplace(user, key.has_value()).second) tell(LocateWanted{user, key});
    }
};

}  // namespace kith::peer
