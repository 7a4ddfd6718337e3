// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/allocations.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "allocations.skel.h"
#include "probes/attach/bpf_object.h"
#include "probes/counters/function_probe.h"
#include "probes/counters/unseen_heap.h"
#include "probes/symbols/allocation_entries.h"

namespace tare {
namespace {

class Allocations : public FunctionProbe {
public:
    Allocations(const Target& target, UprobeWay way)
        : programs_(target),
          uprobes_(target, way, std::vector<std::string>(allocation_functions.begin(), allocation_functions.end())) {
        programs_->rodata->counts_sizes = target.counts_sizes;
        uprobes_.prepare(programs_->progs.on_call, programs_->progs.on_exit);
        programs_.load();
        tables_ = {programs_->bss->caller_begin, programs_->bss->caller_end, &programs_->bss->remembers_calls};
        uprobes_.share(tables_);
    }

    bool cover(pid_t, const CodeFile& file, Reach reach) override {
        if (const auto heap = unseen_heap(file)) unseen_.insert(*heap);
        const FileEntries functions = allocation_entries(file);
        if (functions.entries.empty()) return false;
        const auto resizes = [](const FunctionEntry& entry) { return entry.function == fn_realloc; };
        if (functions.exits.empty() && std::any_of(functions.entries.begin(), functions.entries.end(), resizes))
            moves_unknown_ = file.name() + ": where its realloc returns cannot be told, so whether it moves blocks is not known";
        uprobes_.cover(file, reach, functions);
        return true;
    }

    Snapshot read() override {
        Snapshot snapshot;
        const auto& bss = *programs_->bss;
        add(snapshot, "allocations", bss.calls, bss.moved_calls);
        add(snapshot, "allocated_bytes", bss.requested_bytes, bss.moved_bytes);
        if (const std::uint64_t refused = load(bss.refused); refused > 0) {
            snapshot.set({"allocations", "refused"}, refused);
            snapshot.add({"allocations", ""}, refused);
        }
        if (load(bss.overflowed) != 0) snapshot.set({"allocated_bytes", ""}, Absent{"their sum is more than 2^64"});
        for (const std::string& heap : unseen_)
            snapshot.set({"allocations", heap}, Absent{"not allocated by functions that are counted here: " + heap});
        if (programs_->rodata->counts_sizes) add_sizes(snapshot, "allocation_sizes", bss.sizes);
        return snapshot;
    }

    Measured<std::uint64_t> lost_events() override { return programs_.lost_events(); }

private:
    static std::uint64_t load(const __u64& counter) { return __atomic_load_n(&counter, __ATOMIC_RELAXED); }

    // Of realloc's calls those that moved the block are a part of their own.
    void add(Snapshot& snapshot, const char* metric, std::span<const __u64> table, const __u64& moved_counter) {
        const std::uint64_t moved = load(moved_counter);  // before the table, so that it is not more
        add_table(snapshot, metric, table, [this](std::size_t index) { return uprobes_.name(index); });
        const Quantity resized{metric, allocation_functions[fn_realloc]};
        if (!moves_unknown_.empty() && snapshot.lists(resized)) {
            snapshot.set({metric, "realloc_moved"}, Absent{moves_unknown_});
            return;
        }
        if (moved == 0) return;
        snapshot.set(resized, snapshot.reading(resized) - moved);
        if (snapshot.reading(resized) == Measured<std::uint64_t>(0)) snapshot.erase(resized);
        snapshot.set({metric, "realloc_moved"}, moved);
    }

    BpfObject<allocations_bpf> programs_;
    Uprobes uprobes_;
    CallerTables tables_;
    std::set<std::string> unseen_;
    std::string moves_unknown_;
};

}  // namespace

std::unique_ptr<Probe> attach_allocations(const Target& target) { return attach_allocations(target, best_uprobe_way()); }

std::unique_ptr<Probe> attach_allocations(const Target& target, UprobeWay way) {
    auto probe = std::make_unique<Allocations>(target, way);
    if (target.tree == nullptr) cover_process(*probe, target.pid, "malloc");
    return probe;
}

}  // namespace tare
