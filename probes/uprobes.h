// SPDX-License-Identifier: Apache-2.0
// Entry probes in user space: owned links, which vanish with the process that holds them. Never two at one address: an
// alias would be counted twice.
#pragma once

#include <bpf/libbpf.h>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tare {

// A function to be probed; without an offset (in bytes from the start of the file) the file does not have it.
struct ProbedFunction {
    std::string name;
    const bpf_program* program = nullptr;
    std::optional<std::uint64_t> offset;
};

class Uprobes {
public:
    explicit Uprobes(pid_t pid) : pid_(pid) {}

    // Attaches each function of the file `path` that exists. Returns the name under which each one's program counts: of
    // functions at one address only the first counts, as `first_second`. Throws cannot_measure when the kernel refuses.
    std::vector<std::string> attach(const std::string& path, std::span<const ProbedFunction> functions);

private:
    void attach_one(const bpf_program* program, const std::string& path, std::uint64_t offset);

    struct Destroy {
        void operator()(bpf_link* link) const { bpf_link__destroy(link); }
    };
    pid_t pid_;
    std::vector<std::unique_ptr<bpf_link, Destroy>> links_;
};

}  // namespace tare
