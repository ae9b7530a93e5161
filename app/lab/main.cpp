// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <cstdio>
#include <string>
#include <vector>

#include "app/lab/sim.h"
#include "app/lab/spec.h"

namespace {

constexpr const char* kUsage =
    "usage: kith-lab COMMAND\n"
    "\n"
    "  spec [--check] FILE                                  the tables of SPEC.md from the messages\n"
    "  sim [--clients N] [--minutes M] [--seed S]           a network of idle clients in virtual time\n"
    "      [--most-client B] [--most-server B] [--most-wire B]  what each may cost in bytes, and in bytes a second;\n"
    "                                                       more is a failure\n";

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    const std::string command = arguments.empty() ? std::string() : arguments.front();
    if (!arguments.empty()) arguments.erase(arguments.begin());
    if (command == "spec") return kith::lab::spec(arguments);
    if (command == "sim") return kith::lab::sim(arguments);
    std::fputs(kUsage, stderr);
    return 2;
}
