// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/allocation_entries.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "core/error.h"
#include "probes/symbols/function_exits.h"
#include "probes/symbols/go_functions.h"
#include "probes/symbols/passed_calls.h"

namespace tare {
namespace {

constexpr std::size_t index_of(std::string_view name) {
    for (std::size_t index = 0; index < allocation_functions.size(); ++index) {
        if (name == allocation_functions[index]) return index;
    }
    return allocation_functions.size();
}

// Names beside the family's own that tell which C library a file is or holds.
constexpr std::array<std::string_view, 4> marks{"__libc_malloc", "__libc_start_main", "__dls3", "default_malloc"};

// Of allocators that stand beside the C library's: jemalloc (also as Rust's crates build it), mimalloc, tcmalloc.
constexpr std::array<std::string_view, 5> prefixes{"_rjem_je_", "_rjem_", "je_", "mi_", "tc_"};

// mimalloc's names for what others have under another, or not at all.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> synonyms{{{"malloc_small", "malloc"},
                                                                                  {"zalloc_small", "zalloc"},
                                                                                  {"zalloc_aligned", "malloc_aligned"},
                                                                                  {"calloc_aligned", "calloc"},
                                                                                  {"new_nothrow", "new"},
                                                                                  {"new_aligned", "new"},
                                                                                  {"new_aligned_nothrow", "new"},
                                                                                  {"newarray", "new"},
                                                                                  {"newarray_aligned", "new"},
                                                                                  {"newarray_nothrow", "new"}}};

std::optional<std::size_t> of_c(std::string_view name) {
    const std::size_t index = index_of(name);
    return index < fn_go_mallocgc && index != fn_new ? std::optional(index) : std::nullopt;
}

// operator new and new[] of a std::size_t, also with an alignment, with nothrow, with a hint for tcmalloc. What else stands
// behind the size is a program's own, such as an arena to take it from.
bool is_operator_new(std::string_view symbol) {
    if (!symbol.starts_with("_Znwm") && !symbol.starts_with("_Znam")) return false;
    symbol.remove_prefix(std::string_view("_Znwm").size());
    for (const std::string_view argument : {"St11align_val_t", "RKSt9nothrow_t", "12__hot_cold_t"}) {
        if (symbol.starts_with(argument)) symbol.remove_prefix(argument.size());
    }
    return symbol.empty();
}

// A second name that glibc gives to one of its own, for those that stand before it.
bool is_inner_name(std::string_view symbol) {
    constexpr std::string_view prefix = "__libc_";
    return symbol.starts_with(prefix) && allocation_function_of(symbol.substr(prefix.size()));
}

// By which a library may call malloc in another file, though it defines malloc.
bool leads_elsewhere(std::string_view symbol) {
    return symbol == "dlsym" || symbol == "dlvsym" || allocation_function_of(symbol) || is_inner_name(symbol);
}

// Their operator new is a call of malloc or aligned_alloc, as C++ describes the default one, and nothing else.
bool is_standard_library(const ElfFile& elf) {
    const std::string name = elf.shared_name();
    return name.starts_with("libstdc++.so") || name.starts_with("libc++.so") || name.starts_with("libc++abi.so");
}

// Where a program has C++'s own library inside: an exception is allocated by malloc, but what throws does not return memory.
bool throws(std::string_view symbol) { return symbol.starts_with("__cxa_") || symbol == "_ZSt9terminatev"; }

bool at_one_address(const ElfFunction* left, const ElfFunction* right) {
    return left != nullptr && right != nullptr && left->offset == right->offset;
}

void add_go(const ElfFile& elf, const std::string& name, FileEntries& found) {
    // Go 1.26 calls functions for one size class past mallocgc, which calls them in turn.
    const auto wanted = [](std::string_view function) {
        constexpr std::string_view allocator = allocation_functions[fn_go_mallocgc];
        if (!function.starts_with(allocator)) return false;
        const std::string_view rest = function.substr(allocator.size());
        return rest.empty() || rest.starts_with("SmallScanNoHeaderSC") || rest.starts_with("SmallNoScanSC") ||
               rest.starts_with("TinySize");
    };
    const GoFunctions go = go_functions(elf, name, wanted);
    for (const GoFunction& function : go.functions) {
        found.entries.push_back({.function = fn_go_mallocgc, .offset = function.offset, .stack_arguments = go.stack_arguments});
        if (function.name == allocation_functions[fn_go_mallocgc] && go.functions.size() > 1)
            found.callers.push_back(function.span);
    }
}

class Family {
public:
    Family(const ElfFile& elf, const CodeFile& file) : elf_(elf), file_(file) {
        all_ = elf.functions([](std::string_view name) {
            return allocation_function_of(name) || throws(name) || std::find(marks.begin(), marks.end(), name) != marks.end();
        });
        for (const ElfFunction& function : all_) {
            const auto index = allocation_function_of(function.name);
            if (index) members_.push_back(function);
            if (throws(function.name)) throwing_.insert(function.address);
            defines_malloc_ = defines_malloc_ || (index && *index != fn_new);
        }
    }

    bool empty() const { return members_.empty() || (!defines_malloc_ && is_standard_library(elf_)); }

    // Some C libraries implement one of the functions by calling another at its entry, and do nothing else: such a call is
    // counted there, once (tests/accuracy/external/). What others pass on is told when they do (function.bpf.h).
    void add_to(FileEntries& found) const {
        const bool is_glibc = at_one_address(named("malloc"), named("__libc_malloc")) && named("__libc_start_main") != nullptr;
        // The loader that musl's shared library also is, or the malloc of its static one.
        const bool is_musl = named("__dls3") != nullptr || at_one_address(named("malloc"), named("default_malloc"));
        found.passes_on = !defines_malloc_ || (!is_glibc && !is_musl && elf_.imports(leads_elsewhere));
        const PassedCalls calls(elf_, members_, leads_elsewhere, found.passes_on);
        for (const ElfFunction& function : members_) {
            const std::string_view name = function.name;
            if (is_musl && (name == "calloc" || name == "posix_memalign" || name == "memalign" || name == "valloc")) continue;
            if (!defines_malloc_ || elf_.imports(is_inner_name)) demand_known(calls, function);
            FunctionEntry entry{.function = *allocation_function_of(name), .offset = function.offset};
            entry.enters_another =
                (is_glibc && entry.function == fn_realloc) || ((is_glibc || is_musl) && entry.function == fn_reallocarray);
            entry.leaves_by_jump = !entry.enters_another && calls.jumps(function);
            found.entries.push_back(entry);
            if (entry.function == fn_realloc) add_exits(found, calls, function);
            if (calls.calls(function))
                add_caller(found, {function.offset, function.offset + calls.end_of(function) - function.address});
        }
        // Of names at one address the family's first counts.
        std::stable_sort(found.entries.begin(), found.entries.end(),
                         [](const FunctionEntry& left, const FunctionEntry& right) { return left.function < right.function; });
    }

private:
    const ElfFunction* named(std::string_view name) const { return function_named(all_, name); }

    void demand_known(const PassedCalls& calls, const ElfFunction& function) const {
        if (calls.may_reach_by_others(function, throwing_))
            throw cannot_measure(file_.name() + ": its " + allocation_functions[*allocation_function_of(function.name)] +
                                 " allocates through other functions: which calls of malloc are its, and which the program's, " +
                                 "cannot be told");
    }

    // Of two names for one function the exits are found twice.
    void add_exits(FileEntries& found, const PassedCalls& calls, const ElfFunction& function) const {
        const auto exits = function_exits(elf_, function.address, calls.end_of(function),
                                          [&](std::uint64_t target) { return calls.is_in_family(target); });
        for (const std::uint64_t exit : exits.value_or(std::vector<std::uint64_t>{})) {
            if (std::find(found.exits.begin(), found.exits.end(), exit) == found.exits.end()) found.exits.push_back(exit);
        }
    }

    // Neighbours, and names of one function, are one.
    static void add_caller(FileEntries& found, CodeSpan span) {
        const auto touches = [&](const CodeSpan& known) { return span.begin <= known.end && known.begin <= span.end; };
        for (auto known = std::find_if(found.callers.begin(), found.callers.end(), touches); known != found.callers.end();
             known = std::find_if(found.callers.begin(), found.callers.end(), touches)) {
            span = {std::min(span.begin, known->begin), std::max(span.end, known->end)};
            found.callers.erase(known);
        }
        found.callers.push_back(span);
    }

    const ElfFile& elf_;
    const CodeFile& file_;
    std::vector<ElfFunction> all_;
    std::vector<ElfFunction> members_;
    std::set<std::uint64_t> throwing_;
    bool defines_malloc_ = false;
};

}  // namespace

std::optional<std::size_t> allocation_function_of(std::string_view symbol) {
    if (is_operator_new(symbol)) return fn_new;
    if (const auto index = of_c(symbol); index && *index <= fn_rallocx) return index;
    for (const std::string_view prefix : prefixes) {
        if (!symbol.starts_with(prefix)) continue;
        std::string_view name = symbol.substr(prefix.size());
        for (const auto& [synonym, usual] : synonyms) {
            if (name == synonym) name = usual;
        }
        if (name == allocation_functions[fn_new]) return fn_new;
        if (const auto index = of_c(name)) return index;
    }
    return std::nullopt;
}

FileEntries allocation_entries(const CodeFile& file) {
    const ElfFile elf(file.path(), file.name());
    FileEntries found;
    const bool go = is_go(elf);
    if (go) add_go(elf, file.name(), found);
    const Family family(elf, file);
    if (!family.empty()) {
        family.add_to(found);
        return found;
    }
    // What the Go linker makes by itself has no C in it; what the system's linker makes of the same says by which compiler.
    const bool has_c = !go || elf.section(".comment");
    if (file.is_program() && !elf.names_interpreter() && !elf.has_symbol_table() && has_c) throw_stripped(file.name(), "malloc");
    return found;
}

}  // namespace tare
