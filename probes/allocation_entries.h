// SPDX-License-Identifier: Apache-2.0
// Where calls of the malloc family arrive in a file that defines it.
#pragma once

#include <array>
#include <vector>

#include "probes/code_file.h"
#include "probes/uprobes.h"

namespace tare {

// By the indices of FunctionEntry.
inline constexpr std::array<const char*, 6> allocation_functions{"malloc",        "calloc",         "realloc",
                                                                 "aligned_alloc", "posix_memalign", "memalign"};

// Empty when `file` does not define malloc. Throws cannot_measure when it may, and nobody can say where.
std::vector<FunctionEntry> allocation_entries(const CodeFile& file);

}  // namespace tare
