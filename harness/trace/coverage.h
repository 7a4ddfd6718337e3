// SPDX-License-Identifier: Apache-2.0
// Shows the probes of functions each file that a process of a tree runs code from, sees in its memory that they stand there, and
// keeps why some process is not covered: then no total of that probe is whole, and the probe's readings are absent.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/trace/traced_command.h"
#include "probes/attach/held_breakpoints.h"
#include "probes/counters/function_probe.h"

namespace tare {

class Coverage : public TreeObserver {
public:
    struct Covered {
        FunctionProbe* probe;
        std::string function;    // the first of its family, for messages
        bool is_in_each = true;  // whether each process must run a file that defines the functions
    };
    // `root` is the tree's, or 0 for a tree all of whose processes are counted by links of Reach::others.
    Coverage(pid_t root, std::vector<Covered> probes);

    void first_thread_ends(pid_t pid) override;
    void first_thread_replaced(pid_t pid) override;
    void executed(pid_t pid) override;
    void mapped(pid_t pid) override;
    void forked(pid_t pid) override;
    void ended(pid_t pid) override;
    void copied_probe(pid_t pid) override;

    // From now on what is counted counts: a file that defines the functions and comes later comes too late.
    void freeze() { frozen_ = true; }
    // Whether the file of this inode and last part of its path was looked at.
    bool has_looked_at(std::uint64_t inode, const std::string& name) const;
    // Of processes that go on: each must have shown a file that defines the functions.
    void require_functions();
    // The counts of no probe are whole, for this reason.
    void mark_incomplete(const std::string& reason);

    // Why the counts of the probe, by its place in the constructor's list, are not whole.
    const std::optional<std::string>& gap(std::size_t probe) const { return gaps_[probe]; }
    // Whether anything but the root ran: then other programs that share its files were slowed.
    bool has_children() const { return has_children_; }

private:
    // What one process runs, since its last exec.
    struct Image {
        std::string name;
        std::set<FileId> shown;
        std::vector<bool> defined;  // by probe: whether some file of it defines the functions
    };

    void look(pid_t pid);
    Image new_image() const { return {"", {}, std::vector<bool>(probes_.size(), false)}; }
    void show(pid_t pid, const CodeMapping& mapping, Image& image);
    void close(const Image& image);
    CodeFile& opened(pid_t pid, const CodeMapping& mapping);
    void find_late(pid_t pid, const CodeMapping& mapping, std::size_t probe);
    void demand_probes(pid_t pid, const std::vector<CodeRange>& ranges);
    std::string fault_in(pid_t pid, const CodeRange& range, const CodeFile& file, int memory);

    pid_t root_;
    std::vector<Covered> probes_;
    std::vector<std::optional<std::string>> gaps_;
    std::map<pid_t, Image> images_;
    std::map<FileId, CodeFile> files_;                        // closed: they define none of the functions
    std::set<FileId> late_;                                   // first looked at when frozen
    std::set<std::pair<FileId, std::uint64_t>> looked_into_;  // where code was run from, in bytes from the file's begin
    HeldBreakpoints held_;
    bool frozen_ = false;
    bool has_children_ = false;
};

}  // namespace tare
