// SPDX-License-Identifier: Apache-2.0
// Brings the preloaded library into every program that a traced command executes, tells the system calls that are made for it
// from the program's own, and keeps why the calls of functions in some program do not all come to it: then no count of the
// tree's is whole.
#pragma once

#include <sys/user.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/trace/preload_memory.h"
#include "harness/trace/traced_command.h"
#include "probes/symbols/code_file.h"
#include "probes/symbols/function_entries.h"

namespace tare {

class PreloadedTree {
public:
    // `root` is a child of this process that has not executed yet, and was made when the memory was there, which must outlive
    // this.
    PreloadedTree(pid_t root, const std::string& library, PreloadMemory& memory);

    // Of a thread that stands at a call: whether it is made for the library, and belongs to no count.
    bool begins(const StoppedCall& call);
    void ends(const StoppedCall& call);
    void executed(pid_t pid);
    void forked(pid_t pid);
    void ended(pid_t pid);
    void thread_ended(pid_t tid);

    // What was counted, absent where it is not whole.
    Snapshot read() const;

private:
    // What a file has of the functions that are counted.
    struct FileFacts {
        CodeFile file;                 // closed: it keeps its id
        std::string allocation_fault;  // why it cannot be known
        std::string copy_fault;
        bool is_c_library = false;
        bool allocates = false;
        bool copies = false;
        bool defines_others = false;      // functions that allocate past malloc: operator new, mallocx and the like
        bool calls_others = false;        // likewise, of another file
        std::optional<std::string> heap;  // of a runtime
    };
    // What one process runs, since its last exec.
    struct Image {
        std::string name;
        std::string obstacle;     // why the library is not in it
        int loading = -1;         // descriptor by which the linker reads the library
        std::uint64_t begin = 0;  // where the library is mapped
        std::uint64_t end = 0;
        std::uint64_t own_call = 0;  // behind its one instruction that enters the kernel
        std::uint64_t next_malloc = 0;
        std::uint64_t memory = 0;  // where it has the counters; 0: nowhere
        std::uint64_t slots = 0;   // likewise those of the environment
        FileId allocator;          // has the malloc that its calls go on to
        std::set<FileId> files;
        bool is_in(std::uint64_t address) const { return begin <= address && address < end; }
    };
    // What is to be seen at the end of a call.
    enum class Awaited : std::uint8_t { nothing, library, mapping, counters, slots, memory, code, exec };
    struct UnderWay {
        pid_t pid = 0;
        Awaited awaited = Awaited::nothing;
        std::uint64_t argument = 0;  // of a mapping its bytes, of an exec its environment, as the program had it
        std::optional<std::size_t> slot = std::nullopt;  // that has the environment of its exec
        unsigned long long user_regs_struct::*environment_register = nullptr;
        std::string obstacle = {};  // to the library in what it executes
    };

    static bool is_of_linker(const __ptrace_syscall_info& info, const Image& image);
    bool is_for_library(const StoppedCall& call, Image& image, UnderWay& under_way);
    void prepare_exec(const StoppedCall& call, const Image& image, UnderWay& under_way);
    std::optional<std::size_t> free_slot() const;
    void begin_counting(pid_t pid, Image& image);
    void look(pid_t pid, Image& image);
    void note_aliases(const std::vector<FunctionEntry>& entries);
    void judge(const Image& image, const FileFacts& facts);
    FileFacts& facts_of(pid_t pid, const CodeMapping& mapping);
    void close(const Image& image);
    void mark_incomplete(const std::string& reason);

    PreloadMemory& memory_;
    std::string library_;
    std::map<pid_t, Image> images_;
    std::map<pid_t, UnderWay> under_way_;  // by tid
    std::map<FileId, FileFacts> files_;
    // By where the library is: those that fork share it.
    std::map<std::uint64_t, Image> known_images_;
    std::set<std::string> heaps_;
    std::optional<std::string> allocation_gap_;
    std::optional<std::string> copy_gap_;
};

}  // namespace tare
