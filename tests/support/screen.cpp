// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/screen.h"

#include <algorithm>
#include <cstdlib>
#include <QBuffer>
#include <QDeadlineTimer>
#include <QDir>
#include <QProcessEnvironment>
#include <QRegularExpression>
#include <vector>

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
        words.append({QString::fromUtf8(cells[11]).trimmed(), place, QString::fromLatin1(cells.mid(1, 4).join('/'))});
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

/// Takes out what is longer than any stroke of a letter: the edges of buttons, which a reader of scans takes for the
/// frame of a picture.
void eraseLines(QImage& picture) {
    constexpr int kLongestStroke = 22;
    constexpr uchar kInk = 235;
    const auto erase = [&](int length, int lines, auto&& point) {
        for (int line = 0; line < lines; ++line) {
            int run = 0;
            for (int i = 0; i <= length; ++i) {
                if (i < length && point(line, i) < kInk) {
                    ++run;
                    continue;
                }
                if (run > kLongestStroke)
                    for (int back = 1; back <= run; ++back) point(line, i - back) = 255;
                run = 0;
            }
        }
    };
    uchar* bits = picture.bits();
    const auto stride = picture.bytesPerLine();
    erase(picture.width(), picture.height(), [&](int y, int x) -> uchar& { return bits[y * stride + x]; });
    erase(picture.height(), picture.width(), [&](int x, int y) -> uchar& { return bits[y * stride + x]; });
}

/// How much each point differs from the commonest shade around it, dark on white: words on a coloured button and words
/// on the page look alike then, whichever is the lighter.
QImage strokesOf(const QImage& picture) {
    constexpr int kReach = 9;
    constexpr int kShades = 16;
    const QImage grey = picture.convertToFormat(QImage::Format_Grayscale8);
    const int width = grey.width();
    const int height = grey.height();
    // For each shade, how often it stands above and to the left: any box is four look-ups.
    const auto stride = static_cast<std::size_t>(width + 1);
    std::vector<std::vector<int>> counts(kShades, std::vector<int>(stride * static_cast<std::size_t>(height + 1)));
    const auto index = [stride](int x, int y) {
        return static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x);
    };
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (int shade = 0; shade < kShades; ++shade) {
                auto& sum = counts[static_cast<std::size_t>(shade)];
                sum[index(x + 1, y + 1)] = sum[index(x, y + 1)] + sum[index(x + 1, y)] - sum[index(x, y)] +
                                           (grey.constScanLine(y)[x] / kShades == shade ? 1 : 0);
            }
    QImage out(grey.size(), QImage::Format_Grayscale8);
    for (int y = 0; y < height; ++y) {
        const int top = std::max(0, y - kReach);
        const int bottom = std::min(height, y + kReach + 1);
        for (int x = 0; x < width; ++x) {
            const int left = std::max(0, x - kReach);
            const int right = std::min(width, x + kReach + 1);
            int commonest = 0;
            int most = -1;
            for (int shade = 0; shade < kShades; ++shade) {
                const auto& sum = counts[static_cast<std::size_t>(shade)];
                const int count = sum[index(right, bottom)] - sum[index(left, bottom)] - sum[index(right, top)] +
                                  sum[index(left, top)];
                if (count > most) most = count, commonest = shade;
            }
            const int difference = std::abs(grey.constScanLine(y)[x] - (commonest * kShades + kShades / 2));
            out.scanLine(y)[x] = static_cast<uchar>(255 - std::clamp(2 * (difference - kShades / 2), 0, 255));
        }
    }
    eraseLines(out);
    return out;
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
        run(QStringLiteral("import"), {QStringLiteral("-window"), QStringLiteral("root"), QStringLiteral("ppm:-")}));
}

std::optional<QRect> Screen::read(const QImage& picture, const QStringList& words) const {
    QByteArray png;
    QBuffer buffer(&png);
    buffer.open(QIODevice::WriteOnly);
    picture.scaled(picture.size() * kMagnification, Qt::KeepAspectRatio, Qt::SmoothTransformation)
        .convertToFormat(QImage::Format_Grayscale8)
        .save(&buffer, "PNG");
    const QList<Word> read = wordsOf(run(QStringLiteral("tesseract"),
                                         {QStringLiteral("-"), QStringLiteral("-"), QStringLiteral("--psm"),
                                          QStringLiteral("11"), QStringLiteral("tsv")},
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
    const QImage part = whole.copy(area);
    const QStringList wanted = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    auto place = read(part, wanted);
    if (!place) {
        place = read(strokesOf(part), wanted);
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

void Screen::key(const QString& name) const {
    run(QStringLiteral("xdotool"), {QStringLiteral("key"), name});
}

QString Screen::window(const QString& title) const {
    const QByteArray found =
        run(QStringLiteral("xdotool"), {QStringLiteral("search"), QStringLiteral("--sync"),
                                        QStringLiteral("--onlyvisible"), QStringLiteral("--name"), title});
    return QString::fromLatin1(found.split('\n').value(0).trimmed());
}

bool Screen::focus(const QString& title) const {
    const QString found = window(title);
    if (found.isEmpty()) return false;
    run(QStringLiteral("xdotool"), {QStringLiteral("windowfocus"), QStringLiteral("--sync"), found});
    return true;
}

bool Screen::place(const QString& title, const QRect& where) const {
    const QString found = window(title);
    if (found.isEmpty()) return false;
    run(QStringLiteral("xdotool"),
        {QStringLiteral("windowsize"), found, QString::number(where.width()), QString::number(where.height()),
         QStringLiteral("windowmove"), found, QString::number(where.x()), QString::number(where.y()),
         QStringLiteral("windowfocus"), found});
    return true;
}

void Screen::save(const QString& file) const {
    QDir().mkpath(QFileInfo(file).path());
    picture().save(file);
}

}  // namespace kith::test
