// SPDX-License-Identifier: Apache-2.0
// Entry probes in user space: owned links, which vanish with the process that holds them. Never two at one address: an
// alias would be counted twice. The program of a probe is told by its cookie which function was called (function.bpf.h).
#pragma once

#include <bpf/libbpf.h>
#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/owned_fd.h"
#include "probes/code_file.h"
#include "probes/target.h"

namespace tare {

// Closing a perf event of a uprobe waits for the kernel's grace periods, about 0.1 s each; a multi link waits once.
enum class UprobeWay : std::uint8_t {
    multi_link,   // one link for all functions of a file: Linux 6.6, filtering by process since 6.10 (and stable 6.6)
    perf_events,  // a perf event for each function, whose link carries a cookie since Linux 5.15
};

// multi_link where the kernel has it and filters by process; asked of the kernel once.
UprobeWay best_uprobe_way();

// A place in a file where calls of a function arrive: its index among those that the probe counts.
struct FunctionEntry {
    std::size_t function = 0;
    std::uint64_t offset = 0;     // bytes from the start of the file
    bool enters_another = false;  // some calls go on at the entry of another counted function
};

// Whose calls a link counts: those of the target (or of the tree's root) alone, which costs no other process anything; or
// those of every other process of a tree, for which the kernel must look at all that run the file.
enum class Reach : std::uint8_t { root, others };

class Uprobes {
public:
    // The names of the functions that are counted, by index.
    Uprobes(const Target& target, UprobeWay way, std::vector<std::string> names)
        : target_(target), way_(way), names_(std::move(names)) {}

    // Before the program that counts is loaded: for which way the kernel should verify it.
    void prepare(bpf_program* program);

    // Attaches the prepared program, loaded by now. Of entries at one address only the first counts. Does nothing for a file that
    // it has covered in this reach. Throws cannot_measure when the kernel refuses.
    void cover(const CodeFile& file, Reach reach, std::span<const FunctionEntry> entries);

    // Takes all probes away, and waits until none runs.
    void detach();

    // The name under which a function's calls are counted: `first_second` where two stand at one address.
    std::string name(std::size_t function) const;

private:
    struct Places;
    void attach_multi(const CodeFile& file, Reach reach, const Places& places);
    void attach_events(const CodeFile& file, Reach reach, const Places& places);

    struct Destroy {
        void operator()(bpf_link* link) const { bpf_link__destroy(link); }
    };
    Target target_;
    UprobeWay way_;
    std::vector<std::string> names_;
    const bpf_program* program_ = nullptr;
    std::set<std::pair<FileId, Reach>> covered_;
    std::map<std::size_t, std::set<std::size_t>> aliases_;  // of the function that counts, in the order of the indices
    std::vector<OwnedFd> multi_links_;
    std::vector<std::unique_ptr<bpf_link, Destroy>> event_links_;
};

}  // namespace tare
