// SPDX-License-Identifier: Apache-2.0
// Entry probes in user space: owned links, which vanish with the process that holds them. Never two at one address: an
// alias would be counted twice. The program of a probe is told by its cookie which function was called.
#pragma once

#include <bpf/libbpf.h>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/owned_fd.h"

namespace tare {

// Closing a perf event of a uprobe waits for the kernel's grace periods, about 0.1 s each; a multi link waits once.
enum class UprobeWay {
    multi_link,   // one link for all functions of a file: Linux 6.6, filtering by process since 6.10 (and stable 6.6)
    perf_events,  // a perf event for each function, whose link carries a cookie since Linux 5.15
};

// multi_link where the kernel has it and filters by process; asked of the kernel once.
UprobeWay best_uprobe_way();

// A function to be probed; without an offset (in bytes from the start of the file) the file does not have it.
struct ProbedFunction {
    std::string name;
    std::optional<std::uint64_t> offset;
};

class Uprobes {
public:
    Uprobes(pid_t pid, UprobeWay way) : pid_(pid), way_(way) {}

    // Before the program is loaded: for which way the kernel should verify it.
    void prepare(bpf_program* program) const;

    // Attaches the program to each function of the file `path` that exists; its cookie is the function's index. Returns
    // the name under which each one counts: of functions at one address only the first counts, as `first_second`.
    // Throws cannot_measure when the kernel refuses.
    std::vector<std::string> attach(const bpf_program* program, const std::string& path,
                                    std::span<const ProbedFunction> functions);

private:
    void attach_events(const bpf_program* program, const std::string& path, std::span<const std::uint64_t> offsets,
                       std::span<const std::uint64_t> cookies);

    struct Destroy {
        void operator()(bpf_link* link) const { bpf_link__destroy(link); }
    };
    pid_t pid_;
    UprobeWay way_;
    OwnedFd multi_link_;
    std::vector<std::unique_ptr<bpf_link, Destroy>> event_links_;
};

}  // namespace tare
