// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QString>

/// Where a client's local API is, for the client and for who speaks to it. Qt only.
namespace kith::api {

/// `data`: the folder given with --data, empty for the usual one. Below $XDG_RUNTIME_DIR, or without one below a folder
/// of this user in the temporary folder.
QString socketPath(const QString& data);

}  // namespace kith::api
