// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/session/probes.h"
#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::session;
using namespace std::chrono_literals;

namespace {

const Endpoint kRemote = Endpoint::parse("192.0.2.1:5000").value();
const Endpoint kOther = Endpoint::parse("192.0.2.2:5000").value();

Now nowAt(Duration time) {
    return {Instant{} + time, {}};
}

std::vector<wire::RequestId> sent(Probes& probes) {
    std::vector<Probes::Outgoing> out;
    probes.take(out);
    std::vector<wire::RequestId> ids;
    for (const auto& one : out) ids.push_back(*wire::parseCommand(one.command)->requestId);
    return ids;
}

template <class M>
std::optional<Probes::Outcome> answer(Probes& probes, Now now, const Endpoint& from, const M& message,
                                      wire::RequestId id) {
    const Bytes command = wire::encodeCommand(message, id);
    return probes.receive(now, from, *wire::parseCommand(command));
}

}  // namespace

class ProbesTest : public QObject {
    Q_OBJECT

private slots:
    void aProbeIsRepeatedLessAndLess() {
        test::SeededRandom random;
        Probes probes(random);
        probes.start(nowAt(1s), kRemote);
        std::size_t count = sent(probes).size();
        QCOMPARE(count, std::size_t(1));
        Instant last = nowAt(1s).at;
        Duration longest{};
        while (probes.nextWake() < nowAt(61s).at) {
            const Instant next = probes.nextWake();
            longest = std::max(longest, next - last);
            last = next;
            probes.wake({next, {}});
            count += sent(probes).size();
        }
        QVERIFY(count >= 9 && count <= 16);
        QVERIFY(longest > 3s && longest <= Probes::kLongestInterval);
    }

    void theRoundTripIsThatOfTheTryThatWasAnswered() {
        test::SeededRandom random;
        Probes probes(random);
        const auto number = probes.start(nowAt(1s), kRemote);
        const auto first = sent(probes).front();
        const Instant second = probes.nextWake();
        probes.wake({second, {}});
        QCOMPARE(sent(probes).size(), std::size_t(1));
        const auto outcome = answer(probes, nowAt(1s + 900ms), kRemote, wire::ProbeAccept{Bytes(16)}, first);
        QVERIFY(outcome);
        QCOMPARE(std::get<ProbeAccepted>(*outcome).probe, number);
        QCOMPARE(std::get<ProbeAccepted>(*outcome).roundTrip, Duration(900ms));
        QVERIFY(!probes.isProbing(kRemote));
    }

    void onlyTheAnswerToAQuestionCounts() {
        test::SeededRandom random;
        Probes probes(random);
        probes.start(nowAt(1s), kRemote);
        const auto id = sent(probes).front();
        const wire::ProbeAccept accept{Bytes(16)};
        QVERIFY(!answer(probes, nowAt(1s), kOther, accept, id));
        QVERIFY(!answer(probes, nowAt(1s), kRemote, accept, static_cast<wire::RequestId>(id + 1)));
        QVERIFY(!answer(probes, nowAt(1s), kRemote, wire::ProbeAccept{Bytes(3)}, id));
        QVERIFY(!probes.token(nowAt(1s), kRemote));
        QVERIFY(answer(probes, nowAt(1s), kRemote, accept, id));
        QVERIFY(!answer(probes, nowAt(1s), kRemote, accept, id));
    }

    void tokensAreShownWhileTheyAreFresh() {
        test::SeededRandom random;
        Probes probes(random);
        probes.start(nowAt(1s), kRemote);
        QVERIFY(answer(probes, nowAt(2s), kRemote, wire::ProbeAccept{Bytes(16, std::byte{5})}, sent(probes).front()));
        QCOMPARE(probes.token(nowAt(30s), kRemote)->token, Bytes(16, std::byte{5}));
        QVERIFY(!probes.token(nowAt(30s), kOther));
        QVERIFY(!probes.token(nowAt(2s + Probes::kTokenAge), kRemote));
        QVERIFY(probes.nextWake() <= nowAt(2s + Probes::kTokenAge).at);
        probes.wake(nowAt(2s + Probes::kTokenAge));
        QCOMPARE(probes.nextWake(), kNever);
    }

    void aRefusalNamesOthers() {
        test::SeededRandom random;
        Probes probes(random);
        probes.start(nowAt(1s), kRemote);
        const auto outcome = answer(probes, nowAt(2s), kRemote, wire::ProbeRefuse{{kOther}}, sent(probes).front());
        QCOMPARE(std::get<ProbeRefused>(*outcome).instead, std::vector<Endpoint>{kOther});
        QVERIFY(!probes.isProbing(kRemote));
    }

    void thereAreNeverTooMany() {
        test::SeededRandom random;
        Probes probes(random);
        for (std::uint16_t i = 1; i <= 1000; ++i) probes.start(nowAt(1s), {kRemote.address, i});
        QVERIFY(!probes.isProbing({kRemote.address, 1}));
        QVERIFY(probes.isProbing({kRemote.address, 1000}));
        sent(probes);
        probes.wake(nowAt(10s));
        QCOMPARE(sent(probes).size(), Probes::kMost);
    }
};

KITH_TEST(ProbesTest);
#include "probes_test.moc"
