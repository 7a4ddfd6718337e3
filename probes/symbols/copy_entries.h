// SPDX-License-Identifier: Apache-2.0
// Where calls of the memcpy family arrive in a file. In glibc they are IFUNCs: the symbol's address is that of a resolver,
// and a probe there counts nothing (docs/adr/0005).
#pragma once

#include <array>

#include "probes/symbols/code_file.h"
#include "probes/symbols/function_entries.h"

namespace tare {

// By the indices of FunctionEntry, as families.bpf.h has them: first those that copy, then those that fill. Go has its own.
inline constexpr std::array<const char*, 6> copy_functions{"memcpy",          "memmove", "mempcpy",
                                                           "runtime.memmove", "memset",  "runtime.memclrNoHeapPointers"};
inline constexpr std::size_t copying_functions = 4;

// Empty when `file`, mapped by process `pid`, does not define them. Throws cannot_measure when it does, or may, and which code
// is called there cannot be known.
FileEntries copy_entries(pid_t pid, const CodeFile& file);

}  // namespace tare
