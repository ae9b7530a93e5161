// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <memory>
#include <QObject>

namespace kith::test {

/// Puts a Qt Test object into this program's list; see KITH_TEST.
struct Registration {
    explicit Registration(std::function<std::unique_ptr<QObject>()> make);
};

}  // namespace kith::test

/// At namespace scope, once for each test class of a source file.
#define KITH_TEST(Class) \
    static const ::kith::test::Registration registration##Class([] { return std::make_unique<Class>(); })
