// SPDX-License-Identifier: Apache-2.0
#include "probes/elf_file.h"

#include <fcntl.h>
#include <gelf.h>

#include <algorithm>

#include "core/error.h"

namespace tare {
namespace {

// Calls `visit` with each section and its header.
template <class Visit>
void for_each_section(Elf* elf, Visit visit) {
    for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr; section = elf_nextscn(elf, section)) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) != nullptr) visit(section, header);
    }
}

template <class Visit>
void for_each_segment(Elf* elf, Visit visit) {
    std::size_t count = 0;
    if (elf_getphdrnum(elf, &count) != 0) return;
    for (std::size_t index = 0; index < count; ++index) {
        GElf_Phdr segment;
        if (gelf_getphdr(elf, static_cast<int>(index), &segment) != nullptr) visit(segment);
    }
}

}  // namespace

void ElfFile::Close::operator()(Elf* elf) const { elf_end(elf); }

ElfFile::ElfFile(const std::string& path, const std::string& name) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (!file_) throw cannot_measure("open " + name + ": " + error_text(errno));
    elf_version(EV_CURRENT);
    elf_.reset(elf_begin(file_.get(), ELF_C_READ_MMAP, nullptr));
    GElf_Ehdr header;
    if (!elf_ || elf_kind(elf_.get()) != ELF_K_ELF || gelf_getehdr(elf_.get(), &header) == nullptr)
        throw cannot_measure(name + ": no ELF file");
    if (header.e_machine != EM_X86_64) throw cannot_measure(name + " is not for x86-64: its functions are not probed");
}

bool ElfFile::names_interpreter() const {
    bool found = false;
    for_each_segment(elf_.get(), [&](const GElf_Phdr& segment) { found = found || segment.p_type == PT_INTERP; });
    return found;
}

bool ElfFile::has_symbol_table() const {
    bool found = false;
    for_each_section(elf_.get(), [&](Elf_Scn*, const GElf_Shdr& header) { found = found || header.sh_type == SHT_SYMTAB; });
    return found;
}

std::vector<ElfFunction> ElfFile::functions(const std::function<bool(std::string_view)>& wanted) const {
    std::vector<ElfFunction> found;
    for_each_section(elf_.get(), [&](Elf_Scn* section, const GElf_Shdr& header) {
        if (header.sh_type != SHT_DYNSYM && header.sh_type != SHT_SYMTAB) return;
        Elf_Data* const data = elf_getdata(section, nullptr);
        const std::size_t count = header.sh_entsize == 0 ? 0 : header.sh_size / header.sh_entsize;
        for (std::size_t index = 0; index < count; ++index) {
            GElf_Sym symbol;
            if (gelf_getsym(data, static_cast<int>(index), &symbol) == nullptr || symbol.st_shndx == SHN_UNDEF) continue;
            const auto type = GELF_ST_TYPE(symbol.st_info);
            const char* const name = elf_strptr(elf_.get(), header.sh_link, symbol.st_name);
            if ((type != STT_FUNC && type != STT_GNU_IFUNC) || name == nullptr || !wanted(name)) continue;
            const auto offset = file_offset(symbol.st_value);
            const auto is_same = [&](const ElfFunction& known) { return known.name == name && known.offset == offset; };
            if (offset && std::none_of(found.begin(), found.end(), is_same))
                found.push_back({name, *offset, type == STT_GNU_IFUNC});
        }
    });
    return found;
}

std::optional<std::uint64_t> ElfFile::file_offset(std::uint64_t address) const {
    std::optional<std::uint64_t> offset;
    for_each_segment(elf_.get(), [&](const GElf_Phdr& segment) {
        if (segment.p_type == PT_LOAD && address >= segment.p_vaddr && address < segment.p_vaddr + segment.p_filesz)
            offset = address - segment.p_vaddr + segment.p_offset;
    });
    return offset;
}

std::optional<std::uint64_t> ElfFile::code_address(std::uint64_t offset) const {
    constexpr std::uint64_t page_bytes = 4096;
    std::optional<std::uint64_t> address;
    for_each_segment(elf_.get(), [&](const GElf_Phdr& segment) {
        if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0) return;
        if (offset >= segment.p_offset / page_bytes * page_bytes && offset < segment.p_offset + segment.p_filesz)
            address = offset - segment.p_offset + segment.p_vaddr;
    });
    return address;
}

void throw_stripped(const std::string& name, const std::string& function) {
    throw cannot_measure(name + " is linked statically and stripped: where its " + function +
                         " is cannot be known; keep its symbols (no strip, no -s) or link it dynamically");
}

const ElfFunction* function_named(const std::vector<ElfFunction>& functions, std::string_view name) {
    const auto found = std::find_if(functions.begin(), functions.end(), [&](const auto& each) { return each.name == name; });
    return found == functions.end() ? nullptr : &*found;
}

}  // namespace tare
