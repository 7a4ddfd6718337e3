// SPDX-License-Identifier: Apache-2.0
#include "probes/allocations.h"

#include <array>
#include <string>
#include <vector>

#include "allocations.skel.h"
#include "probes/bpf_object.h"
#include "probes/mapped_files.h"
#include "probes/uprobes.h"

namespace tare {
namespace {

class Allocations : public Probe {
public:
    Allocations(pid_t pid, UprobeWay way) : programs_(pid), uprobes_(pid, way) {
        const std::string allocator = file_that_provides(pid, "malloc");
        // glibc's realloc(NULL, n) goes on at malloc's own entry, where it is counted (tests/witness/).
        programs_->rodata->realloc_enters_malloc = is_c_library(allocator);
        uprobes_.prepare(programs_->progs.on_call);
        programs_.load();
        // In the order of the enumeration in allocations.bpf.c.
        std::array<ProbedFunction, 6> functions{
            {{"malloc", {}}, {"calloc", {}}, {"realloc", {}}, {"aligned_alloc", {}}, {"posix_memalign", {}}, {"memalign", {}}}};
        for (ProbedFunction& function : functions) function.offset = function_offset(allocator, function.name);
        names_ = uprobes_.attach(programs_->progs.on_call, allocator, functions);
    }

    Snapshot read() override {
        const auto name = [this](std::size_t index) { return names_[index]; };
        Snapshot snapshot;
        add_table(snapshot, "allocations", programs_->bss->calls, name);
        add_table(snapshot, "allocated_bytes", programs_->bss->requested_bytes, name);
        return snapshot;
    }

    Reading lost_events() override { return programs_.lost_events(); }

private:
    BpfObject<allocations_bpf> programs_;
    Uprobes uprobes_;
    std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<Probe> attach_allocations(pid_t pid) { return attach_allocations(pid, best_uprobe_way()); }

std::unique_ptr<Probe> attach_allocations(pid_t pid, UprobeWay way) { return std::make_unique<Allocations>(pid, way); }

}  // namespace tare
