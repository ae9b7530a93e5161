// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/store/clientstore.h"

namespace kith::store {

namespace {

constexpr const char* kDatabaseFile = "kith.db";
constexpr const char* kKeysFile = "keys";

}  // namespace

std::filesystem::path accountDirectory(const std::filesystem::path& root, const NetworkId& network,
                                       const UserName& user) {
    return root / network.hex() / user.text();
}

ClientStore::ClientStore(std::filesystem::path root, std::function<void()> wakeUp)
    : m_root(std::move(root)), m_wakeUp(std::move(wakeUp)), m_thread([this] { run(); }) {}

ClientStore::~ClientStore() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_ordered.notify_one();
    m_thread.join();
}

void ClientStore::order(client::StoreOrder order) {
    {
        const std::lock_guard lock(m_mutex);
        m_orders.push_back(std::move(order));
    }
    m_ordered.notify_one();
}

void ClientStore::take(std::vector<client::StoreAnswer>& out) {
    const std::lock_guard lock(m_mutex);
    std::ranges::move(m_answers, std::back_inserter(out));
    m_answers.clear();
}

void ClientStore::run() {
    std::deque<client::StoreOrder> orders;
    for (;;) {
        {
            std::unique_lock lock(m_mutex);
            m_ordered.wait(lock, [this] { return m_ending || !m_orders.empty(); });
            if (m_orders.empty()) break;
            std::swap(orders, m_orders);
        }
        carryOut(orders);
        orders.clear();
        m_wakeUp();
    }
    m_opened.reset();
}

void ClientStore::carryOut(std::deque<client::StoreOrder>& orders) {
    std::vector<client::Write> writes;
    for (auto& order : orders) {
        if (auto* it = std::get_if<client::Write>(&order)) {
            writes.push_back(std::move(*it));
            continue;
        }
        write(writes);
        writes.clear();
        if (const auto* it = std::get_if<client::OpenStore>(&order)) answer(open(*it));
        if (std::holds_alternative<client::CloseStore>(order)) m_opened.reset();
        if (const auto* it = std::get_if<client::ReadHistory>(&order)) {
            if (m_opened)
                answer(m_opened->database.read(*it));
            else
                answer(client::HistoryRead{it->ticket, {}, true, Error{Fault::NotSignedIn}});
        }
        if (const auto* it = std::get_if<client::ReadItems>(&order))
            answer(client::ItemsRead{
                it->ticket, m_opened ? m_opened->database.items() : fail(Fault::NotSignedIn, "no account is open")});
    }
    write(writes);
}

client::StoreOpened ClientStore::open(const client::OpenStore& order) {
    m_opened.reset();
    const auto failed = [](const Error& error) { return client::StoreOpened{tl::make_unexpected(error), {}}; };
    const auto directory = accountDirectory(m_root, order.network, order.user);
    if (const auto made = makePrivateDirectory(directory); !made) return failed(made.error());
    auto lock = DirectoryLock::take(directory);
    if (!lock) return failed(lock.error());
    auto database = ClientDatabase::open(directory / kDatabaseFile, std::make_unique<KeyFile>(directory / kKeysFile));
    if (!database) return failed(database.error());
    auto state = database->load();
    if (!state) return failed(state.error());
    auto summaries = database->summaries();
    if (!summaries) return failed(summaries.error());
    m_opened.emplace(Opened{std::move(*lock), std::move(*database)});
    return {std::move(*state), std::move(*summaries)};
}

void ClientStore::write(std::span<const client::Write> writes) {
    if (writes.empty()) return;
    if (m_opened) {
        for (const auto& written : m_opened->database.apply(writes)) answer(written);
        return;
    }
    for (const auto& write : writes)
        answer(client::Written{client::roomOf(write), {client::ticketOf(write), false, Error{Fault::NotSignedIn}}});
}

void ClientStore::answer(client::StoreAnswer answer) {
    const std::lock_guard lock(m_mutex);
    m_answers.push_back(std::move(answer));
}

}  // namespace kith::store
