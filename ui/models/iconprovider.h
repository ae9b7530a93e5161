// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QQuickImageProvider>

namespace kith::ui {

/// `image://icon/NAME/COLOUR`: a line icon of resources/icons in one colour (`#rrggbb`, the # left out).
class IconProvider : public QQuickImageProvider {
public:
    IconProvider();
    QImage requestImage(const QString& id, QSize* size, const QSize& requestedSize) override;
};

}  // namespace kith::ui
