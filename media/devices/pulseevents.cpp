// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/devices/pulseevents.h"

#include <pulse/pulseaudio.h>

namespace kith::devices {

namespace {
/// Between two looks for a server that went away.
constexpr pa_usec_t kRetry = 5 * PA_USEC_PER_SEC;
}  // namespace

/// All of it runs on the thread of `loop`, but for construction and destruction, which hold its lock.
struct PulseEvents::Connection {
    explicit Connection(std::function<void(Server)> callback) : changed(std::move(callback)) {
        loop = pa_threaded_mainloop_new();
        if (loop == nullptr) return;
        pa_threaded_mainloop_set_name(loop, "sound devices");
        connect();
        pa_threaded_mainloop_start(loop);
    }
    ~Connection() {
        if (loop == nullptr) return;
        pa_threaded_mainloop_stop(loop);
        disconnect();
        pa_threaded_mainloop_free(loop);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void connect() {
        context = pa_context_new(pa_threaded_mainloop_get_api(loop), "Kith");
        if (context == nullptr) return;
        pa_context_set_state_callback(context, &Connection::onState, this);
        pa_context_set_subscribe_callback(context, &Connection::onEvent, this);
        // Whether there is a server is not ours to decide.
        pa_context_connect(context, nullptr, PA_CONTEXT_NOAUTOSPAWN, nullptr);
    }
    void disconnect() {
        if (context == nullptr) return;
        pa_context_set_state_callback(context, nullptr, nullptr);
        pa_context_set_subscribe_callback(context, nullptr, nullptr);
        pa_context_disconnect(context);
        pa_context_unref(context);
        context = nullptr;
    }
    void askForServer() { forget(pa_context_get_server_info(context, &Connection::onServer, this)); }
    static void forget(pa_operation* operation) {
        if (operation != nullptr) pa_operation_unref(operation);
    }

    static void onState(pa_context* context, void* self) {
        auto* that = static_cast<Connection*>(self);
        const pa_context_state_t state = pa_context_get_state(context);
        if (state == PA_CONTEXT_READY) {
            const auto what = static_cast<pa_subscription_mask_t>(
                PA_SUBSCRIPTION_MASK_SINK | PA_SUBSCRIPTION_MASK_SOURCE | PA_SUBSCRIPTION_MASK_SERVER);
            forget(pa_context_subscribe(context, what, nullptr, nullptr));
            that->askForServer();
        } else if (state == PA_CONTEXT_FAILED) {
            that->changed({});
            pa_context_rttime_new(context, pa_rtclock_now() + kRetry, &Connection::onRetry, that);
        }
    }
    static void onRetry(pa_mainloop_api* api, pa_time_event* event, const timeval*, void* self) {
        api->time_free(event);
        auto* that = static_cast<Connection*>(self);
        that->disconnect();
        that->connect();
    }
    static void onEvent(pa_context*, pa_subscription_event_type_t, std::uint32_t, void* self) {
        static_cast<Connection*>(self)->askForServer();
    }
    static void onServer(pa_context*, const pa_server_info* info, void* self) {
        const auto text = [](const char* name) { return std::string(name != nullptr ? name : ""); };
        if (info != nullptr)
            static_cast<Connection*>(self)->changed(
                {true, text(info->default_source_name), text(info->default_sink_name)});
    }

    std::function<void(Server)> changed;
    pa_threaded_mainloop* loop = nullptr;
    pa_context* context = nullptr;
};

PulseEvents::PulseEvents(std::function<void(Server)> changed)
    : m_connection(std::make_unique<Connection>(std::move(changed))) {}
PulseEvents::~PulseEvents() = default;

void PulseEvents::ask() {
    if (m_connection->loop == nullptr) return;
    pa_threaded_mainloop_lock(m_connection->loop);
    // One that is not ready tells when it gets there, or that it failed.
    const bool ready =
        m_connection->context != nullptr && pa_context_get_state(m_connection->context) == PA_CONTEXT_READY;
    if (ready) m_connection->askForServer();
    pa_threaded_mainloop_unlock(m_connection->loop);
}

}  // namespace kith::devices
