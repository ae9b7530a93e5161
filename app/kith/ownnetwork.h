// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <filesystem>
#include <QProcess>

#include "ui/models/networkstarter.h"

namespace kith::app {

/// A network of this user's own on this computer: a kith-server as a child process, started again whenever Kith starts.
/// Its data lie in `folder`. Lives on the GUI thread; the server ends with the object.
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
    void complain(const QString& why);
    [[nodiscard]] bool exists() const;
    [[nodiscard]] QString folder() const { return QString::fromStdString(m_folder.string()); }

    std::filesystem::path m_folder;
    QProcess m_init;
    QProcess m_server;
    QProcess m_invite;
};

}  // namespace kith::app
