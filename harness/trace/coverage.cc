// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/coverage.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/error.h"
#include "core/owned_fd.h"

namespace tare {
namespace {

enum class ProbesState : std::uint8_t { complete, missing, overwritten };

// As long as the longest instruction; shorter at the end of what can be read.
std::string instruction_at(int file, std::uint64_t offset) {
    std::array<char, 15> bytes{};
    const ssize_t got = ::pread(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    return {bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

constexpr std::string_view elf_magic = "\177ELF";
constexpr std::string_view windows_magic = "MZ";

// What a compiler at run time writes its code to, for instance. What cannot be read is not said to be.
bool is_no_elf_file(const CodeFile& file) {
    const OwnedFd content{::open(file.path().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    const std::string begin = content ? instruction_at(content.get(), 0) : "";
    return !begin.empty() && !begin.starts_with(elf_magic);
}

// Whether such a file is a program of another system, or holds a library (an archive, a package) that code at this offset may
// belong to: one begins at a page before it.
bool holds_image(const CodeFile& file, std::uint64_t code_offset) {
    constexpr std::uint64_t page_bytes = 4096;
    constexpr std::uint64_t pages_max = 65536;
    if (!is_no_elf_file(file)) return false;
    const OwnedFd content{::open(file.path().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (instruction_at(content.get(), 0).starts_with(windows_magic)) return true;
    for (std::uint64_t page = 0; page < pages_max && page * page_bytes <= code_offset; ++page) {
        if (instruction_at(content.get(), code_offset - page * page_bytes).starts_with(elf_magic)) return true;
    }
    return false;
}

// The kernel's breakpoint, or the call that Linux 6.18 makes of one on a nop of five bytes.
bool is_probe(std::string_view code, std::string_view original) {
    return code.starts_with('\xCC') || (code.starts_with('\xE8') && original.starts_with('\x0F'));
}

// Of the places that lie in the range. What cannot be read is not there any more.
ProbesState state_of_probes(const CodeRange& range, const std::set<std::uint64_t>& places, int memory, int content) {
    ProbesState state = ProbesState::complete;
    const std::uint64_t end = range.offset + (range.end - range.begin);
    for (auto place = places.lower_bound(range.offset); place != places.end() && *place < end; ++place) {
        const std::string original = instruction_at(content, *place);
        const std::string code = instruction_at(memory, range.begin + (*place - range.offset));
        if (code.empty() || is_probe(code, original)) continue;
        if (code.substr(0, original.size()) != original.substr(0, code.size())) return ProbesState::overwritten;
        state = ProbesState::missing;
    }
    return state;
}

}  // namespace

Coverage::Coverage(pid_t root, std::vector<Covered> probes) : root_(root), probes_(std::move(probes)), gaps_(probes_.size()) {}

// The root's links count for its other threads, too, but no longer keep their breakpoints in its memory.
void Coverage::first_thread_ends(pid_t pid) {
    const auto image = images_.find(pid);
    if (pid != root_ || image == images_.end()) return;
    for (const FileId& shown : image->second.shown) {
        const auto file = files_.find(shown);
        if (file != files_.end() && !file->second.probed().empty()) held_.place(file->second);
    }
}

// Its links hang on the thread that is gone; the kernel's map takes it for a child from now on, too.
void Coverage::first_thread_replaced(pid_t pid) {
    if (pid == root_) root_ = 0;
}

void Coverage::executed(pid_t pid) {
    const auto former = images_.find(pid);
    if (former != images_.end()) close(former->second);
    images_.insert_or_assign(pid, new_image());
    look(pid);
}

void Coverage::mapped(pid_t pid) { look(pid); }

void Coverage::forked(pid_t pid) {
    has_children_ = true;
    look(pid);
}

void Coverage::ended(pid_t pid) {
    const auto image = images_.find(pid);
    if (image == images_.end()) return;
    close(image->second);
    images_.erase(image);
}

void Coverage::copied_probe(pid_t pid) {
    mark_incomplete("process " + std::to_string(pid) +
                    " runs a copy of the first instructions of a probed function (a hook); calls by that way are not seen");
}

void Coverage::look(pid_t pid) {
    Image& image = images_.try_emplace(pid, new_image()).first->second;
    try {
        const std::vector<CodeRange> ranges = code_ranges(pid);
        for (const CodeMapping& mapping : code_mappings(pid)) show(pid, mapping, image);
        demand_probes(pid, ranges);
    } catch (const Error& error) {
        if (image.shown.empty() && !has_memory(pid))
            images_.erase(pid);  // what it ran is known from elsewhere, or missed there
        else
            mark_incomplete(error.what());
    }
}

void Coverage::mark_incomplete(const std::string& reason) {
    for (std::optional<std::string>& gap : gaps_) {
        if (!gap) gap = reason;
    }
}

void Coverage::require_functions() {
    for (const auto& [pid, image] : images_) close(image);
}

bool Coverage::has_looked_at(std::uint64_t inode, const std::string& name) const {
    const std::string end = " " + std::to_string(inode);
    return std::any_of(files_.begin(), files_.end(), [&](const auto& known) {
        const std::string& path = known.second.name();
        return known.first.ends_with(end) && path.substr(path.rfind('/') + 1).starts_with(name);
    });
}

void Coverage::show(pid_t pid, const CodeMapping& mapping, Image& image) {
    if (mapping.is_program || image.name.empty()) image.name = mapping.name;
    if (!image.shown.insert(mapping.file).second) return;
    CodeFile& file = opened(pid, mapping);
    if (file.is_closed() || is_no_elf_file(file)) return;  // demand_probes() looks whether the latter holds one
    if (file.is_loader()) return file.close();
    bool defines_some = false;
    for (std::size_t index = 0; index < probes_.size(); ++index) {
        try {
            if (!probes_[index].probe->cover(pid, file, pid == root_ ? Reach::root : Reach::others)) continue;
            defines_some = true;
            image.defined[index] = true;
            find_late(pid, mapping, index);
        } catch (const Error& error) {
            defines_some = true;
            image.defined[index] = true;  // said why it is not covered
            if (!gaps_[index]) gaps_[index] = error.what();
        }
    }
    if (!defines_some) file.close();
}

void Coverage::demand_probes(pid_t pid, const std::vector<CodeRange>& ranges) {
    const OwnedFd memory{::open((memory_folder(pid) + "/mem").c_str(), O_RDONLY | O_CLOEXEC)};
    if (!memory) return;
    for (const CodeRange& range : ranges) {
        const auto file = files_.find(range.mapping.file);
        if (file == files_.end()) continue;
        if (looked_into_.emplace(range.mapping.file, range.offset).second && holds_image(file->second, range.offset))
            mark_incomplete("process " + std::to_string(pid) + " runs code of a library that lies in " + range.mapping.name +
                            ", and is no ELF file there whose functions could be looked for; unpack it");
        if (file->second.probed().empty()) continue;
        const std::string fault = fault_in(pid, range, file->second, memory.get());
        if (!fault.empty()) mark_incomplete(fault);
    }
}

// Why some probe of the file does not stand in this range; empty when all do.
std::string Coverage::fault_in(pid_t pid, const CodeRange& range, const CodeFile& file, int memory) {
    const OwnedFd content{::open(file.path().c_str(), O_RDONLY | O_CLOEXEC)};
    const auto state = [&] { return state_of_probes(range, file.probed(), memory, content.get()); };
    ProbesState found = state();
    const bool can_be_placed = !range.is_writable && !range.is_shared && !frozen_;
    if (found == ProbesState::missing && can_be_placed && held_.place(file)) found = state();
    const std::string where = "process " + std::to_string(pid) + " runs " + range.mapping.name;
    if (found == ProbesState::complete) return "";
    if (found == ProbesState::overwritten) return where + " with functions that it has overwritten, and their probes with them";
    if (range.is_shared) return where + " from a shared mapping, where the kernel places no probe";
    if (range.is_writable) return where + " from memory that it may write to, where the kernel places no probe";
    return where + " from memory that became executable while it was counted, and no probe stands there";
}

void Coverage::close(const Image& image) {
    for (std::size_t index = 0; index < probes_.size(); ++index) {
        if (probes_[index].is_in_each && !image.defined[index] && !gaps_[index])
            gaps_[index] = image.name + ": no file that it runs code from defines " + probes_[index].function +
                           "; what it does instead is not seen";
    }
}

void Coverage::find_late(pid_t pid, const CodeMapping& mapping, std::size_t probe) {
    if (!late_.contains(mapping.file) || gaps_[probe]) return;
    gaps_[probe] = "process " + std::to_string(pid) + " loaded " + mapping.name + ", which defines " + probes_[probe].function +
                   ", while it was counted: its first calls were not seen; attach again, now that it is loaded";
}

CodeFile& Coverage::opened(pid_t pid, const CodeMapping& mapping) {
    const auto known = files_.find(mapping.file);
    if (known != files_.end()) return known->second;
    if (frozen_) late_.insert(mapping.file);
    return files_.emplace(mapping.file, CodeFile(pid, mapping)).first->second;
}

}  // namespace tare
