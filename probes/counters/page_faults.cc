// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/page_faults.h"

#include <string>

#include "core/error.h"
#include "probes/counters/process_stat.h"

namespace tare {
namespace {

class PageFaults : public Probe {
public:
    explicit PageFaults(pid_t pid) : pid_(pid) {}

    Snapshot read() override {
        const std::optional<ProcessStat> stat = process_stat(pid_);
        if (!stat) return {{{"page_faults", ""}, Absent{"/proc/" + std::to_string(pid_) + "/stat cannot be read"}}};
        return {{{"page_faults", ""}, stat->minor_faults + stat->major_faults},
                {{"page_faults", "minor"}, stat->minor_faults},
                {{"page_faults", "major"}, stat->major_faults}};
    }

private:
    pid_t pid_;
};

}  // namespace

std::unique_ptr<Probe> attach_page_faults(const Target& target) {
    if (target.tree != nullptr) throw cannot_measure("counts of one process, not of a tree");
    if (!process_stat(target.pid)) throw cannot_measure("/proc/" + std::to_string(target.pid) + "/stat cannot be read");
    return std::make_unique<PageFaults>(target.pid);
}

}  // namespace tare
