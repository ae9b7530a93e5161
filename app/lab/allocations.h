// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <cstddef>

namespace kith::lab {

/// Whose memory it is that is asked for right now.
enum class Owner : unsigned { World, Server, Client, Disk };
inline constexpr std::size_t kOwners = 4;

/// Everything that operator new gave and that was not given back, by who asked for it.
struct Held {
    std::size_t bytes = 0;   ///< asked for
    std::size_t chunks = 0;  ///< as malloc rounds them, with its eight bytes for each
    std::size_t blocks = 0;
};
Held heldBy(Owner owner);

/// As long as it lives, memory is charged to this owner.
class Charge {
public:
    explicit Charge(Owner owner);
    ~Charge();
    Charge(const Charge&) = delete;
    Charge& operator=(const Charge&) = delete;

private:
    Owner m_before;
};

}  // namespace kith::lab
