// SPDX-License-Identifier: Apache-2.0
// Entry probes in user space: owned links, which vanish with the process that holds them. Never two at one address: an
// alias would be counted twice.
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

#include "probes/code_file.h"
#include "probes/target.h"

namespace tare {

// A place in a file where calls of a function arrive: its index among those that the probe counts.
struct FunctionEntry {
    std::size_t function = 0;
    std::uint64_t offset = 0;     // bytes from the start of the file
    bool enters_another = false;  // some calls go on at the entry of another counted function
};

// Whose calls a link counts: those in the address space of the target's (or of the tree's root) alone, which costs no other
// process anything; or those of every other process of a tree, for which the kernel must look at all that run the file.
enum class Reach : std::uint8_t { root, others };

class Uprobes {
public:
    // The functions that are counted, by index, and the program that counts each.
    Uprobes(const Target& target, std::vector<std::string> names, std::vector<const bpf_program*> programs)
        : target_(target), names_(std::move(names)), programs_(std::move(programs)) {}

    Uprobes(const Uprobes&) = delete;
    Uprobes& operator=(const Uprobes&) = delete;
    ~Uprobes();

    // Of entries at one address only the first counts. Does nothing for a file that it has covered in this reach. Throws
    // cannot_measure when the kernel refuses.
    void cover(const CodeFile& file, Reach reach, std::span<const FunctionEntry> entries);

    // The name under which a function's calls are counted: `first_second` where two stand at one address.
    std::string name(std::size_t function) const;

private:
    void attach(const CodeFile& file, Reach reach, const FunctionEntry& entry);

    struct Destroy {
        void operator()(bpf_link* link) const { bpf_link__destroy(link); }
    };
    Target target_;
    std::vector<std::string> names_;
    std::vector<const bpf_program*> programs_;
    std::set<std::pair<FileId, Reach>> covered_;
    std::map<std::size_t, std::set<std::size_t>> aliases_;  // of the function that counts, in the order of the indices
    std::vector<std::unique_ptr<bpf_link, Destroy>> links_;
};

}  // namespace tare
