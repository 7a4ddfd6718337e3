// SPDX-License-Identifier: Apache-2.0
// The files that a process runs code from, each held open: what was deleted, replaced or lies in another mount namespace
// is still the file that the process has. Which functions are in it is ElfFile's business.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/owned_fd.h"

namespace tare {

// A file as /proc/PID/maps names it: "fe:01 1234".
using FileId = std::string;

struct CodeMapping {
    FileId file;
    std::string name;   // as the process knows it, for messages
    std::string range;  // "401000-482000", as /proc/PID/map_files names it
    bool is_program = false;
};

// A range of addresses that the process may execute; `mapping.file` is empty where no file is behind it.
struct CodeRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t offset = 0;  // of its first byte in the file
    CodeMapping mapping;
    bool is_writable = false;
    bool is_shared = false;  // other processes see what is written there
};

// Whether the process still has memory to run code from; one that is on its way out has not.
bool has_memory(pid_t pid);

// The folder below /proc in which the memory of a process is described: its own, or that of another of its threads when its first
// one has ended.
std::string memory_folder(pid_t pid);

// All of them, in order, the dynamic linker's among them. Empty when the map cannot be read.
std::vector<CodeRange> code_ranges(pid_t pid);

// What the process maps from files with permission to execute, each file once, what is called like the dynamic linker of glibc
// left out. Throws cannot_measure when the map cannot be read.
std::vector<CodeMapping> code_mappings(pid_t pid);

class CodeFile {
public:
    // Opens the mapped file itself, whatever stands at its path by now. Throws cannot_measure when it cannot be had.
    CodeFile(pid_t pid, const CodeMapping& mapping);

    // The process whose mapping was opened.
    pid_t shown_by() const { return pid_; }
    const FileId& id() const { return mapping_.file; }
    const std::string& name() const { return mapping_.name; }
    bool is_program() const { return mapping_.is_program; }
    // Where probes stand in it, in bytes from its start: so that whoever put it before a process can see whether they are there.
    void note_probe(std::uint64_t offset) const { probed_.insert(offset); }
    const std::set<std::uint64_t>& probed() const { return probed_; }
    // Whether it is the dynamic linker of glibc, whatever its file is called: its own copies and allocations reach no C library.
    bool is_loader() const;
    // Under which this process can open it, and the kernel can put a uprobe on it, while this object lives.
    std::string path() const { return "/proc/self/fd/" + std::to_string(file_.get()); }

    // Gives the descriptor back: path() is of no use any more, and the id still names this file alone, for a mapping keeps its
    // number from another. Where the system refuses that mapping, nothing changes.
    void close();
    bool is_closed() const { return pin_ != nullptr; }

private:
    pid_t pid_;
    CodeMapping mapping_;
    OwnedFd file_;
    mutable std::set<std::uint64_t> probed_;  // said of the file, which itself does not change
    std::shared_ptr<void> pin_;
};

// Whether both files hold the same bytes.
bool same_content(const CodeFile& left, const CodeFile& right);

}  // namespace tare
