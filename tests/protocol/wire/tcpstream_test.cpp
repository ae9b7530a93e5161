// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/tcpstream.h"

#include <QTest>

#include "tests/protocol/wire/samples.h"
#include "tests/protocol/wire/vectors.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::wire;
using namespace kith::wire::test;

namespace {

constexpr std::uint32_t kSeed = 0x01020304;

/// Everything that comes out when the stream is fed in pieces of these sizes, over and over.
Result<std::vector<Bytes>> framesOf(ByteView stream, const std::vector<std::size_t>& pieces) {
    StreamFramer framer;
    std::vector<Bytes> out;
    for (std::size_t piece = 0; !stream.empty(); ++piece) {
        const std::size_t size = std::min(stream.size(), pieces[piece % pieces.size()]);
        framer.feed(stream.first(size));
        stream = stream.subspan(size);
        while (true) {
            const auto frame = framer.next();
            if (!frame) return tl::make_unexpected(frame.error());
            if (!*frame) break;
            out.push_back(toBytes(**frame));
        }
    }
    return out;
}

Fault faultOf(const char* hex) {
    const auto frames = framesOf(*fromHex(hex), {1});
    if (frames) qFatal("%s is a stream", hex);
    return frames.error().fault;
}

}  // namespace

class TcpStreamTest : public QObject {
    Q_OBJECT

private slots:
    void initPackets() {
        const std::pair<const char*, TcpEnd> ends[] = {{"tcp-init-opener", TcpEnd::Opener},
                                                       {"tcp-init-acceptor", TcpEnd::Acceptor}};
        for (const auto& [name, end] : ends)
            QCOMPARE(toHex(startTcp(m_obfuscation, end, kSeed).packet), toHex(vectorNamed(name)));
    }

    void theStreamGoesOnBehindTheInitPacket() {
        const Bytes expected = vectorNamed("tcp-frames-opener");
        Bytes stream;
        ByteWriter writer(stream);
        writeStreamFrame(writer, *fromHex("1234060102"));
        writeStreamFrame(writer, *fromHex("000d06"));
        const Bytes plain = stream;
        const TcpStart start = startTcp(m_obfuscation, TcpEnd::Opener, kSeed);
        start.keystream->apply(stream);
        QCOMPARE(toHex(stream), toHex(expected));

        const auto keystream = readTcpStart(m_obfuscation, TcpEnd::Opener, start.packet);
        QVERIFY(keystream);
        (*keystream)->apply(stream);
        QCOMPARE(toHex(stream), toHex(plain));
    }

    void anInitPacketSentBackIsNoAnswer() {
        const TcpStart start = startTcp(m_obfuscation, TcpEnd::Opener, kSeed);
        QCOMPARE(readTcpStart(m_obfuscation, TcpEnd::Acceptor, start.packet).error().fault, Fault::Malformed);
    }

    void otherProtocolsAreTold() {
        ByteArray<kTcpInitSize> http;
        const ByteView text = asBytes("GET / HTTP/1.1");
        std::copy(text.begin(), text.end(), http.begin());
        QVERIFY(!readTcpStart(m_obfuscation, TcpEnd::Opener, http));
        QVERIFY(rc::check("any change", [&](std::uint32_t seed) {
            auto packet = startTcp(m_obfuscation, TcpEnd::Opener, seed).packet;
            packet[*rc::gen::inRange<std::size_t>(4, packet.size())] ^= std::byte{1};
            RC_ASSERT(!readTcpStart(m_obfuscation, TcpEnd::Opener, packet).has_value());
        }));
    }

    void framesComeOutHoweverTheStreamIsCut() {
        QVERIFY(rc::check("pieces", [] {
            const auto sizes = *rc::gen::container<std::vector<std::size_t>>(
                rc::gen::oneOf(rc::gen::inRange<std::size_t>(3, 10), rc::gen::inRange<std::size_t>(120, 140),
                               rc::gen::just(kMaxStreamFrame)));
            std::vector<Bytes> frames;
            Bytes stream;
            ByteWriter writer(stream);
            for (const std::size_t size : sizes) {
                frames.emplace_back(size, static_cast<std::byte>(size));
                writeStreamFrame(writer, frames.back());
            }
            const auto pieces = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(
                rc::gen::oneOf(rc::gen::inRange<std::size_t>(1, 5), rc::gen::inRange<std::size_t>(1, 5000))));
            RC_ASSERT(framesOf(stream, pieces).value() == frames);
        }));
    }

    void nothingIsKeptOnceTheFrameIsOut() {
        StreamFramer framer;
        const Bytes stream = *fromHex("04010203ff");
        framer.feed(ByteView(stream).first(2));
        QVERIFY(!framer.next().value());
        QCOMPARE(framer.buffered(), std::size_t{2});
        framer.feed(ByteView(stream).subspan(2));
        QCOMPARE(toHex(framer.next()->value()), std::string("010203ff"));
        QVERIFY(!framer.next().value());
        QCOMPARE(framer.buffered(), std::size_t{0});
    }

    void lengthsThatAreNone() {
        QCOMPARE(faultOf("00"), Fault::Malformed);
        QCOMPARE(faultOf("02aabb"), Fault::Malformed);
        QCOMPARE(faultOf("8110"), Fault::TooLarge);  // 2,049
        QCOMPARE(faultOf("ffffffffffffffffff01"), Fault::TooLarge);
        QCOMPARE(faultOf("ffffffffffffffffffff01"), Fault::TooLarge);
        QCOMPARE(faultOf("8000"), Fault::Malformed);
        QVERIFY(framesOf(*fromHex("8010"), {1})->empty());  // 2,048, to come
    }

    void whatIsKeptIsBounded() {
        QVERIFY(rc::check("any stream", [](const Bytes& bytes) {
            StreamFramer framer;
            framer.feed(bytes);
            while (true) {
                const auto frame = framer.next();
                if (!frame || !*frame) break;
                RC_ASSERT((*frame)->size() <= kMaxStreamFrame);
            }
            RC_ASSERT(framer.buffered() <= kMaxStreamFrame + 2);
        }));
    }

private:
    SeedObfuscation m_obfuscation;
};

KITH_TEST(TcpStreamTest);
#include "tcpstream_test.moc"
