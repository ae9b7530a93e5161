// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/app/calls/person.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <csignal>
#include <QDebug>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcessEnvironment>

namespace kith::test {

using namespace Qt::StringLiterals;

Person::Person(QString name) : m_name(std::move(name)) {
    prepare(m_program);
    prepare(m_watch);
    m_program.setProcessChannelMode(QProcess::MergedChannels);
    m_program.setStandardOutputFile(m_folder.filePath(u"log"_s), QProcess::Append);
}

Person::~Person() {
    m_watch.kill();
    m_watch.waitForFinished();
    m_program.terminate();
    if (!m_program.waitForFinished(10'000)) kill();
}

QProcessEnvironment Person::environment() const {
    QProcessEnvironment out = QProcessEnvironment::systemEnvironment();
    out.insert(u"XDG_RUNTIME_DIR"_s, m_folder.path());
    out.insert(u"HOME"_s, m_folder.path());
    return out;
}

void Person::prepare(QProcess& process) const {
    process.setProcessEnvironment(environment());
    process.setChildProcessModifier([] {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        // Real time is what is looked at: whatever else the computer does (building, say) has to stand behind.
        setpriority(PRIO_PROCESS, 0, -15);
    });
}

QStringList Person::addressed(const QStringList& arguments) const {
    return QStringList{u"--data"_s, m_folder.filePath(u"data"_s)} + arguments;
}

bool Person::start() {
    m_program.start(QStringLiteral(KITH_PROGRAM), {u"--headless"_s, u"--data"_s, m_folder.filePath(u"data"_s)});
    if (!m_program.waitForStarted()) return false;
    QElapsedTimer timer;
    timer.start();
    while (ctl({u"status"_s}).code != 0)
        if (timer.hasExpired(kPatience.count()) || m_program.state() == QProcess::NotRunning) return false;
    watch();
    return true;
}

void Person::kill() {
    m_program.kill();
    m_program.waitForFinished();
    m_watch.kill();
    m_watch.waitForFinished();
}

bool Person::end(std::chrono::milliseconds patience) {
    m_program.terminate();
    return m_program.waitForFinished(int(patience.count())) && m_program.exitStatus() == QProcess::NormalExit &&
           m_program.exitCode() == 0;
}

void Person::watch() {
    m_watch.kill();
    m_watch.waitForFinished();
    m_watch.start(QStringLiteral(KITHCTL), addressed({u"watch"_s, u"--json"_s}));
    m_watch.waitForStarted();
}

void Person::readWatch() {
    while (m_watch.canReadLine()) {
        const auto call = QJsonDocument::fromJson(m_watch.readLine()).object().value("call"_L1).toObject();
        if (call.value("phase"_L1) == "ended"_L1)
            m_ends.insert(call.value("id"_L1).toString(), call.value("end"_L1).toString());
    }
}

Person::Outcome Person::ctl(const QStringList& arguments, const QByteArray& input) const {
    QProcess process;
    prepare(process);
    process.start(QStringLiteral(KITHCTL), addressed(arguments));
    process.write(input);
    process.closeWriteChannel();
    const bool ended = process.waitForFinished(int(2 * kPatience.count()));
    if (!ended) process.kill(), process.waitForFinished();
    return {ended && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

bool Person::does(const QStringList& arguments, const QByteArray& input) const {
    const Outcome outcome = ctl(arguments, input);
    if (outcome.code != 0)
        qWarning().noquote() << m_name << arguments.join(u' ') << "->" << outcome.code << outcome.errors;
    return outcome.code == 0;
}

QJsonObject Person::state() const {
    return QJsonDocument::fromJson(ctl({u"status"_s, u"--json"_s}).out.toUtf8()).object();
}

QJsonObject Person::account() const {
    return state().value("account"_L1).toObject();
}

QJsonObject Person::contact(const Person& other) const {
    for (const QJsonValue& each : state().value("contacts"_L1).toArray())
        if (each["user"_L1] == other.name()) return each.toObject();
    return {};
}

QJsonObject Person::call() const {
    const QJsonArray calls = state().value("calls"_L1).toArray();
    return calls.size() == 1 ? calls.first().toObject() : QJsonObject();
}

QJsonObject Person::callWith(const Person& other) const {
    for (const QJsonValue& each : state().value("calls"_L1).toArray())
        if (each["user"_L1] == other.name()) return each.toObject();
    return {};
}

QStringList Person::texts(const Person& other) const {
    QStringList out;
    for (const QString& line : ctl({u"history"_s, other.name(), u"--limit"_s, u"100"_s, u"--json"_s}).out.split(u'\n'))
        if (const auto entry = QJsonDocument::fromJson(line.toUtf8()).object(); entry.contains("text"_L1))
            out += entry.value("text"_L1).toString();
    return out;
}

bool Person::waitUntil(const std::function<bool()>& isSo, std::chrono::milliseconds patience) {
    QElapsedTimer timer;
    timer.start();
    for (;;) {
        readWatch();
        if (isSo()) return true;
        if (timer.hasExpired(patience.count())) break;
        // Whatever changed: look again. Now and then without, lest something was told before the watch began.
        m_watch.waitForReadyRead(500);
    }
    qWarning().noquote() << m_name << "waited in vain:" << QJsonDocument(state()).toJson(QJsonDocument::Compact);
    return false;
}

bool Person::isOnline() {
    return waitUntil([&] { return account().value("connection"_L1) == "online"_L1; });
}

bool Person::callIs(const QString& phase) {
    return waitUntil([&] { return call().value("phase"_L1) == phase; });
}

QString Person::endOf(const QString& call) {
    waitUntil([&] { return m_ends.contains(call); });
    return m_ends.value(call);
}

bool makeContacts(Person& asking, Person& accepting) {
    const auto relation = [](Person& of, const Person& to, const QString& is) {
        return of.waitUntil([&] { return of.contact(to).value("relation"_L1) == is; });
    };
    const auto seesOnline = [](Person& one, const Person& other) {
        return one.waitUntil([&] { return one.contact(other).value("online"_L1).toBool(); });
    };
    return asking.does({u"add"_s, accepting.name(), u"It's me"_s}) &&
           relation(accepting, asking, u"requestReceived"_s) && accepting.does({u"accept"_s, asking.name()}) &&
           relation(asking, accepting, u"contact"_s) && relation(accepting, asking, u"contact"_s) &&
           seesOnline(asking, accepting) && seesOnline(accepting, asking);
}

}  // namespace kith::test
