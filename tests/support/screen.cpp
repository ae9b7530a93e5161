// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/screen.h"

#include <QBuffer>
#include <QDeadlineTimer>
#include <QDir>
#include <QProcessEnvironment>
#include <QRegularExpression>

namespace kith::test {

namespace {

/// Letters of 14 px are small for a reader of scans.
constexpr int kMagnification = 2;

struct Word {
    QString text;
    QRect place;
    QString line;  ///< page, block, paragraph and line
};

QList<Word> wordsOf(const QByteArray& table) {
    QList<Word> words;
    const QList<QByteArray> rows = table.split('\n');
    for (const QByteArray& row : rows) {
        const QList<QByteArray> cells = row.split('\t');
        if (cells.size() < 12 || cells[0] != "5") continue;
        const QRect place(cells[6].toInt() / kMagnification, cells[7].toInt() / kMagnification,
                          cells[8].toInt() / kMagnification, cells[9].toInt() / kMagnification);
        words.append({QString::fromUtf8(cells[11]).trimmed(), place,
                      QString::fromLatin1(cells.mid(1, 4).join('/'))});
    }
    return words;
}

/// Punctuation at the edges is what a reader gets wrong most.
bool same(const QString& read, const QString& wanted) {
    static const QRegularExpression edges(QStringLiteral("^[^\\w]+|[^\\w]+$"));
    QString a = read;
    QString b = wanted;
    return a == b || a.remove(edges) == b.remove(edges);
}

}  // namespace

Screen::Screen(QSize size) : m_server(std::make_unique<QProcess>()) {
    // The server picks a free display and tells its number.
    m_server->setProcessChannelMode(QProcess::SeparateChannels);
    m_server->start(QStringLiteral("Xvfb"),
                    {QStringLiteral("-displayfd"), QStringLiteral("1"), QStringLiteral("-screen"), QStringLiteral("0"),
                     QStringLiteral("%1x%2x24").arg(size.width()).arg(size.height()), QStringLiteral("-nolisten"),
                     QStringLiteral("tcp"), QStringLiteral("-noreset")});
    if (!m_server->waitForReadyRead(10'000)) return;
    m_display = QLatin1Char(':') + QString::fromLatin1(m_server->readAllStandardOutput().trimmed());
    m_up = m_display.size() > 1;
}

Screen::~Screen() {
    m_server->terminate();
    if (!m_server->waitForFinished(5000)) m_server->kill();
    m_server->waitForFinished(1000);
}

QByteArray Screen::run(const QString& program, const QStringList& arguments, const QByteArray& input) const {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("DISPLAY"), m_display);
    environment.insert(QStringLiteral("OMP_THREAD_LIMIT"), QStringLiteral("1"));
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    if (!input.isEmpty()) process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000)) process.kill();
    return process.readAllStandardOutput();
}

QImage Screen::picture() const {
    return QImage::fromData(
        run(QStringLiteral("import"), {QStringLiteral("-window"), QStringLiteral("root"), QStringLiteral("png:-")}));
}

std::optional<QRect> Screen::read(const QImage& picture, const QStringList& words) const {
    QByteArray png;
    QBuffer buffer(&png);
    buffer.open(QIODevice::WriteOnly);
    picture.scaled(picture.size() * kMagnification, Qt::KeepAspectRatio, Qt::SmoothTransformation)
        .convertToFormat(QImage::Format_Grayscale8)
        .save(&buffer, "PNG");
    const QList<Word> read = wordsOf(
        run(QStringLiteral("tesseract"),
            {QStringLiteral("-"), QStringLiteral("-"), QStringLiteral("--psm"), QStringLiteral("11"), QStringLiteral("tsv")},
            png));
    for (qsizetype at = 0; at + words.size() <= read.size(); ++at) {
        QRect place;
        bool all = true;
        for (qsizetype i = 0; i < words.size() && all; ++i) {
            all = same(read[at + i].text, words[i]) && read[at + i].line == read[at].line;
            place |= read[at + i].place;
        }
        if (all) return place;
    }
    return std::nullopt;
}

std::optional<QRect> Screen::find(const QString& words, const QRect& within) const {
    const QImage whole = picture();
    if (whole.isNull()) return std::nullopt;
    const QRect area = within.isNull() ? whole.rect() : within;
    QImage part = whole.copy(area);
    const QStringList wanted = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    auto place = read(part, wanted);
    if (!place) {
        // Light words on a coloured button are read when the picture is turned over.
        part.invertPixels();
        place = read(part, wanted);
    }
    if (place) place->translate(area.topLeft());
    return place;
}

std::optional<QRect> Screen::waitFor(const QString& words, const QRect& within,
                                     std::chrono::milliseconds patience) const {
    const QDeadlineTimer deadline(patience);
    do {
        if (const auto place = find(words, within)) return place;
    } while (!deadline.hasExpired());
    return std::nullopt;
}

bool Screen::waitUntilGone(const QString& words, const QRect& within, std::chrono::milliseconds patience) const {
    const QDeadlineTimer deadline(patience);
    do {
        if (!find(words, within)) return true;
    } while (!deadline.hasExpired());
    return false;
}

bool Screen::click(const QString& words, const QRect& within, int below) const {
    const auto place = waitFor(words, within);
    if (!place) return false;
    const QPoint at = place->center() + QPoint(0, below);
    run(QStringLiteral("xdotool"), {QStringLiteral("mousemove"), QString::number(at.x()), QString::number(at.y()),
                                    QStringLiteral("click"), QStringLiteral("1")});
    return true;
}

void Screen::type(const QString& text) const {
    run(QStringLiteral("xdotool"), {QStringLiteral("type"), QStringLiteral("--delay"), QStringLiteral("8"), text});
}

void Screen::key(const QString& name) const { run(QStringLiteral("xdotool"), {QStringLiteral("key"), name}); }

bool Screen::place(const QString& title, const QRect& where) const {
    const QByteArray found =
        run(QStringLiteral("xdotool"), {QStringLiteral("search"), QStringLiteral("--sync"), QStringLiteral("--onlyvisible"),
                                        QStringLiteral("--name"), title});
    const QString window = QString::fromLatin1(found.split('\n').value(0).trimmed());
    if (window.isEmpty()) return false;
    run(QStringLiteral("xdotool"),
        {QStringLiteral("windowsize"), window, QString::number(where.width()), QString::number(where.height()),
         QStringLiteral("windowmove"), window, QString::number(where.x()), QString::number(where.y()),
         QStringLiteral("windowfocus"), window});
    return true;
}

void Screen::save(const QString& file) const {
    QDir().mkpath(QFileInfo(file).path());
    picture().save(file);
}

}  // namespace kith::test
