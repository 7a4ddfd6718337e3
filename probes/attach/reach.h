// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tare {

// Whose calls a link of uprobes counts: those of the target (or of the tree's root) alone, which costs no other process anything;
// or those of every other process of a tree, for which the kernel must look at all that run the file.
enum class Reach : std::uint8_t { root, others };

}  // namespace tare
