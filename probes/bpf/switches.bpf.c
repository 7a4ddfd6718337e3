/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* At sched_switch the thread that leaves is still the current one. It left by its own will when it was not preempted
 * and is no longer runnable, as the kernel's own nvcsw counts it. In a tree, leaving because one was stopped does not count:
 * that is mostly tare's doing. */
#include "shared/switches.h"
#include "target.bpf.h"

enum { task_stopped = 4, task_traced = 8 };

__u64 left[switch_kind_count];

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct* previous, struct task_struct* next, unsigned int state) {
    if (target_is_tree && (state & (task_stopped | task_traced))) return 0;
    if (is_target()) add(&left[!preempt && state != 0 ? switch_voluntary : switch_preempted], 1);
    return 0;
}
