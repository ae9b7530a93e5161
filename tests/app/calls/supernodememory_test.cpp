// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QDirIterator>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>

#include "protocol/crypto/keys.h"
#include "protocol/presence/storage.h"
#include "tests/app/calls/twopeople.h"
#include "tests/support/notpossiblehere.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLargest = qint64{1} << 30;

/// Everything a running program can write to: what it knows.
QByteArray memoryOf(qint64 process) {
    QFile maps(u"/proc/%1/maps"_s.arg(process)), memory(u"/proc/%1/mem"_s.arg(process));
    QByteArray out;
    if (!maps.open(QIODevice::ReadOnly) || !memory.open(QIODevice::ReadOnly | QIODevice::Unbuffered)) return out;
    for (const QByteArray& line : maps.readAll().split('\n')) {
        const QList<QByteArray> words = line.split(' ');
        if (words.size() < 2 || !words[1].startsWith("rw")) continue;
        const QList<QByteArray> range = words[0].split('-');
        const qint64 begin = range[0].toLongLong(nullptr, 16), end = range[1].toLongLong(nullptr, 16);
        // Terabytes of address space are a sanitizer's notes, not what the program knows.
        if (end - begin > kLargest) continue;
        if (memory.seek(begin)) out += memory.read(end - begin);
        out += '\n';
    }
    return out;
}

bool holds(const QByteArray& memory, const QString& text) {
    const QByteArray wide(reinterpret_cast<const char*>(text.utf16()), text.size() * 2);
    return memory.contains(text.toUtf8()) || memory.contains(wide);
}

bool holds(const QByteArray& memory, ByteView bytes) {
    return memory.contains(
        QByteArrayView(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())));
}

/// What a person's own computer keeps of them.
struct Kept {
    std::vector<Bytes> contacts;
    std::vector<presence::Audience> audiences;
    std::optional<presence::OwnTopic> topic;

    explicit Kept(const QString& folder) {
        QDirIterator files(folder, {u"*.sqlite"_s, u"*.db"_s}, QDir::Files, QDirIterator::Subdirectories);
        if (!files.hasNext()) return;
        auto database = QSqlDatabase::addDatabase(u"QSQLITE"_s, folder);
        database.setDatabaseName(files.next());
        if (database.open()) {
            contacts = records(database, u"SELECT record FROM contacts"_s);
            for (const Bytes& each : records(database, u"SELECT record FROM audiences"_s))
                if (const auto audience = wire::decodeObjects<presence::Audience>(each)) audiences.push_back(*audience);
            for (const Bytes& each : records(database, u"SELECT record FROM topic"_s))
                if (const auto is = wire::decodeObjects<presence::OwnTopic>(each)) topic = *is;
        }
        database = {};
        QSqlDatabase::removeDatabase(folder);
    }

private:
    static std::vector<Bytes> records(const QSqlDatabase& database, const QString& statement) {
        std::vector<Bytes> out;
        QSqlQuery query(statement, database);
        while (query.next()) {
            const QByteArray record = query.value(0).toByteArray();
            out.push_back(toBytes(std::string_view(record.constData(), static_cast<std::size_t>(record.size()))));
        }
        return out;
    }
};

const QString kMood = u"Watering the rhododendrons"_s;
const QString kMoodForBob = u"Baking a cake for somebody"_s;
const QString kRequest = u"We met at the lighthouse"_s;

}  // namespace

/// A supernode that serves everybody here, and what it knows of them.
class SupernodeMemoryTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { qputenv("PULSE_SERVER", "unix:/nowhere"); }

    void holdsNeitherStateNorMoodNorContactList() {
        test::TwoPeople two;
        test::Person carol(u"carol"_s);
        QVERIFY(two.start() && carol.start() && two.signUp() && two.signUp(carol));
        QVERIFY(two.alice.does({u"add"_s, u"bob"_s, kRequest}));
        QVERIFY(two.bob.waitUntil([&] { return !two.bob.contact(two.alice).isEmpty(); }));
        QVERIFY(two.bob.does({u"accept"_s, u"alice"_s}));
        QVERIFY(test::makeContacts(two.alice, carol));
        QVERIFY(two.alice.does({u"presence"_s, u"do-not-disturb"_s, u"--mood"_s, kMood}));
        QVERIFY(two.alice.does({u"presence"_s, u"away"_s, u"--for"_s, u"bob"_s, u"--mood"_s, kMoodForBob}));
        const auto shows = [&](test::Person& who, const QString& presence, const QString& mood) {
            return who.waitUntil([&] {
                const QJsonObject seen = who.contact(two.alice);
                return seen.value("presence"_L1) == presence && seen.value("mood"_L1) == mood;
            });
        };
        QVERIFY(shows(two.bob, u"away"_s, kMoodForBob) && shows(carol, u"doNotDisturb"_s, kMood));
        // The vault follows a change after a moment.
        QTest::qWait(4000);

        const QByteArray memory = memoryOf(two.server().pid());
        if (memory.isEmpty()) KITH_NOT_POSSIBLE_HERE("another program's memory can't be read");
        const Kept kept(two.alice.folder());
        QVERIFY(kept.topic && kept.contacts.size() == 2 && kept.audiences.size() == 2);
        // It can be found there if it is there: names and the public part of topics are.
        QVERIFY(holds(memory, u"carol"_s));
        QVERIFY(holds(memory, crypto::SigningKey::fromSeed(kept.topic->seed).publicKey()));

        for (const QString& text : {kMood, kMoodForBob, kRequest}) QVERIFY2(!holds(memory, text), qPrintable(text));
        for (const char* word : {"doNotDisturb", "do not disturb", "do-not-disturb", "DoNotDisturb"})
            QVERIFY2(!holds(memory, QString::fromLatin1(word)), word);
        QVERIFY(!holds(memory, kept.topic->seed) && !holds(memory, kept.topic->stateKey));
        int views = 0;
        for (const auto& audience : kept.audiences) {
            QVERIFY(audience.theirs && !holds(memory, audience.theirs->stateKey));
            if (!audience.view || !audience.view->seed) continue;
            ++views;
            QVERIFY(!holds(memory, *audience.view->seed) && !holds(memory, *audience.view->stateKey));
        }
        QCOMPARE(views, 1);
        // A person's entry begins with the name, as an object of a list: in nobody's list there.
        for (const Bytes& record : kept.contacts) QVERIFY(!holds(memory, ByteView(record).first(40)));
    }
};

KITH_TEST(SupernodeMemoryTest);
#include "supernodememory_test.moc"
