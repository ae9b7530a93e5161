// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <filesystem>
#include <QElapsedTimer>
#include <QProcess>
#include <QTimer>

#include "protocol/base/backoff.h"
#include "protocol/crypto/systemrandom.h"
#include "ui/models/networkstarter.h"

namespace kith::app {

/// A network of this user's own on this computer: a kith-server as a child process, started again whenever Kith starts,
/// and when it ends by itself. Its data lie in `folder`. Lives on the GUI thread; the server ends with the object.
class OwnNetwork final : public ui::NetworkStarter {
    Q_OBJECT

public:
    explicit OwnNetwork(std::filesystem::path folder, QObject* parent = nullptr);
    ~OwnNetwork() override;

    /// Runs the network if one was made before; otherwise does nothing.
    void resume();
    [[nodiscard]] bool isPresent() const override { return exists(); }
    void start(const QString& networkName) override;
    void invite() override;

private:
    void initialise(const QString& networkName);
    void initialised(int exitCode);
    void invitationMade(int exitCode);
    void run();
    void listenToServer();
    void serverEnded(int exitCode, QProcess::ExitStatus how);
    /// Tells why, unless that is what was told last, and starts the server again after a while.
    void runAgain(const QString& why);
    void complain(const QString& why);
    [[nodiscard]] bool exists() const;
    [[nodiscard]] QString folder() const { return QString::fromStdString(m_folder.string()); }

    static constexpr std::chrono::minutes kHealthy{1};  ///< who ran so long starts anew after a short wait

    std::filesystem::path m_folder;
    QProcess m_init;
    QProcess m_server;
    QProcess m_invite;
    QString m_lastWords;  ///< the server's last line of complaint
    QString m_told;
    QElapsedTimer m_running;
    QTimer m_again;
    crypto::SystemRandom m_random;
    Backoff m_backoff{std::chrono::seconds(2), std::chrono::minutes(1)};
};

}  // namespace kith::app
