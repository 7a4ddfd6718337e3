// SPDX-License-Identifier: Apache-2.0
// Where calls of the malloc family, and of C++'s operator new, arrive in a file that defines them.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "probes/bpf/shared/function_families.h"
#include "probes/symbols/code_file.h"
#include "probes/symbols/elf_file.h"
#include "probes/symbols/function_entries.h"

namespace tare {

// By the indices of FunctionEntry. `new` are all forms of operator new; from `mallocx` on are functions that only some allocators
// have, and `runtime.mallocgc` is Go's.
inline constexpr auto allocation_functions = [] {
    std::array<const char*, allocation_function_count> names{};
    names[fn_malloc] = "malloc";
    names[fn_calloc] = "calloc";
    names[fn_realloc] = "realloc";
    names[fn_aligned_alloc] = "aligned_alloc";
    names[fn_posix_memalign] = "posix_memalign";
    names[fn_memalign] = "memalign";
    names[fn_reallocarray] = "reallocarray";
    names[fn_valloc] = "valloc";
    names[fn_pvalloc] = "pvalloc";
    names[fn_new] = "new";
    names[fn_mallocx] = "mallocx";
    names[fn_rallocx] = "rallocx";
    names[fn_zalloc] = "zalloc";
    names[fn_malloc_aligned] = "malloc_aligned";
    names[fn_realloc_aligned] = "realloc_aligned";
    names[fn_go_mallocgc] = "runtime.mallocgc";
    return names;
}();

// The function that a symbol stands for, under C++'s mangled names and an allocator's prefix, too; none for any other name.
std::optional<std::size_t> allocation_function_of(std::string_view symbol);

// Empty when `file` does not define any. Throws cannot_measure when it may, and nobody can say where.
FileEntries allocation_entries(const CodeFile& file);

}  // namespace tare
