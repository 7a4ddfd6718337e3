// SPDX-License-Identifier: Apache-2.0
// Where calls of the memcpy family arrive in a file. In glibc they are IFUNCs: the symbol's address is that of a resolver,
// and a probe there counts nothing (docs/adr/0005).
#pragma once

#include <array>
#include <vector>

#include "probes/code_file.h"
#include "probes/uprobes.h"

namespace tare {

// By the indices of FunctionEntry.
inline constexpr std::array<const char*, 4> copy_functions{"memcpy", "memmove", "mempcpy", "memset"};

// Empty when `file`, mapped by process `pid`, does not define them. Throws cannot_measure when it does, or may, and which code
// is called there cannot be known.
std::vector<FunctionEntry> copy_entries(pid_t pid, const CodeFile& file);

}  // namespace tare
