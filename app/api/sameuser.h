// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

class QLocalSocket;

namespace kith::api {

/// Whether this user's own program is at the other end of a connected socket. Both ends ask: in a folder that everybody
/// may write to, somebody else could have put a socket of the right name.
bool isSameUser(const QLocalSocket& socket);

}  // namespace kith::api
