// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <filesystem>
#include <memory>
#include <QObject>
#include <QTimer>
#include <string>

#include "app/echo/manners.h"
#include "app/host/clienthost.h"

namespace kith::echo {

/// The echo contact of a network: an ordinary client without microphone and window, by the name of "echo", that
/// everybody may add, write to and call to hear themselves. Makes its account when it has none. Lives on the main
/// thread.
class Echo final : public QObject {
    Q_OBJECT

public:
    static constexpr std::string_view kUser = "echo";

    struct Options {
        std::filesystem::path data;  ///< of its own
        /// By which it joins; asked for only when there is no account yet. May be empty: then it can't.
        std::function<std::string()> link;
        LogSink& log;
    };

    explicit Echo(Options options, QObject* parent = nullptr);
    ~Echo() override;

    Result<void> start();

private:
    void happened(const engine::Event& event);
    void signIn(bool isNew);
    void submit(engine::Request request);
    void answered(const engine::Done& done);
    [[nodiscard]] Result<std::string> password() const;

    Options m_options;
    std::unique_ptr<app::ClientHost> m_host;
    Manners m_manners;
    QTimer m_again;
    std::chrono::seconds m_pause;
    engine::RequestNumber m_lastNumber = 0;
    engine::RequestNumber m_signing = 0;  ///< the request that is to sign in, if one is under way
    bool m_signingUp = false;
};

}  // namespace kith::echo
