// SPDX-License-Identifier: Apache-2.0
// Where calls of the malloc family, and of C++'s operator new, arrive in a file that defines them.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "probes/symbols/code_file.h"
#include "probes/symbols/elf_file.h"
#include "probes/symbols/function_entries.h"

namespace tare {

// By the indices of FunctionEntry, as families.bpf.h has them. `new` are all forms of operator new; from `mallocx` on are
// functions that only some allocators have, and `runtime.mallocgc` is Go's.
inline constexpr std::array<const char*, 16> allocation_functions{
    "malloc",  "calloc", "realloc", "aligned_alloc", "posix_memalign", "memalign",       "reallocarray",    "valloc",
    "pvalloc", "new",    "mallocx", "rallocx",       "zalloc",         "malloc_aligned", "realloc_aligned", "runtime.mallocgc"};

// The function that a symbol stands for, under C++'s mangled names and an allocator's prefix, too; none for any other name.
std::optional<std::size_t> allocation_function_of(std::string_view symbol);

// Empty when `file` does not define any. Throws cannot_measure when it may, and nobody can say where.
FileEntries allocation_entries(const CodeFile& file);

}  // namespace tare
