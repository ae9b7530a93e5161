// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QtQmlIntegration/qqmlintegration.h>
#include <QBitArray>
#include <QQuickPaintedItem>

namespace kith::ui {

/// A text as a QR code, black on white whatever the theme: cameras want it so. Lives on the GUI thread.
class QrCode : public QQuickPaintedItem {
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged)

public:
    explicit QrCode(QQuickItem* parent = nullptr);

    [[nodiscard]] QString text() const { return m_text; }
    void setText(const QString& text);
    void paint(QPainter* painter) override;

Q_SIGNALS:
    void textChanged();

private:
    QString m_text;
    int m_size = 0;  ///< modules along a side; 0: nothing to show
    QBitArray m_dark;
};

}  // namespace kith::ui
