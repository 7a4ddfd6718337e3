// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/elf_file.h"

#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

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

// Of a table, by the bytes that the file has of it: its header may say more.
std::size_t entry_count(const Elf_Data* data, const GElf_Shdr& header) {
    return data == nullptr || header.sh_entsize == 0 ? 0 : data->d_size / header.sh_entsize;
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
        for (std::size_t index = 0; index < entry_count(data, header); ++index) {
            GElf_Sym symbol;
            if (gelf_getsym(data, static_cast<int>(index), &symbol) == nullptr || symbol.st_shndx == SHN_UNDEF) continue;
            const auto type = GELF_ST_TYPE(symbol.st_info);
            const char* const name = elf_strptr(elf_.get(), header.sh_link, symbol.st_name);
            if ((type != STT_FUNC && type != STT_GNU_IFUNC) || name == nullptr || !wanted(name)) continue;
            const auto offset = file_offset(symbol.st_value);
            const auto is_same = [&](const ElfFunction& known) { return known.name == name && known.offset == offset; };
            if (offset && std::none_of(found.begin(), found.end(), is_same))
                found.push_back({name, *offset, type == STT_GNU_IFUNC, symbol.st_value, symbol.st_size});
        }
    });
    return found;
}

std::string_view ElfFile::bytes() const {
    std::size_t size_bytes = 0;
    const char* const begin = elf_rawfile(elf_.get(), &size_bytes);
    return begin == nullptr ? std::string_view() : std::string_view(begin, size_bytes);
}

std::optional<ElfFile::Section> ElfFile::section(std::string_view name) const {
    std::size_t names = 0;
    std::optional<Section> found;
    if (elf_getshdrstrndx(elf_.get(), &names) != 0) return found;
    for_each_section(elf_.get(), [&](Elf_Scn*, const GElf_Shdr& header) {
        const char* const section_name = elf_strptr(elf_.get(), names, header.sh_name);
        if (found || section_name == nullptr || name != section_name || header.sh_type == SHT_NOBITS) return;
        if (header.sh_offset > bytes().size() || header.sh_size > bytes().size() - header.sh_offset) return;
        found = {header.sh_addr, bytes().substr(header.sh_offset, header.sh_size)};
    });
    return found;
}

// By a read: a uprobe of any tracer on this machine stands as an int3 in every mapping of the file, also in one that is only
// read.
std::string ElfFile::bytes_at(std::uint64_t address, std::uint64_t size_bytes) const {
    std::string found;
    for_each_segment(elf_.get(), [&](const GElf_Phdr& segment) {
        if (segment.p_type != PT_LOAD || address < segment.p_vaddr || address - segment.p_vaddr >= segment.p_filesz) return;
        const std::uint64_t skipped = address - segment.p_vaddr;
        found.resize(std::min(size_bytes, segment.p_filesz - skipped));
        const ssize_t count = ::pread(file_.get(), found.data(), found.size(), static_cast<off_t>(segment.p_offset + skipped));
        found.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    });
    return found;
}

std::string ElfFile::shared_name() const {
    std::string found;
    for_each_section(elf_.get(), [&](Elf_Scn* section, const GElf_Shdr& header) {
        if (header.sh_type != SHT_DYNAMIC) return;
        Elf_Data* const data = elf_getdata(section, nullptr);
        for (std::size_t index = 0; index < entry_count(data, header); ++index) {
            GElf_Dyn entry;
            if (gelf_getdyn(data, static_cast<int>(index), &entry) == nullptr || entry.d_tag != DT_SONAME) continue;
            const char* const name = elf_strptr(elf_.get(), header.sh_link, entry.d_un.d_val);
            if (name != nullptr) found = name;
        }
    });
    return found;
}

bool ElfFile::imports(const std::function<bool(std::string_view)>& wanted) const {
    bool found = false;
    for_each_section(elf_.get(), [&](Elf_Scn* section, const GElf_Shdr& header) {
        if (header.sh_type != SHT_DYNSYM) return;
        Elf_Data* const data = elf_getdata(section, nullptr);
        for (std::size_t index = 0; !found && index < entry_count(data, header); ++index) {
            GElf_Sym symbol;
            if (gelf_getsym(data, static_cast<int>(index), &symbol) == nullptr || symbol.st_shndx != SHN_UNDEF) continue;
            const char* const name = elf_strptr(elf_.get(), header.sh_link, symbol.st_name);
            found = name != nullptr && wanted(name);
        }
    });
    return found;
}

std::map<std::uint64_t, ElfFile::Filled> ElfFile::filled_words(const WantedWord& wanted) const {
    std::map<std::uint64_t, Filled> words;
    for_each_section(elf_.get(), [&](Elf_Scn* section, const GElf_Shdr& header) {
        if (header.sh_type != SHT_RELA || (header.sh_flags & SHF_ALLOC) == 0) return;
        Elf_Scn* const table = elf_getscn(elf_.get(), header.sh_link);
        GElf_Shdr symbols{};
        if (table != nullptr) gelf_getshdr(table, &symbols);
        Elf_Data* const symbol_data = table != nullptr ? elf_getdata(table, nullptr) : nullptr;
        Elf_Data* const data = elf_getdata(section, nullptr);
        for (std::size_t index = 0; index < entry_count(data, header); ++index) {
            GElf_Rela entry;
            if (gelf_getrela(data, static_cast<int>(index), &entry) == nullptr) continue;
            const char* name = nullptr;
            GElf_Sym symbol;
            const auto place = static_cast<int>(GELF_R_SYM(entry.r_info));
            if (place != 0 && symbol_data != nullptr && gelf_getsym(symbol_data, place, &symbol) != nullptr)
                name = elf_strptr(elf_.get(), symbols.sh_link, symbol.st_name);
            const std::string_view symbol_name = name == nullptr ? "" : name;
            const auto value = static_cast<std::uint64_t>(entry.r_addend);
            if (wanted(entry.r_offset, symbol_name, value))
                words.emplace(entry.r_offset, Filled{std::string(symbol_name), value});
        }
    });
    return words;
}

// Maybe after endbr64, or with a bnd prefix.
std::optional<std::uint64_t> ElfFile::word_of_stub(std::uint64_t address) const {
    constexpr std::size_t stub_bytes = 16;
    const std::string code = bytes_at(address, stub_bytes);
    const std::string_view stub = code;
    std::size_t place = stub.starts_with("\xF3\x0F\x1E\xFA") ? 4 : 0;
    if (stub.substr(place).starts_with("\xF2")) ++place;
    std::int32_t distance = 0;
    if (!stub.substr(place).starts_with("\xFF\x25") || place + 2 + sizeof(distance) > stub.size()) return std::nullopt;
    std::memcpy(&distance, stub.data() + place + 2, sizeof(distance));
    return address + place + 2 + sizeof(distance) + static_cast<std::uint64_t>(static_cast<std::int64_t>(distance));
}

std::optional<ElfFile::Extent> ElfFile::extent_at(std::uint64_t address) const {
    if (!extents_) extents_ = read_extents();
    auto next = extents_->upper_bound(address);
    if (next == extents_->begin()) return std::nullopt;
    --next;
    return address < next->second ? std::optional(Extent{next->first, next->second}) : std::nullopt;
}

std::map<std::uint64_t, std::uint64_t> ElfFile::read_extents() const {
    std::map<std::uint64_t, std::uint64_t> extents;
    const auto table = section(".eh_frame");
    GElf_Ehdr header;
    if (!table || gelf_getehdr(elf_.get(), &header) == nullptr) return extents;
    Elf_Data data{};
    data.d_buf = const_cast<char*>(table->bytes.data());
    data.d_size = table->bytes.size();
    data.d_type = ELF_T_BYTE;
    data.d_version = EV_CURRENT;
    const auto* const begin = reinterpret_cast<const unsigned char*>(table->bytes.data());
    Dwarf_Off next = 0;
    Dwarf_CFI_Entry entry;
    for (Dwarf_Off offset = 0; dwarf_next_cfi(header.e_ident, &data, true, offset, &next, &entry) == 0; offset = next) {
        constexpr std::ptrdiff_t described_bytes = 8;
        if (dwarf_cfi_cie_p(&entry) || entry.fde.end - entry.fde.start < described_bytes) continue;
        // As all compilers for x86-64 write it: a signed distance from itself, and a length, of four bytes each.
        std::int32_t distance = 0;
        std::uint32_t length = 0;
        std::memcpy(&distance, entry.fde.start, sizeof(distance));
        std::memcpy(&length, entry.fde.start + sizeof(distance), sizeof(length));
        const std::uint64_t place = table->address + static_cast<std::uint64_t>(entry.fde.start - begin);
        const std::uint64_t first = place + static_cast<std::uint64_t>(static_cast<std::int64_t>(distance));
        extents.emplace(first, first + length);
    }
    return extents;
}

std::optional<std::uint64_t> ElfFile::file_offset(std::uint64_t address) const {
    std::optional<std::uint64_t> offset;
    for_each_segment(elf_.get(), [&](const GElf_Phdr& segment) {
        if (segment.p_type == PT_LOAD && address >= segment.p_vaddr && address - segment.p_vaddr < segment.p_filesz)
            offset = address - segment.p_vaddr + segment.p_offset;
    });
    // A header may tell of more bytes than the file has.
    return offset && *offset < bytes().size() ? offset : std::nullopt;
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
