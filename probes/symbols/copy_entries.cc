// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/copy_entries.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/error.h"
#include "probes/symbols/chosen_version.h"
#include "probes/symbols/elf_file.h"
#include "probes/symbols/go_functions.h"
#include "probes/symbols/passed_calls.h"

namespace tare {
namespace {

bool is_go_function(std::size_t index) { return std::string_view(copy_functions[index]).starts_with("runtime."); }

// glibc's names for what a version needs of the processor (sysdeps/x86_64/multiarch), after the function's name.
constexpr std::array<std::string_view, 5> requirements{"sse", "ssse", "avx", "evex", "erms"};

// Of the names `__memcpy_avx_unaligned_erms` and the like, which function they are versions of. Others only look alike:
// `__mempcpy_small`, and the checked ones (`__memcpy_chk_…`), which go on at the entry of an unchecked one.
std::optional<std::size_t> version_of(std::string_view name) {
    for (std::size_t index = 0; index < copy_functions.size(); ++index) {
        // No string is made here: tare may be probing itself, and a file has thousands of names.
        const std::string_view function = copy_functions[index];
        if (!name.starts_with("__") || !name.substr(2).starts_with(function)) continue;
        std::string_view rest = name.substr(2 + function.size());
        if (!rest.starts_with('_')) continue;
        rest.remove_prefix(1);
        if (std::any_of(requirements.begin(), requirements.end(), [&](std::string_view need) { return rest.starts_with(need); }))
            return index;
    }
    return std::nullopt;
}

std::optional<std::size_t> index_of(std::string_view name) {
    for (std::size_t index = 0; index < copy_functions.size(); ++index) {
        if (name == copy_functions[index]) return index;
    }
    return std::nullopt;
}

// What clang calls in place of a function of the family where it checks each access; it does the same.
std::optional<std::size_t> instrumented(std::string_view name) {
    for (const std::string_view prefix : {"__asan_", "__hwasan_", "__msan_", "__tsan_"}) {
        if (name.starts_with(prefix)) return index_of(name.substr(prefix.size()));
    }
    return std::nullopt;
}

void add_go(const ElfFile& elf, const std::string& name, FileEntries& found) {
    const GoFunctions go =
        go_functions(elf, name, [](std::string_view function) { return function.starts_with("runtime.") && index_of(function); });
    for (const GoFunction& function : go.functions)
        found.entries.push_back(
            {.function = *index_of(function.name), .offset = function.offset, .stack_arguments = go.stack_arguments});
}

// A file that stands before the C library (a sanitizer's, a profiler's) may leave the work to that one.
void find_passed_calls(const ElfFile& elf, const std::vector<ElfFunction>& members, FileEntries& found) {
    const auto leads_elsewhere = [](std::string_view symbol) {
        return symbol == "dlsym" || symbol == "dlvsym" || index_of(symbol);
    };
    if (members.empty()) return;
    found.passes_on = elf.imports(leads_elsewhere);
    const PassedCalls calls(elf, members, leads_elsewhere, found.passes_on);
    for (const ElfFunction& function : members) {
        const auto entry = std::find_if(found.entries.begin(), found.entries.end(),
                                        [&](const FunctionEntry& each) { return each.offset == function.offset; });
        entry->leaves_by_jump = calls.jumps(function);
        if (calls.calls(function))
            found.callers.push_back({function.offset, function.offset + calls.end_of(function) - function.address});
    }
}

std::vector<FunctionEntry> chosen_entries(pid_t pid) {
    std::vector<FunctionEntry> entries;
    for (std::size_t index = 0; index < copy_functions.size(); ++index) {
        if (!is_go_function(index)) entries.push_back({index, chosen_version(pid, copy_functions[index])});
    }
    return entries;
}

// Every version of every function that the file chooses one of when it starts: only the chosen one is called.
std::vector<FunctionEntry> all_versions(const CodeFile& file, const std::vector<ElfFunction>& functions) {
    std::vector<FunctionEntry> entries;
    for (std::size_t index = 0; index < copy_functions.size(); ++index) {
        const ElfFunction* const named = function_named(functions, copy_functions[index]);
        const std::size_t before = entries.size();
        for (const ElfFunction& function : functions) {
            if (!function.is_ifunc && version_of(function.name) == index) entries.push_back({index, function.offset});
        }
        if (named != nullptr && named->is_ifunc && entries.size() == before)
            throw cannot_measure(
                file.name() + " chooses its " + named->name + " when it starts, and no symbol says among which; " +
                "use a C library that is not stripped, or the one that tare runs on (" + own_c_library_name() + ")");
    }
    return entries;
}

}  // namespace

FileEntries copy_entries(pid_t pid, const CodeFile& file) {
    const ElfFile elf(file.path(), file.name());
    FileEntries found;
    const bool go = is_go(elf);
    if (go) add_go(elf, file.name(), found);
    const auto functions = elf.functions([](std::string_view name) {
        return index_of(name) || instrumented(name) || version_of(name) || name == "__dls3" || name == "__init_libc";
    });
    const bool is_static = file.is_program() && !elf.names_interpreter();
    if (is_static && !elf.has_symbol_table() && (!go || elf.section(".comment"))) throw_stripped(file.name(), "memcpy");
    std::vector<FunctionEntry>& entries = found.entries;
    std::vector<ElfFunction> members;
    for (const ElfFunction& function : functions) {
        const auto index = index_of(function.name) ? index_of(function.name) : instrumented(function.name);
        if (!index) continue;
        if (function.is_ifunc) {
            const std::vector<FunctionEntry> chosen =
                is_own_c_library(file) ? chosen_entries(pid) : all_versions(file, functions);
            entries.insert(entries.end(), chosen.begin(), chosen.end());
            return found;
        }
        entries.push_back({*index, function.offset});
        members.push_back(function);
    }
    // Its loader tells musl's shared library, its start a static program. musl's mempcpy calls its memcpy, and its memmove jumps
    // there when it may copy forwards.
    const bool is_musl = function_named(functions, "__dls3") != nullptr || function_named(functions, "__init_libc") != nullptr;
    if (is_musl) {
        std::erase_if(entries, [](const FunctionEntry& entry) { return entry.function == fn_mempcpy; });
        for (FunctionEntry& entry : entries) entry.enters_another = entry.function == fn_memmove;
    } else {
        find_passed_calls(elf, members, found);
    }
    std::stable_sort(entries.begin(), entries.end(),
                     [](const FunctionEntry& left, const FunctionEntry& right) { return left.function < right.function; });
    return found;
}

}  // namespace tare
