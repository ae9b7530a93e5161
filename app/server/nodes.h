// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "app/server/commandline.h"
#include "app/server/invitations.h"

/// Supernodes that stand apart from the login server: invited there, made where they are to run.
namespace kith::app {

/// A link with a code that certifies one supernode. What lies `at` these addresses is named as a supernode in the links
/// that people join by from now on. InvalidArgument: no addresses, or too many.
Result<Offer> makeNodeOffer(store::ServerDatabase& database, NetworkSettings& settings, unsigned days,
                            const std::vector<std::string>& at);

/// `kith-server init --data DIR --supernode LINK`. Gives the exit code.
int initNode(const CommandLine& line);

/// Login servers of the network, looked up now; those that have no address are left out.
std::vector<Endpoint> lookUp(const std::vector<overlay::HostPort>& servers);

}  // namespace kith::app
