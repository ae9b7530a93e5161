// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/store/keyfile.h"

#include <sys/stat.h>

#include <QTemporaryDir>
#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;

class KeyFileTest : public QObject {
    Q_OBJECT

private slots:
    void keysComeBackAndGo() {
        const QTemporaryDir directory;
        store::KeyFile file(directory.path().toStdString() + "/keys");
        QVERIFY(!file.read().value());
        QVERIFY(file.write(toBytes("one")));
        QVERIFY(file.write(toBytes("two, longer")));
        QVERIFY(file.read().value() == toBytes("two, longer"));
        QVERIFY(file.erase());
        QVERIFY(!file.read().value());
        QVERIFY(file.erase());
    }

    void onlyTheOwnerReadsThem() {
        const QTemporaryDir directory;
        const auto path = directory.path().toStdString() + "/keys";
        std::fclose(std::fopen((path + ".new").c_str(), "w"));
        ::chmod((path + ".new").c_str(), 0666);
        store::KeyFile file(path);
        QVERIFY(file.write(toBytes("secret")));
        struct stat status {};
        QVERIFY(::stat(path.c_str(), &status) == 0);
        QCOMPARE(status.st_mode & 0777u, 0600u);
    }

    void noPlaceIsTold() {
        store::KeyFile file("/nonexistent/directory/keys");
        QVERIFY(file.write(toBytes("secret")).error().fault == Fault::NotFound);
    }

    void aHugeFileIsNotRead() {
        const QTemporaryDir directory;
        const auto path = directory.path().toStdString() + "/keys";
        std::fclose(std::fopen(path.c_str(), "w"));
        QVERIFY(::truncate(path.c_str(), 100'000'000) == 0);
        QVERIFY(store::KeyFile(path).read().error().fault == Fault::StorageBroken);
    }
};

KITH_TEST(KeyFileTest);
#include "keyfile_test.moc"
