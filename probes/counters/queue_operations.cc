// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/queue_operations.h"

#include <string>

#include "core/opcode.h"
#include "probes/attach/bpf_object.h"
#include "probes/bpf/shared/queue_operations.h"
#include "queue_operations.skel.h"

namespace tare {
namespace {

constexpr std::size_t receive_zero_copy = 58;

std::string name_of_opcode(std::size_t index) {
    return index < opcode_count ? std::string(opcode_names[index]) : "opcode_" + std::to_string(index);
}

std::string name_of_submission(std::size_t index) { return index == sqe_dropped ? "dropped" : name_of_opcode(index); }
std::string name_of_completion(std::size_t index) {
    switch (index) {
        case cqe_multishot:
            return "multishot";
        case cqe_auxiliary:
            return "auxiliary";
        case cqe_notification:
            return "notification";
        case cqe_overflow:
            return "overflow";
        default:
            return name_of_opcode(index);
    }
}

class QueueOperations : public Probe {
public:
    explicit QueueOperations(const Target& target) : programs_(target) {
        // With two arguments since Linux 6.0; before, other ones stood in front of the request.
        const bool has_old_name = !has_tracepoint("io_uring_submit_req") && has_tracepoint("io_uring_submit_sqe", 2);
        bpf_program__set_autoload(programs_->progs.on_submit, !has_old_name);
        bpf_program__set_autoload(programs_->progs.on_submit_before_6_4, has_old_name);
        const bool in_parts = has_tracepoint("io_uring_complete") && !has_tracepoint("io_uring_complete", 3);
        bpf_program__set_autoload(programs_->progs.on_complete, !in_parts);
        bpf_program__set_autoload(programs_->progs.on_complete_in_parts, in_parts);
        programs_.load();
        programs_.attach();
    }

    Snapshot read() override {
        Snapshot snapshot;
        add_table(snapshot, "sqes", programs_->bss->submitted, name_of_submission);
        add_table(snapshot, "cqes", programs_->bss->completed, name_of_completion);
        add_table(snapshot, "io_wq_punts", programs_->bss->punted, name_of_opcode);
        snapshot.set({"cqe_overflows", ""}, __atomic_load_n(&programs_->bss->overflowed, __ATOMIC_RELAXED));
        if (__atomic_load_n(&programs_->bss->drops_of_unknown_begin, __ATOMIC_RELAXED) > 0)
            withhold(snapshot, {"sqes", name_of_submission(sqe_dropped)},
                     "a ring that is older than the probe has dropped entries, and nobody can say when; start the program anew");
        if (programs_->bss->submitted[receive_zero_copy] > 0)
            withhold(snapshot, {"cqes", name_of_completion(receive_zero_copy)},
                     "a recv_zc posts its completions past the kernel's tracepoint");
        return snapshot;
    }

    Measured<std::uint64_t> lost_events() override { return programs_.lost_events(); }

private:
    // The other parts are right.
    static void withhold(Snapshot& snapshot, const Quantity& part, const std::string& reason) {
        snapshot.set(part, Absent{reason});
        snapshot.set({part.metric, ""}, Absent{reason});
    }

    BpfObject<queue_operations_bpf> programs_;
};

}  // namespace

std::unique_ptr<Probe> attach_queue_operations(const Target& target) { return std::make_unique<QueueOperations>(target); }

}  // namespace tare
