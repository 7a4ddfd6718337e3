// SPDX-License-Identifier: Apache-2.0
// The functions of a file's debug information by their addresses, with what was inlined there. Found in the tree of each unit and
// not by .debug_aranges, which clang does not write, nor by dwarf_getscopes(), which gives up where a linker inlined a function
// of another unit.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <deque>
#include <vector>

#include "probes/symbols/range_index.h"

namespace tare {

class DebugUnits {
public:
    struct Unit {
        Dwarf_Die lines{};  // that has the line table
        Dwarf_Die tree{};   // that has the functions; another one only where they are in a file of their own (-gsplit-dwarf)
        RangeIndex<Dwarf_Die> functions;
        bool has_functions = false;  // whether `functions` is filled; it is when first asked for
    };

    // `dwarf` must outlive it; nullptr has no units.
    explicit DebugUnits(Dwarf* dwarf);

    // The unit that code at an address of the file was compiled in; nullptr where none is known.
    Unit* at(std::uint64_t address);
    // The function at an address and what was inlined around it, innermost first, the function last; empty when none is there.
    static std::vector<Dwarf_Die> scopes(Unit& unit, std::uint64_t address);

private:
    std::deque<Unit> units_;
    RangeIndex<Unit*> ranges_;
};

}  // namespace tare
