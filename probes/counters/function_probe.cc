// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/function_probe.h"

#include "core/error.h"
#include "probes/attach/bpf_object.h"

namespace tare {

bool cover_all_files(FunctionProbe& probe, pid_t pid) {
    bool defined = false;
    for (const CodeMapping& mapping : code_mappings(pid)) {
        const CodeFile file(pid, mapping);
        if (!file.is_loader()) defined = probe.cover(pid, file, Reach::root) || defined;
    }
    return defined;
}

void cover_process(FunctionProbe& probe, pid_t pid, std::string_view function) {
    if (!cover_all_files(probe, pid))
        throw cannot_measure(std::string(function) + ": defined in no file that process " + std::to_string(pid) +
                             " runs code from");
}

void add_sizes(Snapshot& snapshot, const char* metric, std::span<const unsigned long long> buckets) {
    add_table(snapshot, metric, buckets, [](std::size_t bits) {
        if (bits <= 1) return std::to_string(bits);
        const std::uint64_t least = std::uint64_t{1} << (bits - 1);
        return std::to_string(least) + ".." + std::to_string(least - 1 + least);
    });
}

}  // namespace tare
