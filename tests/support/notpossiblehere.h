// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QTest>

/// In a test function, for what this computer does not let it do: skips the rest. Where CI is set it fails instead:
/// there everything is to be looked at.
#define KITH_NOT_POSSIBLE_HERE(why)                      \
    do {                                                 \
        if (qEnvironmentVariableIsSet("CI")) QFAIL(why); \
        QSKIP(why);                                      \
    } while (false)
