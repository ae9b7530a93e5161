// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/models/qrcode.h"

#include <qrencode.h>

#include <memory>
#include <QPainter>

namespace kith::ui {

namespace {

constexpr int kQuiet = 4;  ///< white modules all round, which the standard wants

struct FreeQr {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

QrCode::QrCode(QQuickItem* parent) : QQuickPaintedItem(parent) {
    setAntialiasing(false);
}

void QrCode::setText(const QString& text) {
    if (m_text == text) return;
    m_text = text;
    m_size = 0;
    const std::unique_ptr<QRcode, FreeQr> code(
        text.isEmpty() ? nullptr : QRcode_encodeString(text.toUtf8().constData(), 0, QR_ECLEVEL_M, QR_MODE_8, 1));
    if (code) {
        m_size = code->width;
        m_dark = QBitArray(m_size * m_size);
        for (int i = 0; i < m_size * m_size; ++i) m_dark.setBit(i, (code->data[i] & 1) != 0);
    }
    update();
    Q_EMIT textChanged();
}

void QrCode::paint(QPainter* painter) {
    if (m_size == 0) return;
    // Whole pixels: a module that is blurred at its edge is harder to read.
    const int side = m_size + 2 * kQuiet;
    const int scale = std::max(1, static_cast<int>(std::min(width(), height())) / side);
    const int left = (static_cast<int>(width()) - scale * side) / 2,
              top = (static_cast<int>(height()) - scale * side) / 2;
    painter->fillRect(left, top, scale * side, scale * side, Qt::white);
    for (int i = 0; i < m_size * m_size; ++i)
        if (m_dark.testBit(i))
            painter->fillRect(left + (i % m_size + kQuiet) * scale, top + (i / m_size + kQuiet) * scale, scale, scale,
                              Qt::black);
}

}  // namespace kith::ui
