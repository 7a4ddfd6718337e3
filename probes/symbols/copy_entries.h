// SPDX-License-Identifier: Apache-2.0
// Where calls of the memcpy family arrive in a file. In glibc they are IFUNCs: the symbol's address is that of a resolver,
// and a probe there counts nothing (docs/adr/0005).
#pragma once

#include <array>

#include "probes/bpf/shared/function_families.h"
#include "probes/symbols/code_file.h"
#include "probes/symbols/function_entries.h"

namespace tare {

// By the indices of FunctionEntry: first those that copy, then those that fill. Go has its own.
inline constexpr auto copy_functions = [] {
    std::array<const char*, copy_function_count> names{};
    names[fn_memcpy] = "memcpy";
    names[fn_memmove] = "memmove";
    names[fn_mempcpy] = "mempcpy";
    names[fn_go_memmove] = "runtime.memmove";
    names[fn_memset] = "memset";
    names[fn_go_memclr] = "runtime.memclrNoHeapPointers";
    return names;
}();

// Empty when `file`, mapped by process `pid`, does not define them. Throws cannot_measure when it does, or may, and which code
// is called there cannot be known.
FileEntries copy_entries(pid_t pid, const CodeFile& file);

}  // namespace tare
