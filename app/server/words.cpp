// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/server/words.h"

#include <cstdio>
#include <map>

namespace kith::app {

namespace {

void print(std::FILE* to, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), to);
    std::fputc('\n', to);
    std::fflush(to);
}

constexpr std::string_view kProgramHelp = R"(kith-server - login server and supernode of a Kith network

  kith-server init      make a network: keys, database, and the link that people join by
  kith-server run       run it
  kith-server invite    make a link that lets people sign up, or a supernode join
  kith-server accounts  list, add, disable, enable
  kith-server renew     new certificates for the server; needs the root key, once in 90 days

  kith-server help COMMAND tells more. Exit code: 0 done, 1 it did not work, 2 it was called wrongly.)";

constexpr std::string_view kInitHelp = R"(kith-server init --data DIR --name NAME [options]

Makes a network in the folder DIR (made if it isn't there) and prints the link that people join it by.

  --name NAME            what people call the network
  --address HOST[:PORT]  where clients find this server; may be given several times. Without it: the addresses that
                         this computer has now
  --port PORT            UDP and TCP; 33033 if not given
  --registration WHO     invite (default): who has an invitation; open: everybody; operator: only names that you add
  --root-key FILE        where the root key is written; DIR/root.key if not given. Move it off line afterwards
  --embedded             a network that runs on somebody's own computer: the root key stays in DIR, certificates renew
                         themselves, and the link is good for many

kith-server init --data DIR --supernode LINK

Makes a supernode of a network that is there, on a computer of its own; LINK is what kith-server invite --supernode
printed. When it runs it fetches its certificate from the login server and keeps it fresh.)";

constexpr std::string_view kRunHelp = R"(kith-server run --data DIR [options]

Runs until it is told to stop (Ctrl+C, or the signal TERM). HUP reads renewed certificates.

  --listen ADDRESS[:PORT]  where to listen; all addresses and the port of init (a supernode of its own: 33033) if not
                           given. IPv6: [ADDRESS]:PORT
  --tcp-port PORT          listen on this TCP port, too (80 and 443 help people behind strict firewalls); may be given
                           several times
  --login-only             only login server
  --supernode-only         only supernode
  --no-echo                without the echo contact, whom everybody can call to hear themselves)";

constexpr std::string_view kInviteHelp = R"(kith-server invite --data DIR [--uses N] [--days N]

Prints a link with an invitation in it: good for one person and 30 days if nothing else is said. The server may run
meanwhile. Who sends it on invites others: treat it like a key.

kith-server invite --supernode --data DIR [--at HOST:PORT]... [--days N]

Prints a link that makes one supernode on another computer, within 7 days if nothing else is said. --at: where people
find it. From then on the links that people join by name the supernodes that were given so, and only them: if this
server is one, too, give its own address as well.)";

constexpr std::string_view kAccountsHelp = R"(kith-server accounts list --data DIR
kith-server accounts add NAME --data DIR [--days N]
kith-server accounts invite --data DIR [--uses N] [--days N]
kith-server accounts disable NAME --data DIR
kith-server accounts enable NAME --data DIR

add sets a name aside and prints the link by which that person, and nobody else, signs up with it. disable ends an
account's sessions within a minute and lets it sign in no more; its name stays taken. The server may run meanwhile.)";

constexpr std::string_view kRenewHelp = R"(kith-server renew --data DIR [--root-key FILE] [--stolen]

Makes new certificates for the server under the network's root key (DIR/root.key if not given), good for 90 days. The
links that people have stay good. A running server takes them over within the hour, or at once at the signal HUP.

With --stolen the certificates before are withdrawn: somebody has them who should not. Programs learn it when they renew
theirs, which running ones do once a day, and believe the old ones no more.)";

}  // namespace

void say(std::string_view text) {
    print(stdout, text);
}

int complain(std::string_view text) {
    print(stderr, "kith-server: " + std::string(text));
    return kFailed;
}

int complainAboutUse(std::string_view text, std::string_view command) {
    complain(std::string(text) + " See: kith-server help" + (command.empty() ? "" : " ") + std::string(command));
    return kUsage;
}

std::string why(const Error& error, const std::string& file) {
    switch (error.fault) {
        case Fault::DiskFull: return "The disk is full: " + file + " could not be written. Make room and try again.";
        case Fault::PermissionDenied:
            return "No permission to read and write " + file + ". Run this as the user who owns it.";
        case Fault::NotFound: return file + " is not there.";
        case Fault::InUse: return file + " is in use by another program. Stop it and try again.";
        case Fault::UnknownVersion:
            return file + " was written by a newer kith-server. Install that version or a newer one.";
        case Fault::StorageBroken:
            return file + " is damaged. Nothing was changed. Put a copy of the data folder back, or look at the disk.";
        default: return file + ": " + std::string(name(error.fault)) + ".";
    }
}

std::string dateOf(UnixTime time) {
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text;
}

std::string_view helpFor(std::string_view command) {
    static const std::map<std::string_view, std::string_view> texts{
        {"", kProgramHelp},      {"init", kInitHelp},         {"run", kRunHelp},
        {"invite", kInviteHelp}, {"accounts", kAccountsHelp}, {"renew", kRenewHelp}};
    const auto at = texts.find(command);
    return at == texts.end() ? std::string_view() : at->second;
}

}  // namespace kith::app
