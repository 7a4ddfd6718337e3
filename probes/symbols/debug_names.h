// SPDX-License-Identifier: Apache-2.0
// Names of the addresses in one file, as its symbols and its debug information have them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "probes/symbols/call_site.h"
#include "probes/symbols/debug_units.h"
#include "probes/symbols/range_index.h"

struct Dwfl_Module;

namespace tare {

class DebugNames {
public:
    // Reads what the module has; the module must outlive it.
    explicit DebugNames(Dwfl_Module* module);

    // The frames at `address` of the process: one for each function that was inlined there, innermost first, then the function
    // itself. Their `module` and `is_program` are left to the caller. `offset` is the address in the file.
    std::vector<Frame> frames_at(std::uint64_t address);
    // Where the symbol begins that `address` of the process is in; 0 where none is known.
    std::uint64_t function_begin(std::uint64_t address);

private:
    struct Symbol {
        std::uint64_t begin;
        const char* name;
    };
    void add_symbols();
    std::vector<Frame> debug_frames(std::uint64_t address);

    Dwfl_Module* module_;
    std::uint64_t file_bias_ = 0;   // address in the process less the one in the file
    std::uint64_t debug_bias_ = 0;  // the same of its debug information
    DebugUnits units_;
    RangeIndex<Symbol> symbols_;  // by address in the process
};

}  // namespace tare
