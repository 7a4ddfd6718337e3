// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/program_kind.h"

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <cstring>
#include <string_view>

#include "core/error.h"
#include "core/owned_fd.h"
#include "probes/symbols/elf_file.h"

namespace tare {
namespace {

constexpr std::string_view glibc_linker = "ld-linux-x86-64.so.2";
constexpr int scripts_max = 5;  // that one may name as the interpreter of another; the kernel's own limit

// The program that a script names in its first line; empty for a file that is none.
std::string interpreter_of(std::string_view head) {
    if (!head.starts_with("#!")) return "";
    head = head.substr(2, head.find('\n') - 2);
    const std::size_t begin = head.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return "";
    const std::string_view rest = head.substr(begin);
    return std::string(rest.substr(0, rest.find_first_of(" \t")));
}

// The linker's path that the file names; empty where it names none.
std::string linker_of(int file, const Elf64_Ehdr& head) {
    for (unsigned index = 0; index < head.e_phnum; ++index) {
        Elf64_Phdr segment{};
        const auto place = static_cast<off_t>(head.e_phoff + index * sizeof(segment));
        if (::pread(file, &segment, sizeof(segment), place) != sizeof(segment)) return "";
        if (segment.p_type != PT_INTERP) continue;
        std::array<char, 256> path{};
        const std::size_t size = std::min<std::size_t>(segment.p_filesz, path.size() - 1);
        if (::pread(file, path.data(), size, static_cast<off_t>(segment.p_offset)) < 0) return "";
        return path.data();
    }
    return "";
}

bool is_glibc_linker(const std::string& path, const std::string& name) {
    try {
        return ElfFile(path, name).shared_name() == glibc_linker;
    } catch (const Error&) {
        return false;
    }
}

// gcc's address sanitizer refuses to start behind another library.
bool must_be_first(const std::string& path, const std::string& name) {
    try {
        return ElfFile(path, name).imports([](std::string_view symbol) { return symbol == "__asan_init"; });
    } catch (const Error&) {
        return false;
    }
}

std::string why_not(const std::string& path, const std::string& name, int scripts) {
    const OwnedFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    std::array<char, 256> head{};
    const ssize_t got = file ? ::pread(file.get(), head.data(), head.size(), 0) : -1;
    if (got <= 0) return "";
    const std::string_view text(head.data(), static_cast<std::size_t>(got));
    if (const std::string next = interpreter_of(text); !next.empty()) return scripts > 0 ? why_not(next, next, scripts - 1) : "";
    Elf64_Ehdr elf{};
    if (!text.starts_with(ELFMAG) || text.size() < sizeof(elf)) return "";
    std::memcpy(&elf, text.data(), sizeof(elf));
    if (elf.e_ident[EI_CLASS] != ELFCLASS64 || elf.e_machine != EM_X86_64)
        return name + " is no 64-bit program of x86, and the library that counts is";
    const std::string linker = linker_of(file.get(), elf);
    if (linker.ends_with(glibc_linker))
        return must_be_first(path, name) ? name + " has an address sanitizer, before which no library may be loaded" : "";
    if (linker.empty() && is_glibc_linker(path, name)) return "";
    if (linker.empty()) return name + " is a static program, to which no library can be preloaded";
    return fmt::format("{} is started by {}, and the library that counts needs glibc", name, linker);
}

}  // namespace

std::string why_not_preloaded(const std::string& path, const std::string& name) { return why_not(path, name, scripts_max); }

std::string path_from_here(pid_t pid, int directory, const std::string& path) {
    constexpr std::string_view itself = "/proc/self/";
    const std::string process = fmt::format("/proc/{}", pid);
    if (path.starts_with(itself)) return process + "/" + path.substr(itself.size());
    if (path.starts_with('/')) return process + "/root" + path;
    const std::string from = directory == AT_FDCWD ? "/cwd" : fmt::format("/fd/{}", directory);
    return path.empty() ? process + from : process + from + "/" + path;
}

}  // namespace tare
