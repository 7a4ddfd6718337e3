// SPDX-License-Identifier: Apache-2.0
#include "probes/allocation_entries.h"

#include <algorithm>
#include <string_view>

#include "probes/elf_file.h"

namespace tare {
namespace {

// Names beside the family's own that tell which allocator a file has.
constexpr std::array<const char*, 4> marks{"__libc_malloc", "__libc_start_main", "__dls3", "default_malloc"};

bool at_one_address(const ElfFunction* left, const ElfFunction* right) {
    return left != nullptr && right != nullptr && left->offset == right->offset;
}

// Some C libraries implement one of the functions by calling another at its entry: such a call is counted there, once
// (tests/foreign/).
std::vector<FunctionEntry> entries_of(const std::vector<ElfFunction>& functions) {
    const auto named = [&](const char* name) { return function_named(functions, name); };
    const bool is_glibc = at_one_address(named("malloc"), named("__libc_malloc")) && named("__libc_start_main") != nullptr;
    // The loader that musl's shared library also is, or the malloc of its static one.
    const bool is_musl = named("__dls3") != nullptr || at_one_address(named("malloc"), named("default_malloc"));
    std::vector<FunctionEntry> entries;
    for (std::size_t index = 0; index < allocation_functions.size(); ++index) {
        const std::string_view name = allocation_functions[index];
        const ElfFunction* const function = named(allocation_functions[index]);
        if (function == nullptr) continue;
        if (is_musl && (name == "calloc" || name == "posix_memalign" || name == "memalign")) continue;
        entries.push_back({index, function->offset, is_glibc && name == "realloc"});
    }
    return entries;
}

}  // namespace

std::vector<FunctionEntry> allocation_entries(const CodeFile& file) {
    const ElfFile elf(file.path(), file.name());
    const auto functions = elf.functions([](std::string_view name) {
        return std::find(allocation_functions.begin(), allocation_functions.end(), name) != allocation_functions.end() ||
               std::find(marks.begin(), marks.end(), name) != marks.end();
    });
    if (function_named(functions, "malloc") == nullptr) {
        if (file.is_program() && !elf.names_interpreter() && !elf.has_symbol_table()) throw_stripped(file.name(), "malloc");
        return {};
    }
    return entries_of(functions);
}

}  // namespace tare
