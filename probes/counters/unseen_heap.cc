// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/unseen_heap.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "probes/symbols/allocation_entries.h"
#include "probes/symbols/elf_file.h"
#include "probes/symbols/go_functions.h"

namespace tare {
namespace {

// A function that only this runtime defines.
struct Runtime {
    std::string_view symbol;
    const char* objects;  // as the absent part is called
};

constexpr std::array runtimes{
    Runtime{"JNI_CreateJavaVM", "objects of Java"},   Runtime{"_ZN2v82V810GetVersionEv", "objects of V8"},
    Runtime{"PyObject_Malloc", "objects of CPython"}, Runtime{"caml_alloc_shr", "objects of OCaml"},
    Runtime{"hs_init", "objects of Haskell"},         Runtime{"coreclr_initialize", "objects of .NET"},
    Runtime{"RhpNewFast", "objects of .NET"},         Runtime{"mono_object_new", "objects of Mono"},
    Runtime{"enif_alloc", "terms of Erlang"},         Runtime{"luaJIT_setmode", "objects of LuaJIT"},
    Runtime{"rb_newobj_of", "objects of Ruby"},       Runtime{"_emalloc", "objects of PHP"},
    Runtime{"Perl_newSV", "scalars of Perl"},         Runtime{"GC_malloc", "objects of Boehm's collector"},
    Runtime{"jl_gc_alloc", "objects of Julia"},       Runtime{"_d_newclass", "objects of D"}};

// gccgo's library has the function under the same name as Go's own runtime, and calls it like a function of C.
constexpr std::string_view go_allocator = "runtime.mallocgc";

// In a message of jemalloc's that is there under whatever names its functions were linked in.
constexpr std::string_view jemalloc_message = "<jemalloc>: ";

bool holds(std::string_view bytes, std::string_view text) {
    return ::memmem(bytes.data(), bytes.size(), text.data(), text.size()) != nullptr;
}

}  // namespace

std::optional<std::string> unseen_heap(const CodeFile& file) {
    const ElfFile elf(file.path(), file.name());
    const auto runtime_of = [](std::string_view name) {
        return std::find_if(runtimes.begin(), runtimes.end(), [&](const Runtime& runtime) { return runtime.symbol == name; });
    };
    bool allocates = false;
    const auto found = elf.functions([&](std::string_view name) {
        allocates = allocates || allocation_function_of(name);
        return runtime_of(name) != runtimes.end() || name == go_allocator;
    });
    for (const ElfFunction& function : found) {
        if (function.name != go_allocator) return runtime_of(function.name)->objects;
        if (!is_go(elf)) return "objects of gccgo";
    }
    if (file.is_program() && !allocates && !elf.has_symbol_table() && holds(elf.bytes(), jemalloc_message))
        return "jemalloc under names that were stripped";
    return std::nullopt;
}

}  // namespace tare
