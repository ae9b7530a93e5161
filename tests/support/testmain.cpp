// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/testmain.h"

#ifdef KITH_TEST_GUI
#include <QGuiApplication>
using Application = QGuiApplication;
#else
#include <QCoreApplication>
using Application = QCoreApplication;
#endif
#include <cstring>
#include <QTest>
#include <vector>

namespace kith::test {

namespace {

auto& registered() {
    static std::vector<std::function<std::unique_ptr<QObject>()>> list;
    return list;
}

}  // namespace

Registration::Registration(std::function<std::unique_ptr<QObject>()> make) {
    registered().push_back(std::move(make));
}

}  // namespace kith::test

// Runs every registered object, or only those whose class is named: `test_x ClassName [-- Qt Test arguments]`.
int main(int argc, char** argv) {
    // A crash in a crash handler would start debuggers without end.
    qputenv("QTEST_DISABLE_STACK_DUMP", "1");
    Application app(argc, argv);
    const char* only = argc > 1 && argv[1][0] != '-' ? argv[1] : nullptr;
    std::vector<char*> arguments{argv[0]};
    for (int i = only ? 2 : 1; i < argc; ++i)
        if (std::strcmp(argv[i], "--") != 0) arguments.push_back(argv[i]);

    int failures = 0;
    bool any = false;
    for (const auto& make : kith::test::registered()) {
        const auto object = make();
        if (only && std::strcmp(object->metaObject()->className(), only) != 0) continue;
        any = true;
        failures += QTest::qExec(object.get(), static_cast<int>(arguments.size()), arguments.data());
    }
    if (!any) qCritical("no such test class");
    return any && failures == 0 ? 0 : 1;
}
