// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/chosen_version.h"

#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <string_view>

#include "core/error.h"

namespace tare {
namespace {

bool is_c_library(std::string_view path) { return path.substr(path.rfind('/') + 1).starts_with("libc.so"); }

struct Loaded {
    std::uint64_t address = 0;            // looked for
    std::optional<std::uint64_t> offset;  // in the C library: time and gettimeofday may be the kernel's own
};

int find_loaded(dl_phdr_info* info, std::size_t, void* sought) {
    auto& loaded = *static_cast<Loaded*>(sought);
    for (int index = 0; index < info->dlpi_phnum; ++index) {
        const ElfW(Phdr)& segment = info->dlpi_phdr[index];
        const std::uint64_t begin = info->dlpi_addr + segment.p_vaddr;
        if (segment.p_type != PT_LOAD || loaded.address < begin || loaded.address >= begin + segment.p_memsz) continue;
        if (is_c_library(info->dlpi_name)) loaded.offset = loaded.address - begin + segment.p_offset;
        return 1;
    }
    return 0;
}

// Offset of the version that this process's C library chose here, which every process with the same file uses.
std::uint64_t resolved_offset(const std::string& function) {
    Loaded loaded{reinterpret_cast<std::uint64_t>(::dlsym(RTLD_DEFAULT, function.c_str())), {}};
    if (loaded.address != 0) ::dl_iterate_phdr(find_loaded, &loaded);
    if (!loaded.offset) throw cannot_measure(function + ": not found in this process's C library");
    return *loaded.offset;
}

// The C library that this process runs on.
const CodeFile& own_c_library() {
    static const CodeFile library = [] {
        for (const CodeMapping& mapping : code_mappings(::getpid())) {
            if (is_c_library(mapping.name)) return CodeFile(::getpid(), mapping);
        }
        throw cannot_measure("tare runs on no shared C library: which version of memcpy was chosen cannot be asked");
    }();
    return library;
}

// GLIBC_TUNABLES may make the C library choose another version.
std::string tunables_of(pid_t pid) {
    std::ifstream environment("/proc/" + std::to_string(pid) + "/environ", std::ios::binary);
    std::string variable;
    while (std::getline(environment, variable, '\0')) {
        if (variable.starts_with("GLIBC_TUNABLES=")) return variable;
    }
    return "";
}

}  // namespace

bool is_own_c_library(const CodeFile& file) { return file.id() == own_c_library().id() || same_content(file, own_c_library()); }

std::string own_c_library_name() { return own_c_library().name(); }

std::uint64_t chosen_version(pid_t pid, const std::string& function) {
    if (tunables_of(pid) != tunables_of(::getpid()))
        throw cannot_measure("GLIBC_TUNABLES differs from tare's own: which version of " + function +
                             " was chosen cannot be known; set it for tare as well");
    return resolved_offset(function);
}

}  // namespace tare
