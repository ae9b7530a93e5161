// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/lab/allocations.h"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace kith::lab {

namespace {

// The laboratory has one thread.
std::array<Held, kOwners> held;
Owner current = Owner::World;

/// In front of every block; keeps the alignment that operator new promises.
struct alignas(__STDCPP_DEFAULT_NEW_ALIGNMENT__) Label {
    std::size_t size;
    Owner owner;
};

std::size_t chunkOf(std::size_t size) {
    return std::max<std::size_t>(32, (size + 8 + 15) / 16 * 16);
}

void* give(std::size_t size) {
    auto* label = static_cast<Label*>(std::malloc(sizeof(Label) + size));
    if (label == nullptr) std::abort();
    *label = {size, current};
    Held& of = held[static_cast<std::size_t>(current)];
    of.bytes += size;
    of.chunks += chunkOf(size);
    ++of.blocks;
    return label + 1;
}

void takeBack(void* block) {
    if (block == nullptr) return;
    auto* label = static_cast<Label*>(block) - 1;
    Held& of = held[static_cast<std::size_t>(label->owner)];
    of.bytes -= label->size;
    of.chunks -= chunkOf(label->size);
    --of.blocks;
    std::free(label);
}

}  // namespace

Held heldBy(Owner owner) {
    return held[static_cast<std::size_t>(owner)];
}

Charge::Charge(Owner owner) : m_before(current) {
    current = owner;
}

Charge::~Charge() {
    current = m_before;
}

}  // namespace kith::lab

void* operator new(std::size_t size) {
    return kith::lab::give(size);
}
void operator delete(void* block) noexcept {
    kith::lab::takeBack(block);
}
void operator delete(void* block, std::size_t) noexcept {
    kith::lab::takeBack(block);
}
