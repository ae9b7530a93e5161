// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/api/json.h"

#include <type_traits>

namespace kith::api {

namespace {

template <Shaped T>
std::optional<BadParameter> readMembers(const QJsonObject& from, T& to) {
    std::optional<BadParameter> bad;
    QJsonObject rest = from;
    const auto read = [&](const auto& each) {
        if (bad) return;
        const QString name = text(each.name);
        const QJsonValue json = rest.take(name);
        if (json.isUndefined()) {
            if (each.required) bad = BadParameter{name};
            return;
        }
        using Type = std::remove_cvref_t<decltype(to.*(each.pointer))>;
        if (!detail::Json<Type>::read(json, to.*(each.pointer))) bad = BadParameter{name};
    };
    std::apply([&](const auto&... each) { (read(each), ...); }, Shape<T>::members());
    if (!bad && !rest.isEmpty()) bad = BadParameter{rest.begin().key()};
    return bad;
}

/// Calls `use` with a default value of each kind of request until it returns true.
template <class Use, class... T>
bool anyRequest(Use&& use, const std::variant<T...>*) {
    return (use(T{}) || ...);
}
constexpr const engine::Request* kRequests = nullptr;

}  // namespace

bool isMethod(const QString& method) {
    return anyRequest([&]<class T>(const T&) { return text(Shape<T>::kName) == method; }, kRequests);
}

std::variant<engine::Request, BadParameter> requestFrom(const QString& method, const QJsonObject& parameters) {
    std::variant<engine::Request, BadParameter> out = BadParameter{method};
    const auto tryRead = [&]<class T>(T request) {
        if (text(Shape<T>::kName) != method) return false;
        if (auto bad = readMembers(parameters, request))
            out = std::move(*bad);
        else
            out = engine::Request(std::move(request));
        return true;
    };
    anyRequest(tryRead, kRequests);
    return out;
}

std::optional<QJsonObject> notificationOf(const engine::Event& event) {
    return std::visit(
        []<class T>(const T& is) -> std::optional<QJsonObject> {
            if constexpr (requires { Shape<T>::kName; }) {
                QJsonObject out = toObject(is);
                out.insert(QStringLiteral("type"), text(Shape<T>::kName));
                return out;
            } else {
                return std::nullopt;
            }
        },
        event);
}

}  // namespace kith::api
