// SPDX-License-Identifier: Apache-2.0
// Where a function returns: a probe on each of its `ret` instructions sees the result, and leaves the return address in its
// place. One at the return address would not: exceptions and unwinders meet it, and since Linux 6.11 it makes a system call of
// its own.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "probes/symbols/elf_file.h"

namespace tare {

// In bytes from the start of the file: every `ret` of the code in [begin, end), addresses of the file, and of what it jumps to.
// A jump that `is_counted`, by its target, leaves for good. Nothing where the code cannot be followed to all its ends.
std::optional<std::vector<std::uint64_t>> function_exits(const ElfFile& elf, std::uint64_t begin, std::uint64_t end,
                                                         const std::function<bool(std::uint64_t)>& is_counted);

}  // namespace tare
