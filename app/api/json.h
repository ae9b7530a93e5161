// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <chrono>
#include <cmath>
#include <QJsonArray>
#include <QJsonObject>
#include <variant>

#include "app/api/names.h"
#include "app/api/shapes.h"

/// Shaped values to JSON and back. Ids are hexadecimal, times milliseconds since 1970, spans milliseconds, what is
/// absent is left out.
namespace kith::api {

template <class T>
QJsonValue toJson(const T& value);

template <Shaped T>
QJsonObject toObject(const T& value) {
    QJsonObject out;
    const auto put = [&](const auto& each) {
        const QJsonValue json = toJson(value.*(each.pointer));
        if (!json.isUndefined())
            out.insert(QLatin1String(each.name.data(), static_cast<qsizetype>(each.name.size())), json);
    };
    std::apply([&](const auto&... each) { (put(each), ...); }, Shape<T>::members());
    return out;
}

inline QString text(std::string_view from) {
    return QString::fromUtf8(from.data(), static_cast<qsizetype>(from.size()));
}

namespace detail {

template <class T>
struct Json;

template <Shaped T>
struct Json<T> {
    static QJsonValue write(const T& value) { return toObject(value); }
};
template <Named T>
struct Json<T> {
    static QJsonValue write(T value) { return text(nameOf(value)); }
    static bool read(const QJsonValue& json, T& to) {
        const auto value = fromName<T>(json.toString().toStdString());
        if (value) to = *value;
        return value.has_value();
    }
};
template <>
struct Json<bool> {
    static QJsonValue write(bool value) { return value; }
    static bool read(const QJsonValue& json, bool& to) { return json.isBool() && (to = json.toBool(), true); }
};
template <>
struct Json<int> {
    static QJsonValue write(int value) { return value; }
    static bool read(const QJsonValue& json, int& to) {
        const double number = json.toDouble(-0.5);
        if (number != std::floor(number) || std::abs(number) > 1e9) return false;
        to = static_cast<int>(number);
        return true;
    }
};
template <>
struct Json<double> {
    static QJsonValue write(double value) { return value; }
};
template <>
struct Json<std::string> {
    static QJsonValue write(const std::string& value) { return text(value); }
    static bool read(const QJsonValue& json, std::string& to) {
        if (!json.isString()) return false;
        to = json.toString().toStdString();
        return true;
    }
};
template <>
struct Json<UserName> {
    static QJsonValue write(const UserName& value) { return text(value.text()); }
    static bool read(const QJsonValue& json, UserName& to) {
        const auto name = UserName::parse(json.toString().toStdString());
        if (name) to = *name;
        return name.has_value();
    }
};
template <class Tag, std::size_t N>
struct Json<Id<Tag, N>> {
    static QJsonValue write(const Id<Tag, N>& value) { return text(value.hex()); }
    static bool read(const QJsonValue& json, Id<Tag, N>& to) {
        const auto bytes = fromHex(json.toString().toStdString());
        const auto id = bytes ? Id<Tag, N>::from(*bytes) : fail(Fault::Malformed);
        if (id) to = *id;
        return id.has_value();
    }
};
template <>
struct Json<UnixMillis> {
    static QJsonValue write(UnixMillis value) { return static_cast<qint64>(value.time_since_epoch().count()); }
    static bool read(const QJsonValue& json, UnixMillis& to) {
        const double number = json.toDouble(-1);
        if (number < 0 || number > 1e15) return false;
        to = UnixMillis(std::chrono::milliseconds(static_cast<std::int64_t>(number)));
        return true;
    }
};
template <class Rep, class Period>
struct Json<std::chrono::duration<Rep, Period>> {
    static QJsonValue write(std::chrono::duration<Rep, Period> value) {
        return std::chrono::duration<double, std::milli>(value).count();
    }
};
template <class T>
struct Json<std::optional<T>> {
    static QJsonValue write(const std::optional<T>& value) {
        return value ? toJson(*value) : QJsonValue(QJsonValue::Undefined);
    }
    static bool read(const QJsonValue& json, std::optional<T>& to) {
        if (json.isNull()) return to.reset(), true;
        return Json<T>::read(json, to.emplace());
    }
};
template <class T>
struct Json<std::vector<T>> {
    static QJsonValue write(const std::vector<T>& values) {
        QJsonArray out;
        for (const T& value : values) out.append(toJson(value));
        return out;
    }
    static bool read(const QJsonValue& json, std::vector<T>& to) {
        if (!json.isArray()) return false;
        to.clear();
        for (const auto each : json.toArray())
            if (!Json<T>::read(each, to.emplace_back())) return false;
        return true;
    }
};
/// With a `type` that tells which one it is.
template <class... T>
struct Json<std::variant<T...>> {
    static QJsonValue write(const std::variant<T...>& value) {
        return std::visit(
            []<class Is>(const Is& is) -> QJsonValue {
                QJsonObject out = toObject(is);
                out.insert(QStringLiteral("type"), text(Shape<Is>::kName));
                return out;
            },
            value);
    }
};

}  // namespace detail

template <class T>
QJsonValue toJson(const T& value) {
    return detail::Json<T>::write(value);
}

/// The parameter that is missing, can't be read, or is unknown: a misspelt one would else be taken for absent.
struct BadParameter {
    QString name;
};

std::variant<engine::Request, BadParameter> requestFrom(const QString& method, const QJsonObject& parameters);
bool isMethod(const QString& method);
/// Nothing for events that answer a request.
std::optional<QJsonObject> notificationOf(const engine::Event& event);

}  // namespace kith::api
