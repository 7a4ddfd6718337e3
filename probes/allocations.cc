// SPDX-License-Identifier: Apache-2.0
#include "probes/allocations.h"

#include <string>
#include <vector>

#include "allocations.skel.h"
#include "probes/allocation_entries.h"
#include "probes/bpf_object.h"
#include "probes/function_probe.h"

namespace tare {
namespace {

class Allocations : public FunctionProbe {
public:
    // In the order of the enumeration in families.bpf.h, as allocation_functions has them.
    Allocations(const Target& target, UprobeWay way)
        : programs_(target),
          uprobes_(target, way, std::vector<std::string>(allocation_functions.begin(), allocation_functions.end())) {
        programs_->rodata->counts_sizes = target.tree != nullptr;
        uprobes_.prepare(programs_->progs.on_call);
        programs_.load();
    }

    bool cover(pid_t, const CodeFile& file, Reach reach) override {
        const std::vector<FunctionEntry> entries = allocation_entries(file);
        if (entries.empty()) return false;
        uprobes_.cover(file, reach, entries);
        return true;
    }

    Snapshot read() override {
        const auto name = [this](std::size_t index) { return uprobes_.name(index); };
        Snapshot snapshot;
        add_table(snapshot, "allocations", programs_->bss->calls, name);
        add_table(snapshot, "allocated_bytes", programs_->bss->requested_bytes, name);
        if (programs_->rodata->counts_sizes) add_sizes(snapshot, "allocation_sizes", programs_->bss->sizes);
        return snapshot;
    }

    Reading lost_events() override { return programs_.lost_events(); }

private:
    BpfObject<allocations_bpf> programs_;
    Uprobes uprobes_;
};

}  // namespace

std::unique_ptr<Probe> attach_allocations(const Target& target) { return attach_allocations(target, best_uprobe_way()); }

std::unique_ptr<Probe> attach_allocations(const Target& target, UprobeWay way) {
    auto probe = std::make_unique<Allocations>(target, way);
    if (target.tree == nullptr) cover_process(*probe, target.pid, "malloc");
    return probe;
}

}  // namespace tare
