// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/preloaded_tree.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/audit.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "core/error.h"
#include "harness/trace/program_kind.h"
#include "harness/trace/stopped_memory.h"
#include "probes/counters/unseen_heap.h"
#include "probes/symbols/allocation_entries.h"
#include "probes/symbols/copy_entries.h"
#include "probes/symbols/elf_file.h"

namespace tare {
namespace {

constexpr std::size_t path_bytes_max = 4096;
constexpr std::size_t variables_max = 65536;
constexpr std::size_t list_bytes_max = 131072;  // that the kernel takes as one variable
constexpr std::string_view preload_variable = "LD_PRELOAD=";

std::string program_of(pid_t pid) {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink(fmt::format("/proc/{}/exe", pid), error);
    return error ? "a program" : program.string();
}

// Where a process has a file mapped by its path; 0 to 0 where it has not.
struct Mapped {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};
Mapped mapped(pid_t pid, const std::string& path) {
    std::ifstream maps(memory_folder(pid) + "/maps");
    Mapped found;
    for (std::string line; std::getline(maps, line);) {
        unsigned long begin = 0, end = 0;
        if (!line.ends_with(" " + path) || std::sscanf(line.c_str(), "%lx-%lx", &begin, &end) != 2) continue;
        if (found.begin == 0) found.begin = begin;
        found.end = end;
    }
    return found;
}

// Of the file that has code at this address.
FileId file_at(pid_t pid, std::uint64_t address) {
    for (const CodeRange& range : code_ranges(pid)) {
        if (range.begin <= address && address < range.end) return range.mapping.file;
    }
    return {};
}

bool is_elf_file(const CodeFile& file) {
    std::array<char, 4> head{};
    const OwnedFd content{::open(file.path().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    return content && ::read(content.get(), head.data(), head.size()) == static_cast<ssize_t>(head.size()) &&
           std::string_view(head.data(), head.size()) == "\177ELF";
}

// Functions that allocate past malloc where an allocator that is no C library's has them.
bool is_other(std::string_view symbol) {
    const auto function = allocation_function_of(symbol);
    return function && *function >= fn_new;
}

bool is_standard_library(const ElfFile& elf) {
    const std::string name = elf.shared_name();
    return name.starts_with("libstdc++.so") || name.starts_with("libc++.so") || name.starts_with("libc++abi.so");
}

// The words of an exec, by the call's own order of arguments.
struct Exec {
    int directory;
    std::uint64_t path;
    std::uint64_t environment;
    unsigned long long user_regs_struct::*environment_register;
};
std::optional<Exec> exec_of(const __ptrace_syscall_info& info) {
    const auto& words = info.entry.args;
    if (info.entry.nr == SYS_execve) return Exec{AT_FDCWD, words[0], words[2], &user_regs_struct::rdx};
    if (info.entry.nr == SYS_execveat) return Exec{static_cast<int>(words[0]), words[1], words[3], &user_regs_struct::r10};
    return std::nullopt;
}

void set_register(pid_t tid, unsigned long long user_regs_struct::*which, std::uint64_t value) {
    user_regs_struct registers{};
    if (::ptrace(PTRACE_GETREGS, tid, nullptr, &registers) != 0) return;
    registers.*which = value;
    ::ptrace(PTRACE_SETREGS, tid, nullptr, &registers);
}

bool is_native(const __ptrace_syscall_info& info) { return info.arch == AUDIT_ARCH_X86_64; }

}  // namespace

PreloadedTree::PreloadedTree(pid_t root, const std::string& library, PreloadMemory& memory) : memory_(memory), library_(library) {
    images_[root].memory = images_[root].slots = memory.slots_address();
}

bool PreloadedTree::begins(const StoppedCall& call) {
    under_way_.erase(call.tid);
    if (!is_native(call.info)) return false;
    Image& image = images_[call.pid];
    UnderWay under_way{.pid = call.pid};
    const bool own = is_for_library(call, image, under_way);
    const auto& words = call.info.entry.args;
    const bool maps_code = call.info.entry.nr == SYS_mmap && (words[2] & PROT_EXEC) != 0 && (words[3] & MAP_ANONYMOUS) == 0;
    const bool makes_code = call.info.entry.nr == SYS_mprotect && (words[2] & PROT_EXEC) != 0;
    if (!own && (maps_code || makes_code)) under_way.awaited = Awaited::code;
    if (!own) prepare_exec(call, image, under_way);
    if (under_way.awaited != Awaited::nothing) under_way_.emplace(call.tid, std::move(under_way));
    return own;
}

// What the dynamic linker does for one more library; it is alone in its process then.
bool PreloadedTree::is_of_linker(const __ptrace_syscall_info& info, const Image& image) {
    const auto& words = info.entry.args;
    const bool is_file = image.loading >= 0 && static_cast<int>(words[0]) == image.loading;
    switch (info.entry.nr) {
        case SYS_read:
        case SYS_pread64:
        case SYS_fstat:
        case SYS_newfstatat:
        case SYS_close:
            return is_file;
        case SYS_mmap:
            return (image.loading >= 0 && (words[3] & MAP_ANONYMOUS) == 0 && static_cast<int>(words[4]) == image.loading) ||
                   image.is_in(words[0]);
        case SYS_mprotect:
            return image.is_in(words[0]);
        default:
            return false;
    }
}

bool PreloadedTree::is_for_library(const StoppedCall& call, Image& image, UnderWay& under_way) {
    const __ptrace_syscall_info& info = call.info;
    const auto& words = info.entry.args;
    if (image.own_call != 0 && info.instruction_pointer == image.own_call) {
        if (info.entry.nr == SYS_openat) under_way.awaited = Awaited::counters;
        if (info.entry.nr == SYS_mmap) under_way.awaited = (words[2] & PROT_WRITE) != 0 ? Awaited::memory : Awaited::slots;
        return true;
    }
    if (image.own_call == 0 && info.entry.nr == SYS_openat) {
        const std::optional<std::string> path = text_at(call.pid, words[1], path_bytes_max);
        if (path == library_) under_way.awaited = Awaited::library;
        if (path == memory_.path()) {
            under_way.awaited = Awaited::counters;
            image.own_call = info.instruction_pointer;
            image.next_malloc = words[4];
        }
        return under_way.awaited != Awaited::nothing;
    }
    if (!is_of_linker(info, image)) return false;
    if (info.entry.nr == SYS_mmap && image.begin == 0) {
        under_way.awaited = Awaited::mapping;
        under_way.argument = words[1];
    }
    if (info.entry.nr == SYS_close) image.loading = -1;
    return true;
}

void PreloadedTree::prepare_exec(const StoppedCall& call, const Image& image, UnderWay& under_way) {
    const std::optional<Exec> exec = exec_of(call.info);
    if (!exec || image.slots == 0) return;
    const std::optional<std::string> path = text_at(call.pid, exec->path, path_bytes_max);
    if (path && !why_not_preloaded(path_from_here(call.pid, exec->directory, *path), *path).empty()) return;
    under_way.awaited = Awaited::exec;
    under_way.argument = exec->environment;
    const auto environment = words_at(call.pid, exec->environment, variables_max);
    const std::optional<std::size_t> slot = free_slot();
    if (!environment || !slot) {
        under_way.obstacle = environment ? "more programs were being executed at once than tare has room for"
                                         : "its environment could not be read";
        return;
    }
    std::string libraries;  // of several such variables the last holds
    for (const std::uint64_t variable : *environment) {
        if (!begins_at(call.pid, variable, preload_variable)) continue;
        libraries = text_at(call.pid, variable, list_bytes_max).value_or("");
        libraries.erase(0, preload_variable.size());
    }
    const auto written = memory_.write_environment(*slot, image.slots, library_, *environment, libraries);
    if (!written) {
        under_way.obstacle = "it has more variables than tare has room for";
        return;
    }
    under_way.slot = slot;
    under_way.environment_register = exec->environment_register;
    set_register(call.tid, exec->environment_register, *written);
}

std::optional<std::size_t> PreloadedTree::free_slot() const {
    for (std::size_t slot = 0; slot < preload_slot_count; ++slot) {
        if (std::none_of(under_way_.begin(), under_way_.end(), [&](const auto& each) { return each.second.slot == slot; }))
            return slot;
    }
    return std::nullopt;
}

void PreloadedTree::ends(const StoppedCall& call) {
    const auto found = under_way_.find(call.tid);
    if (found == under_way_.end()) return;
    const UnderWay under_way = found->second;
    under_way_.erase(found);
    Image& image = images_[call.pid];
    const std::int64_t result = call.info.exit.rval;
    const bool failed = call.info.exit.is_error != 0;
    switch (under_way.awaited) {
        case Awaited::nothing:
            break;
        case Awaited::library:
            if (!failed) image.loading = static_cast<int>(result);
            break;
        case Awaited::mapping:
            if (failed) break;
            image.begin = static_cast<std::uint64_t>(result);
            image.end = image.begin + under_way.argument;
            break;
        case Awaited::counters:
            if (failed)
                image.obstacle = fmt::format("{} could not open the memory to count in: {}", image.name,
                                             error_text(static_cast<int>(-result)));
            break;
        case Awaited::slots:
            if (!failed) image.slots = static_cast<std::uint64_t>(result);
            break;
        case Awaited::memory:
            if (failed) break;
            image.memory = static_cast<std::uint64_t>(result);
            begin_counting(call.pid, image);
            break;
        case Awaited::code:
            if (!failed) look(call.pid, image);
            break;
        case Awaited::exec:
            // It failed, and the program may look at its registers; else that program is gone.
            if (failed && under_way.slot) set_register(call.tid, under_way.environment_register, under_way.argument);
            break;
    }
}

void PreloadedTree::executed(pid_t pid) {
    const auto former = images_.find(pid);
    if (former != images_.end()) close(former->second);
    Image image;
    image.name = program_of(pid);
    image.obstacle = why_not_preloaded(fmt::format("/proc/{}/exe", pid), image.name);
    for (const auto& [tid, under_way] : under_way_) {
        if (under_way.pid == pid && image.obstacle.empty() && !under_way.obstacle.empty())
            image.obstacle = image.name + ": " + under_way.obstacle;
    }
    std::erase_if(under_way_, [&](const auto& each) { return each.second.pid == pid; });
    Image& kept = images_[pid] = std::move(image);
    look(pid, kept);
}

// Its parent may not be known: what it has of the library is seen in its memory.
void PreloadedTree::forked(pid_t pid) {
    const Mapped library = mapped(pid, library_);
    const auto known = known_images_.find(library.begin);
    Image image = library.begin != 0 && known != known_images_.end() ? known->second : Image{};
    if (image.name.empty()) {
        image.name = program_of(pid);
        image.obstacle = why_not_preloaded(fmt::format("/proc/{}/exe", pid), image.name);
    }
    image.begin = library.begin;
    image.end = library.end;
    image.memory = mapped(pid, memory_.path()).begin;
    image.slots = mapped(pid, memory_.slots_path()).begin;
    Image& kept = images_[pid] = std::move(image);
    look(pid, kept);
}

void PreloadedTree::ended(pid_t pid) {
    const auto image = images_.find(pid);
    if (image == images_.end()) return;
    close(image->second);
    images_.erase(image);
}

void PreloadedTree::thread_ended(pid_t tid) { under_way_.erase(tid); }

void PreloadedTree::begin_counting(pid_t pid, Image& image) {
    image.allocator = file_at(pid, image.next_malloc);
    for (const FileId& file : image.files) {
        const auto facts = files_.find(file);
        if (facts != files_.end()) judge(image, facts->second);
    }
    look(pid, image);
    known_images_.insert_or_assign(image.begin, image);
}

void PreloadedTree::look(pid_t pid, Image& image) {
    try {
        for (const CodeMapping& mapping : code_mappings(pid)) {
            if (!image.files.insert(mapping.file).second) continue;
            const FileFacts& facts = facts_of(pid, mapping);
            if (image.memory != 0) judge(image, facts);
        }
    } catch (const Error& error) {
        if (has_memory(pid)) mark_incomplete(error.what());
    }
}

PreloadedTree::FileFacts& PreloadedTree::facts_of(pid_t pid, const CodeMapping& mapping) {
    const auto known = files_.find(mapping.file);
    if (known != files_.end()) return known->second;
    FileFacts facts{.file = CodeFile(pid, mapping)};
    const CodeFile& file = facts.file;
    if (file.name() != library_ && !file.is_loader() && is_elf_file(file)) {
        const ElfFile elf(file.path(), file.name());
        facts.is_c_library = elf.shared_name() == "libc.so.6" &&
                             !elf.functions([](std::string_view name) { return name == "gnu_get_libc_version"; }).empty();
        facts.heap = unseen_heap(file);
        facts.defines_others = !elf.functions(is_other).empty();
        facts.calls_others = !is_standard_library(elf) && elf.imports(is_other);
        try {
            const std::vector<FunctionEntry> entries = allocation_entries(file).entries;
            facts.allocates = !facts.is_c_library && !entries.empty();
            note_aliases(entries);
        } catch (const Error& error) {
            facts.allocation_fault = error.what();
        }
        try {
            facts.copies = !facts.is_c_library && !copy_entries(pid, file).entries.empty();
        } catch (const Error& error) {
            facts.copy_fault = error.what();
        }
    }
    facts.file.close();
    return files_.emplace(mapping.file, std::move(facts)).first->second;
}

// They come in the order of the family.
void PreloadedTree::note_aliases(const std::vector<FunctionEntry>& entries) {
    std::map<std::uint64_t, std::size_t> counted_at;
    for (const FunctionEntry& entry : entries) {
        const auto [known, fresh] = counted_at.emplace(entry.offset, entry.function);
        if (!fresh && known->second != entry.function) memory_.note_alias(known->second, entry.function);
    }
}

// Of a process that counts: whether the calls of this file, and to it, come to the library.
void PreloadedTree::judge(const Image& image, const FileFacts& facts) {
    const std::string& name = facts.file.name();
    const bool is_allocator = facts.file.id() == image.allocator;
    const auto lose = [](std::optional<std::string>& gap, const std::string& reason) {
        if (!gap) gap = reason;
    };
    if (facts.heap) heaps_.insert(*facts.heap);
    if (!facts.allocation_fault.empty()) lose(allocation_gap_, facts.allocation_fault);
    if (!facts.copy_fault.empty()) lose(copy_gap_, facts.copy_fault);
    if (facts.allocates && !is_allocator)
        lose(allocation_gap_, name + " has functions of the malloc family inside: calls of them come to no preloaded library");
    if (facts.copies)
        lose(copy_gap_, name + " has functions of the memcpy family inside: calls of them come to no preloaded library");
    const auto allocator = files_.find(image.allocator);
    if (allocator == files_.end() || allocator->second.is_c_library || is_allocator) return;
    if (allocator->second.defines_others && facts.calls_others)
        lose(allocation_gap_, name + " allocates by functions that only " + allocator->second.file.name() +
                                  " has (operator new, or mallocx and the like), past malloc");
}

void PreloadedTree::close(const Image& image) {
    if (image.memory != 0) return;
    mark_incomplete(!image.obstacle.empty() ? image.obstacle
                                            : "the library that counts did not come to run in " + image.name +
                                                  ": it is set-uid, or ended before its linker had loaded it");
}

void PreloadedTree::mark_incomplete(const std::string& reason) {
    if (!allocation_gap_) allocation_gap_ = reason;
    if (!copy_gap_) copy_gap_ = reason;
}

Snapshot PreloadedTree::read() const {
    Snapshot allocations = memory_.allocations();
    for (const std::string& heap : heaps_)
        allocations.set({"allocations", heap}, Absent{"not allocated by functions that are counted here: " + heap});
    if (allocation_gap_) allocations = allocations.without_readings(*allocation_gap_);
    Snapshot copies = memory_.copies();
    if (copy_gap_) copies = copies.without_readings(*copy_gap_);
    allocations.merge(std::move(copies));
    return allocations;
}

}  // namespace tare
