// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/echo/echo.h"

#include <QFile>
#include <QSaveFile>

#include "media/audio/echosound.h"
#include "protocol/crypto/systemrandom.h"

namespace kith::echo {

namespace {

using namespace std::chrono_literals;

constexpr auto kDelay = 1s;
constexpr auto kFirstPause = 2s;
constexpr std::chrono::seconds kLongestPause = 10min;
/// Everybody may call at once; more than this is busy.
constexpr std::size_t kMostCalls = 200;

QString passwordFile(const std::filesystem::path& data) {
    return QString::fromStdString((data / "password").string());
}

}  // namespace

Echo::Echo(Options options, QObject* parent) : QObject(parent), m_options(std::move(options)), m_pause(kFirstPause) {
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, [this] { signIn(true); });
    const auto makeSound = [](const auto&) { return std::make_unique<audio::EchoSound>(kDelay); };
    const auto tell = [this](const engine::Event& event) { happened(event); };
    m_host = std::make_unique<app::ClientHost>(
        app::ClientHost::Options{m_options.data, makeSound, tell, m_options.log, {kMostCalls, false}});
}

Echo::~Echo() {
    // First the threads that tell us things.
    m_host.reset();
}

Result<void> Echo::start() {
    if (const auto started = m_host->start(); !started) return started;
    submit(engine::Refresh{});
    return {};
}

void Echo::submit(engine::Request request) {
    m_host->submit(++m_lastNumber, std::move(request));
}

void Echo::happened(const engine::Event& event) {
    for (engine::Request& request : m_manners.heed(event)) submit(std::move(request));
    if (const auto* changed = std::get_if<engine::AccountChanged>(&event)) {
        // A name without connection is an account that is being taken up again.
        const bool nobody =
            changed->account.connection == engine::Connection::SignedOut && changed->account.user.isEmpty();
        if (!nobody) m_again.stop();
        if (nobody && m_signing == 0 && !m_again.isActive()) signIn(true);
        if (changed->account.connection == engine::Connection::Online) m_pause = kFirstPause;
    } else if (const auto* done = std::get_if<engine::Done>(&event)) {
        answered(*done);
    }
}

/// Kept, so that the same account is found again when the rest of the folder is lost.
Result<std::string> Echo::password() const {
    QFile kept(passwordFile(m_options.data));
    if (kept.open(QFile::ReadOnly)) return kept.readAll().toStdString();
    crypto::SystemRandom random;
    const std::string made = toBase64Url(random.bytes<24>());
    QSaveFile file(kept.fileName());
    const bool written = file.open(QFile::WriteOnly) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
                         file.write(made.data(), static_cast<qint64>(made.size())) > 0 && file.commit();
    if (!written) return fail(Fault::StorageBroken, "the echo contact's password");
    return made;
}

void Echo::signIn(bool isNew) {
    const auto secret = password();
    const std::string link = m_options.link();
    if (!secret || link.empty()) {
        m_options.log.write(LogLevel::Error, "echo", "the echo contact has no way into the network");
        return;
    }
    m_signingUp = isNew;
    const std::string user(kUser);
    if (isNew)
        submit(engine::SignUp{link, user, "Echo", *secret});
    else
        submit(engine::SignIn{link, user, *secret});
    m_signing = m_lastNumber;
}

void Echo::answered(const engine::Done& done) {
    if (done.request != m_signing) return;
    m_signing = 0;
    const auto reason = done.failure.reason;
    if (reason == engine::Reason::None) return;
    if (m_signingUp && reason == engine::Reason::NameTaken) return signIn(false);
    m_options.log.write(LogLevel::Warning, "echo", "the echo contact could not sign in; it tries again");
    m_again.start(m_pause);
    m_pause = std::min(2 * m_pause, kLongestPause);
}

}  // namespace kith::echo
