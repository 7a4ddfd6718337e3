// SPDX-License-Identifier: Apache-2.0
#include "probes/queue_operations.h"

#include <string>

#include "core/opcode.h"
#include "probes/bpf_object.h"
#include "queue_operations.skel.h"

namespace tare {
namespace {

std::string name_of_opcode(std::size_t index) { return index < opcode_count ? std::string(opcode_names[index]) : "multishot"; }

class QueueOperations : public Probe {
public:
    explicit QueueOperations(const Target& target) : programs_(target) {
        // With two arguments since Linux 6.0; before, other ones stood in front of the request.
        const bool has_old_name = !has_tracepoint("io_uring_submit_req") && has_tracepoint("io_uring_submit_sqe", 2);
        bpf_program__set_autoload(programs_->progs.on_submit, !has_old_name);
        bpf_program__set_autoload(programs_->progs.on_submit_before_6_4, has_old_name);
        programs_.load();
        programs_.attach();
    }

    Snapshot read() override {
        Snapshot snapshot;
        add_table(snapshot, "sqes", programs_->bss->submitted, name_of_opcode);
        add_table(snapshot, "cqes", programs_->bss->completed, name_of_opcode);
        add_table(snapshot, "io_wq_punts", programs_->bss->punted, name_of_opcode);
        snapshot.emplace(Quantity{"cqe_overflows", ""}, __atomic_load_n(&programs_->bss->overflowed, __ATOMIC_RELAXED));
        return snapshot;
    }

    Reading lost_events() override { return programs_.lost_events(); }

private:
    BpfObject<queue_operations_bpf> programs_;
};

}  // namespace

std::unique_ptr<Probe> attach_queue_operations(const Target& target) { return std::make_unique<QueueOperations>(target); }

}  // namespace tare
