// SPDX-License-Identifier: Apache-2.0
#include "probes/process_tree.h"

#include "probes/bpf_object.h"
#include "process_tree.skel.h"

namespace tare {
namespace {

constexpr std::uint32_t processes_max = 16384;  // at one time

std::uint64_t read(const __u64& counter) { return __atomic_load_n(&counter, __ATOMIC_RELAXED); }

}  // namespace

struct ProcessTree::Programs {
    explicit Programs(pid_t root) : object(Target(root)) {
        object->rodata->target_is_tree = true;
        bpf_map__set_autocreate(object->maps.targets, true);
        bpf_map__set_max_entries(object->maps.targets, processes_max);
        object.load();
        object.attach();
    }
    BpfObject<process_tree_bpf> object;
};

ProcessTree::ProcessTree(pid_t root) : programs_(std::make_unique<Programs>(root)) {}
ProcessTree::~ProcessTree() = default;

int ProcessTree::targets() const { return bpf_map__fd(programs_->object->maps.targets); }

std::uint64_t ProcessTree::process_count() const { return read(programs_->object->bss->process_count); }

Reading ProcessTree::losses() const { return programs_->object.lost_events(); }

bool ProcessTree::root_was_replaced() const { return read(programs_->object->bss->root_replaced) > 0; }

}  // namespace tare
