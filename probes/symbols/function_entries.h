// SPDX-License-Identifier: Apache-2.0
// Where a file has the functions that a probe counts, and what of their code matters to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tare {

// A place in a file where calls of a function arrive: its index among those that the probe counts.
struct FunctionEntry {
    std::size_t function = 0;
    std::uint64_t offset = 0;            // bytes from the start of the file
    bool enters_another = false;         // some calls go on at the entry of another counted function
    bool leaves_by_jump = false;         // it may end in a jump to another counted function
    bool stack_arguments = false;        // its arguments are on the stack
    std::uint64_t semaphore_offset = 0;  // of a USDT probe, the counter of who watches it, likewise; 0: none
};

// Code of a file, in bytes from its start.
struct CodeSpan {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

// What a file has of a probe's functions.
struct FileEntries {
    std::vector<FunctionEntry> entries;
    std::vector<CodeSpan> callers;     // functions among them that may call others: such calls are theirs (function.bpf.h)
    bool passes_on = false;            // they may call functions of other files
    std::vector<std::uint64_t> exits;  // instructions, in bytes from the file's start, at which a second program runs
};

}  // namespace tare
