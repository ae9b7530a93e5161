// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

// firstframe RUNS PROGRAM [ARGUMENT...]: milliseconds from starting a program until its window shows something, a line
// each run. Needs a display with nothing else on it.

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int kWidth = 1000;
constexpr int kHeight = 680;
constexpr int kEvery = 25;         ///< lines apart: looking must not cost what is measured
constexpr std::size_t kEmpty = 8;  ///< colours of a window that has no content yet, and a few to spare

struct DestroyImage {
    void operator()(XImage* image) const { XDestroyImage(image); }
};

/// Whether there is more on the screen than one colour.
bool painted(Display* display) {
    std::vector<unsigned long> colours;
    for (int y = kEvery; y < kHeight; y += kEvery) {
        const std::unique_ptr<XImage, DestroyImage> line(
            XGetImage(display, DefaultRootWindow(display), 0, y, kWidth, 1, AllPlanes, ZPixmap));
        for (int x = 0; line && x < kWidth; ++x) {
            const unsigned long pixel = XGetPixel(line.get(), x, 0);
            if (std::find(colours.begin(), colours.end(), pixel) == colours.end()) colours.push_back(pixel);
            if (colours.size() > kEmpty) return true;
        }
    }
    return false;
}

bool waitUntilPainted(Display* display, bool wanted) {
    const auto end = Clock::now() + 30s;
    while (painted(display) != wanted) {
        if (Clock::now() > end) return false;
        std::this_thread::sleep_for(2ms);
    }
    return true;
}

pid_t start(char** command) {
    const pid_t child = fork();
    if (child != 0) return child;
    execv(command[0], command);
    _exit(127);
}

}  // namespace

int main(int argc, char** argv) {
    Display* display = argc > 2 ? XOpenDisplay(nullptr) : nullptr;
    if (display == nullptr) {
        std::fprintf(stderr, "firstframe RUNS PROGRAM [ARGUMENT...], with a display\n");
        return 2;
    }
    for (int i = 0; i < std::atoi(argv[1]); ++i) {
        if (!waitUntilPainted(display, false)) return 1;
        const auto from = Clock::now();
        const pid_t child = start(argv + 2);
        const bool there = waitUntilPainted(display, true);
        const std::chrono::duration<double, std::milli> took = Clock::now() - from;
        kill(child, SIGTERM);
        waitpid(child, nullptr, 0);
        if (!there) return 1;
        std::printf("%.0f\n", took.count());
    }
    XCloseDisplay(display);
    return 0;
}
