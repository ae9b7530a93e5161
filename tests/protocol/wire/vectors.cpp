// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/protocol/wire/vectors.h"

#include <fstream>
#include <QtGlobal>
#include <sstream>

namespace kith::wire::test {

namespace {

std::vector<std::istringstream> linesOf(const char* file) {
    std::ifstream in(file);
    if (!in) qFatal("no %s", file);
    std::vector<std::istringstream> out;
    for (std::string line; std::getline(in, line);)
        if (!line.empty() && line.front() != '#') out.emplace_back(line);
    return out;
}

}  // namespace

Bytes vectorNamed(std::string_view name) {
    for (auto& line : linesOf(KITH_VECTORS "/wire.txt")) {
        std::string found;
        std::string hex;
        line >> found >> hex;
        if (found == name) return *fromHex(hex);
    }
    qFatal("no vector %.*s", static_cast<int>(name.size()), name.data());
}

std::vector<StreamVector> rfc6229() {
    std::vector<StreamVector> out;
    for (auto& line : linesOf(KITH_VECTORS "/rfc6229.txt")) {
        std::string key;
        std::size_t offset = 0;
        std::string stream;
        line >> key >> offset >> stream;
        out.push_back({*fromHex(key), offset, *fromHex(stream)});
    }
    return out;
}

}  // namespace kith::wire::test
