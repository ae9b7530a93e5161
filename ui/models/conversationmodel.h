// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QtQmlIntegration/qqmlintegration.h>
#include <deque>
#include <QAbstractListModel>

#include "app/engine/events.h"

namespace kith::ui {

class PeopleModel;
class Requests;

/// The open conversation: messages and calls in one timeline. Row 0 is the newest, so a view that grows upwards keeps
/// its place while older pages come in. GUI thread.
class ConversationModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("part of ClientModel")

    /// The person; empty: none is open. Setting it loads the newest page and marks all as read.
    Q_PROPERTY(QString user READ user WRITE setUser NOTIFY userChanged)
    Q_PROPERTY(QString displayName READ displayName NOTIFY personChanged)
    Q_PROPERTY(bool online READ isOnline NOTIFY personChanged)
    Q_PROPERTY(int presence READ presence NOTIFY personChanged)
    Q_PROPERTY(QString presenceText READ presenceText NOTIFY personChanged)
    Q_PROPERTY(QString mood READ mood NOTIFY personChanged)
    /// What they see of us; PresenceModel::Same: as everybody.
    Q_PROPERTY(int viewPresence READ viewPresence NOTIFY personChanged)
    Q_PROPERTY(QString viewMood READ viewMood NOTIFY personChanged)
    Q_PROPERTY(int relation READ relation NOTIFY personChanged)
    Q_PROPERTY(bool verified READ isVerified NOTIFY personChanged)
    /// They show another key: nothing is sent until it is accepted.
    Q_PROPERTY(bool keyChanged READ isKeyChanged NOTIFY personChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    /// The window is in front: what arrives counts as seen.
    Q_PROPERTY(bool watched READ isWatched WRITE setWatched NOTIFY watchedChanged)
    /// Why the last text was not taken; empty if it was.
    Q_PROPERTY(QString failureText READ failureText NOTIFY failureChanged)

public:
    enum Kind { Message, Call, Trust };
    Q_ENUM(Kind)
    enum Status { Waiting, Sent, Delivered, Read, Received, Seen };
    Q_ENUM(Status)
    enum Role {
        KindRole = Qt::UserRole + 1,
        OursRole,
        TextRole,
        TimeRole,  ///< of day, short
        StatusRole,
        MissedRole,      ///< or another key: worth a warning
        DayRole,         ///< a date in words if this is the first entry of its day, else empty
        GroupStartRole,  ///< first of a run by the same person within five minutes
    };

    ConversationModel(Requests& requests, PeopleModel& people, QObject* parent);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

    [[nodiscard]] QString user() const { return QString::fromStdString(m_user.text()); }
    [[nodiscard]] QString displayName() const;
    [[nodiscard]] bool isOnline() const;
    [[nodiscard]] int presence() const;
    [[nodiscard]] QString presenceText() const;
    [[nodiscard]] QString mood() const;
    [[nodiscard]] int viewPresence() const;
    [[nodiscard]] QString viewMood() const;
    [[nodiscard]] int relation() const;
    [[nodiscard]] bool isVerified() const;
    [[nodiscard]] bool isKeyChanged() const;
    [[nodiscard]] int count() const { return rowCount(); }
    [[nodiscard]] bool isWatched() const { return m_watched; }
    [[nodiscard]] QString failureText() const { return m_failureText; }
    void setUser(const QString& user);
    void setWatched(bool watched);

    /// Returns whether the text was handed on; the composer then empties itself.
    Q_INVOKABLE bool send(const QString& text);

    void take(const engine::MessageAdded& event);
    void take(const engine::MessageChanged& event);
    void take(const engine::CallRecorded& event);
    void take(const engine::TrustChanged& event);
    void take(const engine::ConversationLoaded& event);

Q_SIGNALS:
    void userChanged();
    void personChanged();
    void countChanged();
    void watchedChanged();
    void failureChanged();

private:
    using Entry = engine::ConversationEntry;

    void load();
    void markRead();
    void prepend(Entry entry);
    void setFailure(const QString& text);
    [[nodiscard]] QString dayOf(std::size_t row) const;
    [[nodiscard]] bool startsGroup(std::size_t row) const;

    Requests& m_requests;
    PeopleModel& m_people;
    UserName m_user;
    std::deque<Entry> m_entries;  ///< newest first
    engine::RequestNumber m_loading = 0;
    bool m_complete = false;
    bool m_watched = false;
    QString m_failureText;
};

}  // namespace kith::ui
