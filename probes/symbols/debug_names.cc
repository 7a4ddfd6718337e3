// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/debug_names.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include <algorithm>
#include <array>
#include <string>

#include "probes/symbols/demangle.h"

namespace tare {
namespace {

constexpr const char* unknown = "[unknown]";

const char* text_of(Dwarf_Die* die, unsigned attribute) {
    Dwarf_Attribute value;
    return dwarf_attr_integrate(die, attribute, &value) == nullptr ? nullptr : dwarf_formstring(&value);
}

const char* linkage_name_of(Dwarf_Die* die) {
    const char* const name = text_of(die, DW_AT_linkage_name);
    return name != nullptr ? name : text_of(die, DW_AT_MIPS_linkage_name);
}

std::string name_of(Dwarf_Die* die) {
    const char* const linkage = linkage_name_of(die);
    const char* const name = linkage != nullptr ? linkage : text_of(die, DW_AT_name);
    return name == nullptr ? unknown : demangled(name);
}

// Of the entry itself: where an inlined function was called from is not in the function that it is an instance of.
std::uint64_t number_of(Dwarf_Die* die, unsigned attribute) {
    Dwarf_Attribute value;
    Dwarf_Word number = 0;
    if (dwarf_attr(die, attribute, &value) == nullptr || dwarf_formudata(&value, &number) != 0) return 0;
    return number;
}

const char* file_named(Dwarf_Die* unit, std::uint64_t index) {
    Dwarf_Files* files = nullptr;
    std::size_t count = 0;
    if (dwarf_getsrcfiles(unit, &files, &count) != 0 || index >= count) return nullptr;
    return dwarf_filesrc(files, index, nullptr, nullptr);
}

void set_place(Frame& frame, const char* file, std::uint64_t line) {
    frame.file = file == nullptr ? "" : file;
    frame.line = line;
}

void set_place(Frame& frame, Dwarf_Line* line) {
    int number = 0;
    if (line != nullptr && dwarf_lineno(line, &number) == 0)
        set_place(frame, dwarf_linesrc(line, nullptr, nullptr), static_cast<std::uint64_t>(number));
}

Dwarf* debug_information(Dwfl_Module* module, std::uint64_t& bias) {
    Dwarf_Addr found = 0;
    Dwarf* const dwarf = dwfl_module_getdwarf(module, &found);
    bias = found;
    return dwarf;
}

struct CodeSymbol {
    std::uint64_t begin;
    std::uint64_t end;
    int rank;  // of two at one place the higher is meant
    const char* name;
};

std::uint64_t section_end(Elf* elf, std::size_t index, std::uint64_t bias) {
    Elf_Scn* const section = elf_getscn(elf, index);
    GElf_Shdr header;
    if (section == nullptr || gelf_getshdr(section, &header) == nullptr) return 0;
    return header.sh_addr + header.sh_size + bias;
}

// Functions, and labels of assembly.
std::vector<CodeSymbol> code_symbols(Dwfl_Module* module) {
    std::vector<CodeSymbol> symbols;
    const int count = dwfl_module_getsymtab(module);
    for (int index = 0; index < count; ++index) {
        GElf_Sym entry;
        GElf_Addr begin = 0;
        GElf_Word section = 0;
        Elf* elf = nullptr;
        Dwarf_Addr bias = 0;
        const char* const name = dwfl_module_getsym_info(module, index, &entry, &begin, &section, &elf, &bias);
        const int type = GELF_ST_TYPE(entry.st_info);
        const bool is_code = type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE;
        if (name == nullptr || *name == '\0' || !is_code || section == SHN_UNDEF || section >= SHN_LORESERVE) continue;
        const int binding = GELF_ST_BIND(entry.st_info);
        const int rank = (type == STT_NOTYPE ? 0 : 4) + (binding == STB_GLOBAL ? 2 : binding == STB_WEAK ? 1 : 0);
        const std::uint64_t end = entry.st_size > 0 ? begin + entry.st_size : section_end(elf, section, bias);
        symbols.push_back({begin, end, entry.st_size > 0 ? rank : rank - 8, name});
    }
    return symbols;
}

}  // namespace

DebugNames::DebugNames(Dwfl_Module* module) : module_(module), units_(debug_information(module, debug_bias_)) {
    GElf_Addr bias = 0;
    if (dwfl_module_getelf(module, &bias) != nullptr) file_bias_ = bias;
    add_symbols();
}

// A symbol that gives no size reaches to the next one.
void DebugNames::add_symbols() {
    std::vector<CodeSymbol> symbols = code_symbols(module_);
    std::sort(symbols.begin(), symbols.end(), [](const CodeSymbol& left, const CodeSymbol& right) {
        return left.begin != right.begin ? left.begin < right.begin : left.rank < right.rank;
    });
    for (std::size_t index = 0; index < symbols.size(); ++index) {
        CodeSymbol& symbol = symbols[index];
        const auto next = std::upper_bound(symbols.begin() + static_cast<std::ptrdiff_t>(index), symbols.end(), symbol.begin,
                                           [](std::uint64_t begin, const CodeSymbol& other) { return begin < other.begin; });
        if (symbol.rank < 0 && next != symbols.end()) symbol.end = std::min(symbol.end, next->begin);
        symbols_.add(symbol.begin, symbol.end, {symbol.begin, symbol.name});
    }
    symbols_.sort();
}

std::vector<Frame> DebugNames::debug_frames(std::uint64_t address) {
    const Symbol* const symbol = symbols_.at(address);
    const std::string symbol_name = symbol == nullptr ? unknown : demangled(symbol->name);
    const std::uint64_t place = address - debug_bias_;
    DebugUnits::Unit* const unit = units_.at(place);
    Frame frame{symbol_name};
    if (unit == nullptr) return {frame};
    set_place(frame, dwarf_getsrc_die(&unit->lines, place));
    std::vector<Frame> frames;
    for (Dwarf_Die& die : DebugUnits::scopes(*unit, place)) {
        frame.is_inlined = dwarf_tag(&die) == DW_TAG_inlined_subroutine;
        frame.function = name_of(&die);
        // Where the debug information has the bare name, a symbol that is mangled has the scope as well.
        const bool is_bare = linkage_name_of(&die) == nullptr && symbol != nullptr && symbol_name != symbol->name;
        if (!frame.is_inlined && (is_bare || frame.function == unknown)) frame.function = symbol_name;
        frames.push_back(frame);
        if (frame.is_inlined)
            set_place(frame, file_named(&unit->tree, number_of(&die, DW_AT_call_file)), number_of(&die, DW_AT_call_line));
    }
    if (frames.empty()) frames.push_back(frame);
    return frames;
}

std::uint64_t DebugNames::function_begin(std::uint64_t address) {
    const Symbol* const symbol = symbols_.at(address);
    return symbol == nullptr ? 0 : symbol->begin;
}

std::vector<Frame> DebugNames::frames_at(std::uint64_t address) {
    std::vector<Frame> frames = debug_frames(address);
    for (Frame& frame : frames) frame.offset = address - file_bias_;
    return frames;
}

}  // namespace tare
