// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QtQmlIntegration/qqmlintegration.h>
#include <functional>
#include <QAbstractListModel>
#include <QTimer>
#include <vector>

#include "app/engine/events.h"

namespace kith::ui {

class Requests;

/// People of the network who fit what is in the search field and are not in the list of contacts above; asks when the
/// typing pauses. GUI thread.
class SearchModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("part of ClientModel")

    Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(bool searching READ isSearching NOTIFY searchingChanged)
    /// What to say when nobody is shown: nobody found, too short, no connection.
    Q_PROPERTY(QString hint READ hint NOTIFY hintChanged)

public:
    /// Similar: only with a mistake in typing.
    enum Role { UserRole = Qt::UserRole + 1, DisplayNameRole, RelationRole, SimilarRole };
    /// Whether somebody is shown among the contacts.
    using Listed = std::function<bool(const UserName&)>;

    SearchModel(Requests& requests, Listed listed, QObject* parent);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
    [[nodiscard]] int count() const { return rowCount(); }
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] bool isSearching() const { return m_asked != 0; }
    [[nodiscard]] QString hint() const { return m_hint; }
    void setText(const QString& text);

    /// Asks at once instead of at the next pause: Enter was pressed.
    Q_INVOKABLE void askNow();

    void take(const engine::PeopleFound& event);
    /// Without a connection nobody is asked; when it comes back, what is in the field is.
    void setOnline(bool online);
    /// The list of contacts shows others than before.
    void listChanged();
    /// Keeps the relation of a shown person up to date.
    void update(const UserName& user, engine::Relation relation);

Q_SIGNALS:
    void textChanged();
    void countChanged();
    void searchingChanged();
    void hintChanged();

private:
    void ask();
    void answered(const engine::Failure& failure);
    void show(std::vector<engine::FoundPerson> people);
    void setHint(const QString& hint);

    Requests& m_requests;
    Listed m_listed;
    QTimer m_pause;
    QString m_text;
    QString m_hint;
    engine::RequestNumber m_asked = 0;
    bool m_online = false;
    std::vector<engine::FoundPerson> m_found;   ///< all of them
    std::vector<engine::FoundPerson> m_people;  ///< those that are shown
};

}  // namespace kith::ui
