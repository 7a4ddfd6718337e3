// SPDX-License-Identifier: Apache-2.0
#include "probes/copies.h"

#include <array>
#include <span>
#include <string>
#include <vector>

#include "copies.skel.h"
#include "probes/bpf_object.h"
#include "probes/mapped_files.h"
#include "probes/uprobes.h"

namespace tare {
namespace {

constexpr std::size_t memset_index = 3;  // in copies.bpf.c: what stands before it copies, it fills

class Copies : public Probe {
public:
    Copies(pid_t pid, UprobeWay way) : programs_(pid), uprobes_(pid, way) {
        const std::string library = shared_c_library(pid);
        uprobes_.prepare(programs_->progs.on_call);
        programs_.load();
        // In the order of the enumeration in copies.bpf.c.
        const std::array<ProbedFunction, 4> functions{{{"memcpy", resolved_offset("memcpy")},
                                                       {"memmove", resolved_offset("memmove")},
                                                       {"mempcpy", resolved_offset("mempcpy")},
                                                       {"memset", resolved_offset("memset")}}};
        names_ = uprobes_.attach(programs_->progs.on_call, library, functions);
    }

    Snapshot read() override {
        const std::span calls{programs_->bss->calls};
        const std::span moved_bytes{programs_->bss->moved_bytes};
        const auto copy_name = [this](std::size_t index) { return names_[index]; };
        const auto fill_name = [this](std::size_t index) { return names_[memset_index + index]; };
        Snapshot snapshot;
        add_table(snapshot, "copies", calls.first(memset_index), copy_name);
        add_table(snapshot, "copied_bytes", moved_bytes.first(memset_index), copy_name);
        add_table(snapshot, "fills", calls.subspan(memset_index), fill_name);
        add_table(snapshot, "filled_bytes", moved_bytes.subspan(memset_index), fill_name);
        return snapshot;
    }

    Reading lost_events() override { return programs_.lost_events(); }

private:
    BpfObject<copies_bpf> programs_;
    Uprobes uprobes_;
    std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<Probe> attach_copies(pid_t pid) { return attach_copies(pid, best_uprobe_way()); }

std::unique_ptr<Probe> attach_copies(pid_t pid, UprobeWay way) { return std::make_unique<Copies>(pid, way); }

}  // namespace tare
