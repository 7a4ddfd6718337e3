// SPDX-License-Identifier: Apache-2.0
// Where a Go program has the functions of its runtime. The Go linker leaves their names in a table of its own (.gopclntab), which
// `strip` does not take away, so they are found without a symbol table.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/symbols/elf_file.h"
#include "probes/symbols/function_entries.h"

namespace tare {

struct GoFunction {
    std::string name;
    std::uint64_t offset = 0;  // of its first instruction that a call runs once, in bytes from the start of the file
    CodeSpan span;             // all of it
};

// Whether the Go linker made the file (gccgo's programs have no such table).
bool is_go(const ElfFile& elf);

// Whether Go passes arguments on the stack there (before 1.17), in place of registers.
struct GoFunctions {
    std::vector<GoFunction> functions;
    bool stack_arguments = false;
};

// Those of a Go file that are `wanted`. Throws cannot_measure, with `name` in it, when the table cannot be read, or when a
// function begins in a way that is not known.
GoFunctions go_functions(const ElfFile& elf, const std::string& name, const std::function<bool(std::string_view)>& wanted);

}  // namespace tare
