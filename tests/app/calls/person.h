// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <chrono>
#include <functional>
#include <QHash>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

namespace kith::test {

/// Somebody with a `kith --headless` of their own, who does everything by kithctl.
class Person {
public:
    static constexpr std::chrono::milliseconds kPatience = std::chrono::seconds(30);

    explicit Person(QString name);
    ~Person();
    Person(const Person&) = delete;
    Person& operator=(const Person&) = delete;

    [[nodiscard]] const QString& name() const { return m_name; }
    /// Where the program keeps everything.
    [[nodiscard]] QString folder() const { return m_folder.filePath(QStringLiteral("data")); }
    /// Starts the program, or again after kill(), and waits until kithctl finds it.
    bool start();
    /// KILL: the program has no say in it.
    void kill();
    /// TERM, as at the end of a session; whether it ended well within this time.
    bool end(std::chrono::milliseconds patience);

    struct Outcome {
        int code;
        QString out;
        QString errors;
    };
    Outcome ctl(const QStringList& arguments, const QByteArray& input = {}) const;
    /// Whether kithctl exits with 0; what it complains about goes to the log of the test.
    bool does(const QStringList& arguments, const QByteArray& input = {}) const;

    [[nodiscard]] QJsonObject state() const;
    [[nodiscard]] QJsonObject account() const;
    [[nodiscard]] QJsonObject contact(const Person& other) const;
    /// The one call there is; empty if there is none.
    [[nodiscard]] QJsonObject call() const;
    /// The one with this person, be there others; empty if there is none.
    [[nodiscard]] QJsonObject callWith(const Person& other) const;
    /// The texts from and to somebody, the oldest first.
    [[nodiscard]] QStringList texts(const Person& other) const;

    /// Looks after everything that `kithctl watch` tells until it is so; false if that takes too long.
    bool waitUntil(const std::function<bool()>& isSo, std::chrono::milliseconds patience = kPatience);
    bool isOnline();
    bool callIs(const QString& phase);
    /// Waits until `kithctl watch` told the end of this call; its reason, empty if that takes too long.
    QString endOf(const QString& call);

private:
    [[nodiscard]] QProcessEnvironment environment() const;
    void prepare(QProcess& process) const;
    [[nodiscard]] QStringList addressed(const QStringList& arguments) const;
    void watch();
    void readWatch();

    QString m_name;
    QTemporaryDir m_folder;
    QProcess m_program;
    QProcess m_watch;
    QHash<QString, QString> m_ends;  ///< calls that `watch` told to be over, and why
};

/// Asks and accepts; false if one of them does not get to know.
bool makeContacts(Person& asking, Person& accepting);

}  // namespace kith::test
