// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/store/sqlite.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <QSqlError>

#include "protocol/store/files.h"

namespace kith::store {

namespace {

// SQLite's primary result codes (sqlite.org/rescode.html); extended codes have them in the low byte.
constexpr int kPerm = 3;
constexpr int kBusy = 5;
constexpr int kLocked = 6;
constexpr int kReadOnly = 8;
constexpr int kFull = 13;
constexpr int kCantOpen = 14;
/// Extended: the shared index beside the log could not grow. Met when a database is opened on a full disk.
constexpr int kSharedIndexSize = 10 | 19 << 8;

/// SQLite creates files with the umask's rights; ours are nobody else's business.
Result<void> createPrivately(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) return tl::make_unexpected(errnoError(errno, "database file"));
    ::close(fd);
    return {};
}

QString newConnectionName() {
    static std::atomic<int> count{0};
    return QStringLiteral("kith-%1").arg(++count);
}

}  // namespace

Error errorOf(const QSqlError& error) {
    const int code = error.nativeErrorCode().toInt();
    if (code == kSharedIndexSize) return {Fault::DiskFull, "database"};
    switch (code & 0xff) {
        case kFull: return {Fault::DiskFull, "database"};
        case kBusy:
        case kLocked: return {Fault::InUse, "database"};
        case kPerm:
        case kReadOnly:
        case kCantOpen: return {Fault::PermissionDenied, "database"};
        default: return {Fault::StorageBroken, "database"};
    }
}

QVariant blob(ByteView bytes) {
    // From a null pointer it would be NULL, not empty.
    if (bytes.empty()) return QByteArray("", 0);
    return QByteArray(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size()));
}

Bytes bytesOf(const QVariant& value) {
    const auto array = value.toByteArray();
    return kith::toBytes(std::as_bytes(std::span(array.constData(), static_cast<std::size_t>(array.size()))));
}

Result<std::unique_ptr<Sqlite>> Sqlite::open(const std::filesystem::path& file,
                                             std::span<const std::vector<const char*>> migrations) {
    if (const auto created = createPrivately(file); !created) return tl::make_unexpected(created.error());
    std::unique_ptr<Sqlite> out(new Sqlite(newConnectionName()));
    out->m_database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), out->m_connection);
    out->m_database.setDatabaseName(QString::fromStdString(file.string()));
    out->m_database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=1000"));
    if (!out->m_database.open()) return tl::make_unexpected(errorOf(out->m_database.lastError()));
    for (const char* pragma : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON",
                               "PRAGMA secure_delete=FAST", "PRAGMA temp_store=MEMORY"})
        if (const auto done = out->run(pragma); !done) return tl::make_unexpected(done.error());
    if (const auto done = out->migrate(migrations); !done) return tl::make_unexpected(done.error());
    return out;
}

Sqlite::~Sqlite() {
    m_prepared.clear();
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_connection);
}

Result<void> Sqlite::run(const char* statement) {
    QSqlQuery query(m_database);
    if (!query.exec(QString::fromLatin1(statement))) return tl::make_unexpected(errorOf(query.lastError()));
    return {};
}

Result<QSqlQuery*> Sqlite::query(const char* statement, std::span<const QVariant> values) {
    auto found = m_prepared.find(statement);
    if (found == m_prepared.end()) {
        QSqlQuery query(m_database);
        query.setForwardOnly(true);
        if (!query.prepare(QString::fromLatin1(statement))) return tl::make_unexpected(errorOf(query.lastError()));
        found = m_prepared.emplace(statement, std::move(query)).first;
    }
    auto& query = found->second;
    for (std::size_t i = 0; i < values.size(); ++i) query.bindValue(static_cast<int>(i), values[i]);
    if (!query.exec()) {
        const auto error = errorOf(query.lastError());
        query.finish();
        return tl::make_unexpected(error);
    }
    return &query;
}

Result<void> Sqlite::transaction(const std::function<Result<void>()>& work) {
    if (const auto begun = run("BEGIN IMMEDIATE"); !begun) return begun;
    auto done = work();
    // A reading statement that is not at its end would hold up the commit.
    for (auto& [statement, query] : m_prepared) query.finish();
    if (done) done = run("COMMIT");
    if (!done) static_cast<void>(run("ROLLBACK"));
    return done;
}

Result<void> Sqlite::migrate(std::span<const std::vector<const char*>> migrations) {
    std::size_t version = 0;
    {
        QSqlQuery query(m_database);
        if (!query.exec(QStringLiteral("PRAGMA user_version")) || !query.next())
            return tl::make_unexpected(errorOf(query.lastError()));
        version = query.value(0).toUInt();
    }
    if (version > migrations.size()) return fail(Fault::UnknownVersion, "database of a newer program");
    if (version == migrations.size()) return {};
    return transaction([&] { return migrateFrom(version, migrations); });
}

Result<void> Sqlite::migrateFrom(std::size_t version, std::span<const std::vector<const char*>> migrations) {
    for (std::size_t i = version; i < migrations.size(); ++i)
        for (const char* statement : migrations[i])
            if (const auto done = run(statement); !done) return done;
    return run(("PRAGMA user_version=" + std::to_string(migrations.size())).c_str());
}

}  // namespace kith::store
