// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/copies.h"

#include <array>
#include <span>
#include <string>
#include <vector>

#include "copies.skel.h"
#include "probes/attach/bpf_object.h"
#include "probes/counters/function_probe.h"
#include "probes/symbols/copy_entries.h"

namespace tare {
namespace {

class Copies : public FunctionProbe {
public:
    Copies(const Target& target, UprobeWay way)
        : programs_(target), uprobes_(target, way, std::vector<std::string>(copy_functions.begin(), copy_functions.end())) {
        programs_->rodata->counts_sizes = target.counts_sizes;
        uprobes_.prepare(programs_->progs.on_call);
        programs_.load();
        tables_ = {programs_->bss->caller_begin, programs_->bss->caller_end, &programs_->bss->remembers_calls};
        uprobes_.share(tables_);
    }

    bool cover(pid_t pid, const CodeFile& file, Reach reach) override {
        const FileEntries functions = copy_entries(pid, file);
        if (functions.entries.empty()) return false;
        uprobes_.cover(file, reach, functions);
        return true;
    }

    Snapshot read() override {
        const std::span calls{programs_->bss->calls};
        const std::span moved_bytes{programs_->bss->moved_bytes};
        const auto copy_name = [this](std::size_t index) { return uprobes_.name(index); };
        const auto fill_name = [this](std::size_t index) { return uprobes_.name(copying_function_count + index); };
        Snapshot snapshot;
        add_table(snapshot, "copies", calls.first(copying_function_count), copy_name);
        add_table(snapshot, "copied_bytes", moved_bytes.first(copying_function_count), copy_name);
        add_table(snapshot, "fills", calls.subspan(copying_function_count), fill_name);
        add_table(snapshot, "filled_bytes", moved_bytes.subspan(copying_function_count), fill_name);
        if (programs_->rodata->counts_sizes) add_sizes(snapshot, "copy_sizes", programs_->bss->copy_sizes);
        return snapshot;
    }

    Measured<std::uint64_t> lost_events() override { return programs_.lost_events(); }

private:
    BpfObject<copies_bpf> programs_;
    Uprobes uprobes_;
    CallerTables tables_;
};

}  // namespace

std::unique_ptr<Probe> attach_copies(const Target& target) { return attach_copies(target, best_uprobe_way()); }

std::unique_ptr<Probe> attach_copies(const Target& target, UprobeWay way) {
    auto probe = std::make_unique<Copies>(target, way);
    if (target.tree == nullptr) cover_process(*probe, target.pid, "memcpy");
    return probe;
}

}  // namespace tare
