// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/debug_units.h"

#include <dwarf.h>

#include <algorithm>

namespace tare {
namespace {

template <class Value>
void add_ranges(RangeIndex<Value>& index, Dwarf_Die* die, const Value& value) {
    Dwarf_Addr base = 0;
    Dwarf_Addr begin = 0;
    Dwarf_Addr end = 0;
    std::ptrdiff_t place = 0;
    while ((place = dwarf_ranges(die, place, &base, &begin, &end)) > 0) index.add(begin, end, value);
}

// Calls `visit` with each child until it says that it has had enough; returns whether it had.
template <class Visit>
bool any_child(Dwarf_Die parent, const Visit& visit) {
    Dwarf_Die child;
    if (dwarf_child(&parent, &child) != 0) return false;
    do {
        if (visit(child)) return true;
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

bool is_block(int tag) { return tag == DW_TAG_lexical_block || tag == DW_TAG_try_block || tag == DW_TAG_catch_block; }

bool may_hold_functions(int tag) {
    return tag == DW_TAG_namespace || tag == DW_TAG_module || tag == DW_TAG_class_type || tag == DW_TAG_structure_type ||
           tag == DW_TAG_union_type || tag == DW_TAG_subprogram || is_block(tag);
}

void add_functions(RangeIndex<Dwarf_Die>& functions, const Dwarf_Die& parent) {
    any_child(parent, [&](Dwarf_Die& child) {
        const int tag = dwarf_tag(&child);
        if (tag == DW_TAG_subprogram) add_ranges(functions, &child, child);
        if (may_hold_functions(tag)) add_functions(functions, child);
        return false;
    });
}

// Outermost first. A block may have no addresses of its own and still hold what was inlined.
bool add_inlined(std::vector<Dwarf_Die>& scopes, const Dwarf_Die& parent, std::uint64_t address) {
    return any_child(parent, [&](Dwarf_Die& child) {
        const int tag = dwarf_tag(&child);
        if (tag != DW_TAG_inlined_subroutine && !is_block(tag)) return false;
        const bool is_here = dwarf_haspc(&child, address) > 0;
        if (tag == DW_TAG_inlined_subroutine && is_here) scopes.push_back(child);
        const bool has_addresses = dwarf_hasattr(&child, DW_AT_low_pc) != 0 || dwarf_hasattr(&child, DW_AT_ranges) != 0;
        if (is_here || (is_block(tag) && !has_addresses)) return add_inlined(scopes, child, address) || is_here;
        return false;
    });
}

}  // namespace

DebugUnits::DebugUnits(Dwarf* dwarf) {
    Dwarf_CU* before = nullptr;
    Dwarf_CU* next = nullptr;
    Dwarf_Die unit{};
    Dwarf_Die split{};
    while (dwarf != nullptr && dwarf_get_units(dwarf, before, &next, nullptr, nullptr, &unit, &split) == 0) {
        units_.push_back({unit, split.addr != nullptr ? split : unit, {}, false});
        add_ranges(ranges_, &unit, &units_.back());
        before = next;
    }
    ranges_.sort();
}

DebugUnits::Unit* DebugUnits::at(std::uint64_t address) {
    Unit** const found = ranges_.at(address);
    return found == nullptr ? nullptr : *found;
}

std::vector<Dwarf_Die> DebugUnits::scopes(Unit& unit, std::uint64_t address) {
    if (!unit.has_functions) {
        add_functions(unit.functions, unit.tree);
        unit.functions.sort();
        unit.has_functions = true;
    }
    std::vector<Dwarf_Die> scopes;
    if (const Dwarf_Die* const function = unit.functions.at(address)) {
        scopes.push_back(*function);
        add_inlined(scopes, *function, address);
    }
    std::reverse(scopes.begin(), scopes.end());
    return scopes;
}

}  // namespace tare
