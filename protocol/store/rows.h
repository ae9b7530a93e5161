// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QString>
#include <QVariant>
#include <string>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"

/// Values as a database holds them, and back.
namespace kith::store {

inline QVariant text(const std::string& value) {
    return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
}
inline QVariant text(const UserName& user) {
    return text(user.text());
}
inline QVariant number(std::uint64_t value) {
    return static_cast<qlonglong>(value);
}
inline QVariant seconds(UnixTime time) {
    return static_cast<qlonglong>(time.time_since_epoch().count());
}
inline QVariant millis(UnixMillis time) {
    return static_cast<qlonglong>(time.time_since_epoch().count());
}
inline std::string textOf(const QVariant& value) {
    return value.toString().toStdString();
}
inline UnixTime timeOf(const QVariant& value) {
    return UnixTime{std::chrono::seconds{value.toLongLong()}};
}
inline UnixMillis millisOf(const QVariant& value) {
    return UnixMillis{std::chrono::milliseconds{value.toLongLong()}};
}

}  // namespace kith::store
