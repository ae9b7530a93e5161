// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QJsonDocument>

#include "app/api/json.h"
#include "tests/fuzz/require.h"

// What another program asks of the local API: a line of JSON becomes one request of the engine, which means the same
// when it is written down again, or one parameter is named that is wrong.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kith;
    const QByteArray line(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    const QJsonObject call = QJsonDocument::fromJson(line).object();
    const QString method = call.value(QStringLiteral("method")).toString();
    const auto request = api::requestFrom(method, call.value(QStringLiteral("params")).toObject());
    const auto* understood = std::get_if<engine::Request>(&request);
    fuzz::require(!understood || api::isMethod(method));
    if (!understood) return 0;
    const auto written = [](const engine::Request& it) {
        return std::visit([](const auto& is) { return api::toObject(is); }, it);
    };
    const auto again = api::requestFrom(method, written(*understood));
    fuzz::require(std::holds_alternative<engine::Request>(again));
    fuzz::require(written(std::get<engine::Request>(again)) == written(*understood));
    return 0;
}
