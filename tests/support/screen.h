// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <QImage>
#include <QProcess>
#include <QRect>

namespace kith::test {

/// An X server of its own without a window manager, looked at as a person does: what is visible is read from the
/// picture (tesseract), and clicked and typed by xdotool. Ends with the object.
class Screen {
public:
    static constexpr std::chrono::milliseconds kPatience = std::chrono::seconds(30);

    explicit Screen(QSize size = {1280, 860});
    ~Screen();

    [[nodiscard]] bool isUp() const { return m_up; }
    /// ":71", for the DISPLAY of programs.
    [[nodiscard]] QString display() const { return m_display; }

    [[nodiscard]] QImage picture() const;
    /// Where these words stand, next to each other on one line; letters' case counts.
    [[nodiscard]] std::optional<QRect> find(const QString& words, const QRect& within = {}) const;
    /// Waits until they are there.
    std::optional<QRect> waitFor(const QString& words, const QRect& within = {},
                                 std::chrono::milliseconds patience = kPatience) const;
    bool waitUntilGone(const QString& words, const QRect& within = {},
                       std::chrono::milliseconds patience = kPatience) const;

    /// Waits for the words and clicks them; false if they never came. `below`: so many pixels under them, for a field
    /// whose name stands above.
    bool click(const QString& words, const QRect& within = {}, int below = 0) const;
    void type(const QString& text) const;
    /// By xdotool's names: "Return", "ctrl+f".
    void key(const QString& name) const;
    /// Moves the window whose title holds this to a place; without a window manager nobody else does.
    bool place(const QString& title, const QRect& where) const;
    /// Gives the keyboard to the window whose title holds this.
    bool focus(const QString& title) const;
    void save(const QString& file) const;

private:
    /// The number of the window whose title holds this, once it is visible; empty: there is none.
    [[nodiscard]] QString window(const QString& title) const;
    QByteArray run(const QString& program, const QStringList& arguments, const QByteArray& input = {}) const;
    [[nodiscard]] std::optional<QRect> read(const QImage& picture, const QStringList& words) const;

    std::unique_ptr<QProcess> m_server;
    QString m_display;
    bool m_up = false;
};

}  // namespace kith::test
