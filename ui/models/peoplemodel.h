// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QtQmlIntegration/qqmlintegration.h>
#include <QAbstractListModel>
#include <vector>

#include "app/engine/events.h"

namespace kith::ui {

class Requests;

/// The people of the left pane: requests first, then contacts, the latest conversation on top. GUI thread.
class PeopleModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("part of ClientModel")

    Q_PROPERTY(int count READ count NOTIFY countChanged)
    /// Narrows the list to names that contain it; letters' case and accents don't matter.
    Q_PROPERTY(QString filter READ filter WRITE setFilter NOTIFY filterChanged)

public:
    enum Relation { Stranger, RequestSent, RequestReceived, Contact, Blocked };
    Q_ENUM(Relation)
    enum Role {
        UserRole = Qt::UserRole + 1,
        DisplayNameRole,
        RelationRole,
        PresenceRole,      ///< of PresenceModel
        PresenceTextRole,  ///< in words
        MoodRole,
        RequestTextRole,
        UnreadRole,
        LastLineRole,
        LastTimeRole,  ///< short: a time today, a day before
        VerifiedRole,
        KeyChangedRole,
        SectionRole,  ///< what stands above the first of its kind; empty: nothing
    };

    PeopleModel(Requests& requests, QObject* parent);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
    [[nodiscard]] int count() const { return rowCount(); }
    [[nodiscard]] QString filter() const { return m_filter; }
    void setFilter(const QString& filter);

    Q_INVOKABLE void accept(const QString& user);
    Q_INVOKABLE void decline(const QString& user);
    Q_INVOKABLE void withdraw(const QString& user);
    Q_INVOKABLE void remove(const QString& user);
    Q_INVOKABLE void add(const QString& user, const QString& text);

    /// Null if not in the list.
    [[nodiscard]] const engine::Contact* find(const UserName& user) const;

    /// Whether it is shown as the list is filtered.
    [[nodiscard]] bool shows(const UserName& user) const;

    void take(const engine::ContactsReset& event);
    void take(const engine::ContactChanged& event);
    void take(const engine::ContactRemoved& event);

Q_SIGNALS:
    void countChanged();
    void filterChanged();
    void contactChanged(const kith::UserName& user);
    /// A request of ours was refused; a whole sentence.
    void failed(const QString& why);

private:
    void rebuild();
    [[nodiscard]] QString sectionAt(std::size_t row) const;
    [[nodiscard]] QString section(const engine::Contact& contact) const;
    [[nodiscard]] bool matches(const engine::Contact& contact) const;
    void submit(const engine::Request& request);

    Requests& m_requests;
    std::vector<engine::Contact> m_all;
    std::vector<std::size_t> m_rows;  ///< places in m_all, in the order shown
    QString m_filter;
    bool m_hasSections = false;  ///< there are favourites or groups
};

}  // namespace kith::ui
