// SPDX-License-Identifier: Apache-2.0
#include "probes/mapped_files.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <gelf.h>
#include <link.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>

#include "core/error.h"
#include "core/owned_fd.h"

namespace tare {
namespace {

bool is_loader(const std::string& path) { return path.substr(path.rfind('/') + 1).starts_with("ld-linux"); }

struct CloseElf {
    void operator()(Elf* elf) const { elf_end(elf); }
};

class ElfFile {
public:
    explicit ElfFile(const std::string& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (!file_) throw cannot_measure("open " + path + ": " + error_text(errno));
        elf_version(EV_CURRENT);
        elf_.reset(elf_begin(file_.get(), ELF_C_READ_MMAP, nullptr));
        if (!elf_ || elf_kind(elf_.get()) != ELF_K_ELF) throw cannot_measure(path + ": no ELF file");
    }

    std::optional<std::uint64_t> function_offset(const std::string& name) const {
        for (Elf_Scn* section = elf_nextscn(elf_.get(), nullptr); section != nullptr;
             section = elf_nextscn(elf_.get(), section)) {
            GElf_Shdr header;
            if (gelf_getshdr(section, &header) == nullptr) continue;
            if (header.sh_type != SHT_DYNSYM && header.sh_type != SHT_SYMTAB) continue;
            if (const auto address = function_address(section, header, name)) return file_offset(*address);
        }
        return std::nullopt;
    }

private:
    std::optional<std::uint64_t> function_address(Elf_Scn* section, const GElf_Shdr& header, const std::string& name) const {
        Elf_Data* const data = elf_getdata(section, nullptr);
        const std::size_t count = header.sh_entsize == 0 ? 0 : header.sh_size / header.sh_entsize;
        for (std::size_t index = 0; index < count; ++index) {
            GElf_Sym symbol;
            if (gelf_getsym(data, static_cast<int>(index), &symbol) == nullptr) continue;
            if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_shndx == SHN_UNDEF) continue;
            const char* const text = elf_strptr(elf_.get(), header.sh_link, symbol.st_name);
            if (text != nullptr && name == text) return symbol.st_value;
        }
        return std::nullopt;
    }

    std::optional<std::uint64_t> file_offset(std::uint64_t address) const {
        std::size_t count = 0;
        if (elf_getphdrnum(elf_.get(), &count) != 0) return std::nullopt;
        for (std::size_t index = 0; index < count; ++index) {
            GElf_Phdr segment;
            if (gelf_getphdr(elf_.get(), static_cast<int>(index), &segment) == nullptr || segment.p_type != PT_LOAD) continue;
            if (address >= segment.p_vaddr && address < segment.p_vaddr + segment.p_filesz)
                return address - segment.p_vaddr + segment.p_offset;
        }
        return std::nullopt;
    }

    OwnedFd file_;
    std::unique_ptr<Elf, CloseElf> elf_;
};

// The C library of this process: where it is loaded and which of its addresses stands at which offset of the file.
struct LoadedLibrary {
    std::string path;
    std::uint64_t address = 0;  // looked for
    std::optional<std::uint64_t> offset;
};

int find_loaded(dl_phdr_info* info, std::size_t, void* sought) {
    auto& library = *static_cast<LoadedLibrary*>(sought);
    for (int index = 0; index < info->dlpi_phnum; ++index) {
        const ElfW(Phdr)& segment = info->dlpi_phdr[index];
        const std::uint64_t begin = info->dlpi_addr + segment.p_vaddr;
        if (segment.p_type != PT_LOAD || library.address < begin || library.address >= begin + segment.p_memsz) continue;
        library.path = info->dlpi_name;
        library.offset = library.address - begin + segment.p_offset;
        return 1;
    }
    return 0;
}

LoadedLibrary loaded_at(const char* function) {
    LoadedLibrary library;
    // dlsym runs the IFUNC's resolver: this is the version that every process with this file uses on this machine.
    library.address = reinterpret_cast<std::uint64_t>(::dlsym(RTLD_DEFAULT, function));
    if (library.address != 0) ::dl_iterate_phdr(find_loaded, &library);
    if (!library.offset) throw cannot_measure(std::string(function) + ": not found in this process's C library");
    return library;
}

}  // namespace

bool is_c_library(const std::string& path) { return path.substr(path.rfind('/') + 1).starts_with("libc.so"); }

std::vector<std::string> mapped_files(pid_t pid) {
    const std::string process = "/proc/" + std::to_string(pid);
    std::ifstream maps(process + "/maps");
    std::vector<std::string> files;
    std::string line;
    while (std::getline(maps, line)) {
        std::istringstream fields(line);
        std::string range, permissions, offset, device, inode, path;
        fields >> range >> permissions >> offset >> device >> inode >> std::ws;
        std::getline(fields, path);
        if (permissions.size() < 3 || permissions[2] != 'x' || !path.starts_with('/')) continue;
        path.insert(0, process + "/root");
        if (std::find(files.begin(), files.end(), path) == files.end()) files.push_back(path);
    }
    if (files.empty()) throw cannot_measure(process + "/maps: no executable file can be read from it");
    return files;
}

std::optional<std::uint64_t> function_offset(const std::string& path, const std::string& name) {
    return ElfFile(path).function_offset(name);
}

std::string file_that_provides(pid_t pid, const std::string& function) {
    std::vector<std::string> files = mapped_files(pid);
    std::erase_if(files, is_loader);
    // The C library comes last in a program's search order when another library replaces one of its functions.
    std::stable_partition(files.begin(), files.end(), [](const std::string& path) { return !is_c_library(path); });
    for (const std::string& path : files) {
        if (function_offset(path, function)) return path;
    }
    throw cannot_measure(function + ": defined in no file that process " + std::to_string(pid) + " runs code from");
}

std::string shared_c_library(pid_t pid) {
    const std::vector<std::string> files = mapped_files(pid);
    const auto found = std::find_if(files.begin(), files.end(), is_c_library);
    if (found == files.end())
        throw cannot_measure("process " + std::to_string(pid) + " has no shared C library: its copies have no common address");
    struct stat theirs {};
    struct stat ours {};
    const std::string own = loaded_at("memcpy").path;
    if (::stat(found->c_str(), &theirs) != 0 || ::stat(own.c_str(), &ours) != 0 || theirs.st_dev != ours.st_dev ||
        theirs.st_ino != ours.st_ino)
        throw cannot_measure("process " + std::to_string(pid) + " runs on another C library than tare (" + own + ")");
    return *found;
}

std::uint64_t resolved_offset(const char* function) { return *loaded_at(function).offset; }

}  // namespace tare
