// SPDX-License-Identifier: Apache-2.0
// Probes of functions in user space: owned links, which vanish with the process that holds them. Never two at one address: an
// alias would be counted twice. The program of a probe is told by its cookie which function was called (function.bpf.h).
#pragma once

#include <bpf/libbpf.h>
#include <linux/types.h>
#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/owned_fd.h"
#include "probes/attach/reach.h"
#include "probes/attach/target.h"
#include "probes/symbols/code_file.h"
#include "probes/symbols/function_entries.h"

namespace tare {

// Closing a perf event of a uprobe waits for the kernel's grace periods, about 0.1 s each; a multi link waits once.
enum class UprobeWay : std::uint8_t {
    multi_link,   // one link for all functions of a file: Linux 6.6, filtering by process since 6.10 (and stable 6.6)
    perf_events,  // a perf event for each function, whose link carries a cookie since Linux 5.15
};

// multi_link where the kernel has it and filters by process; asked of the kernel once.
UprobeWay best_uprobe_way();

// Whether links that are for one process go on counting it when its first thread ends before the others: a multi link compares
// thread groups since Linux 6.12 (900f362e2062, and stable 6.6, 6.10 and 6.11 after it); before, and perf events, the memory of
// the first thread, which is gone then.
bool uprobes_outlive_first_thread();

// The tables of function.bpf.h, in memory that the programs share.
struct CallerTables {
    std::span<__u64> begins;
    std::span<__u64> ends;
    __u64* remembers_calls = nullptr;
    std::size_t layers = 1;  // given out; 0 stands for none
};

class Uprobes {
public:
    // The names of the functions that are counted, by index.
    Uprobes(const Target& target, UprobeWay way, std::vector<std::string> names)
        : target_(target), way_(way), names_(std::move(names)) {}

    // Before the programs are loaded: for which way the kernel should verify them. `at_exit` runs at the exits of a file's
    // functions; nullptr where nothing does.
    void prepare(bpf_program* at_entry, bpf_program* at_exit = nullptr);
    // Before any file is covered, when the programs are loaded.
    void share(CallerTables& tables) { tables_ = &tables; }

    // Attaches the prepared program, loaded by now. Of entries at one address only the first counts. Does nothing for a file that
    // it has covered in this reach. Throws cannot_measure when the kernel refuses.
    void cover(const CodeFile& file, Reach reach, const FileEntries& functions);

    // Takes all probes away, and waits until none runs.
    void detach();

    // The name under which a function's calls are counted: `first_second` where two stand at one address.
    std::string name(std::size_t function) const;

private:
    struct Places;
    std::size_t layer_of(const CodeFile& file, const FileEntries& functions);
    void attach(const bpf_program* program, const CodeFile& file, Reach reach, const Places& places);

    struct Destroy {
        void operator()(bpf_link* link) const { bpf_link__destroy(link); }
    };
    Target target_;
    UprobeWay way_;
    std::vector<std::string> names_;
    const bpf_program* at_entry_ = nullptr;
    const bpf_program* at_exit_ = nullptr;
    CallerTables* tables_ = nullptr;
    std::map<FileId, std::size_t> layers_;
    std::set<std::pair<FileId, Reach>> covered_;
    std::map<std::size_t, std::set<std::size_t>> aliases_;  // of the function that counts, in the order of the indices
    std::vector<OwnedFd> multi_links_;
    std::vector<std::unique_ptr<bpf_link, Destroy>> event_links_;
};

}  // namespace tare
