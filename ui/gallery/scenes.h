// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <vector>

#include "ui/gallery/scriptedport.h"
#include "ui/models/clientmodel.h"

namespace kith::ui {

/// A state of the window: how to bring a scripted client there.
struct Scene {
    const char* name;
    std::function<void(ScriptedPort&, ClientModel&)> play;
};

/// Every view in every state that differs to the eye.
const std::vector<Scene>& scenes();

}  // namespace kith::ui
