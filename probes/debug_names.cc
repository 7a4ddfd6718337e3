// SPDX-License-Identifier: Apache-2.0
#include "probes/debug_names.h"

#include <cxxabi.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include <cstdlib>
#include <memory>
#include <span>
#include <string>

namespace tare {
namespace {

struct Free {
    void operator()(void* memory) const { std::free(memory); }
};

std::string demangled(const char* name) {
    if (name == nullptr) return "[unknown]";
    int status = 0;
    const std::unique_ptr<char, Free> text(abi::__cxa_demangle(name, nullptr, nullptr, &status));
    return status == 0 && text ? text.get() : name;
}

std::string name_of(Dwarf_Die* die) {
    for (const unsigned attribute : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name, DW_AT_name}) {
        Dwarf_Attribute value;
        if (dwarf_attr_integrate(die, attribute, &value) != nullptr) return demangled(dwarf_formstring(&value));
    }
    return "[unknown]";
}

std::uint64_t number_of(Dwarf_Die* die, unsigned attribute) {
    Dwarf_Attribute value;
    Dwarf_Word number = 0;
    if (dwarf_attr_integrate(die, attribute, &value) == nullptr || dwarf_formudata(&value, &number) != 0) return 0;
    return number;
}

// The compilation unit of an address. Compilers that write no .debug_aranges (clang) leave it to be looked for.
Dwarf_Die* unit_at(Dwfl_Module* module, std::uint64_t address, Dwarf_Addr* bias) {
    Dwarf_Die* const known = dwfl_module_addrdie(module, address, bias);
    if (known != nullptr) return known;
    Dwarf_Die* unit = nullptr;
    while ((unit = dwfl_module_nextcu(module, unit, bias)) != nullptr) {
        if (dwarf_haspc(unit, address - *bias) > 0) return unit;
    }
    return nullptr;
}

// The function at an address and what was inlined around it, innermost first, then what these stand in.
struct Scopes {
    Scopes(Dwarf_Die* unit, std::uint64_t address) {
        Dwarf_Die* at_address = nullptr;
        const int count = dwarf_getscopes(unit, address, &at_address);
        const std::unique_ptr<Dwarf_Die, Free> owned(at_address);
        if (count <= 0) return;
        // By address the outer scopes of an inlined function are those of its definition; by the tree, of where it is.
        Dwarf_Die* around = nullptr;
        const int around_count = dwarf_getscopes_die(at_address, &around);
        dies.reset(around);
        if (around_count > 0) size = static_cast<std::size_t>(around_count);
    }
    std::span<Dwarf_Die> all() const { return {dies.get(), size}; }

    std::unique_ptr<Dwarf_Die, Free> dies;
    std::size_t size = 0;
};

const char* file_named(Dwarf_Die* unit, std::uint64_t index) {
    Dwarf_Files* files = nullptr;
    std::size_t count = 0;
    if (dwarf_getsrcfiles(unit, &files, &count) != 0 || index >= count) return nullptr;
    return dwarf_filesrc(files, index, nullptr, nullptr);
}

std::vector<Frame> debug_frames(Dwfl_Module* module, std::uint64_t address) {
    std::vector<Frame> frames;
    Dwarf_Addr bias = 0;
    Dwarf_Die* const unit = unit_at(module, address, &bias);
    if (unit == nullptr) return frames;
    Frame frame;
    if (Dwfl_Line* const line = dwfl_module_getsrc(module, address); line != nullptr) {
        int number = 0;
        const char* const file = dwfl_lineinfo(line, nullptr, &number, nullptr, nullptr, nullptr);
        frame.file = file == nullptr ? "" : file;
        frame.line = static_cast<std::uint64_t>(number);
    }
    const Scopes scopes(unit, address - bias);
    for (Dwarf_Die& die : scopes.all()) {
        const int tag = dwarf_tag(&die);
        if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) continue;
        frame.function = name_of(&die);
        frame.is_inlined = tag == DW_TAG_inlined_subroutine;
        frames.push_back(frame);
        if (!frame.is_inlined) break;
        const char* const file = file_named(unit, number_of(&die, DW_AT_call_file));
        frame.file = file == nullptr ? "" : file;
        frame.line = number_of(&die, DW_AT_call_line);
    }
    return frames;
}

}  // namespace

std::vector<Frame> frames_in(Dwfl_Module* module, std::uint64_t address) {
    std::vector<Frame> frames = debug_frames(module, address);
    if (frames.empty() || frames.back().is_inlined) frames.push_back({demangled(dwfl_module_addrname(module, address))});
    Dwarf_Addr bias = 0;
    if (dwfl_module_getelf(module, &bias) == nullptr) bias = 0;
    for (Frame& frame : frames) frame.offset = address - bias;
    return frames;
}

}  // namespace tare
