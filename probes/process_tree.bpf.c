/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Keeps the map of processes that belong to a tree: its root from its first exec on, children from the fork that makes
 * them, each until its last thread ends. Stops a thread of the tree that has mapped a file to run code from, before it
 * can run any of it. */
#include "target.bpf.h"

enum { call_mmap = 9, prot_exec = 4, map_anonymous = 0x20, signal_stop = 19 };

/* How often a thread that the root's own uprobes hang on ended, or gave its id to another, with the process going on. */
__u64 root_replaced = 0;
__u64 process_count = 0;

/* The process of target_tgid, as the initial namespace numbers it; 0 before its first exec. */
static __u32 root_tgid = 0;

static __always_inline bool is_root(void) {
    struct bpf_pidns_info info = {};

    if (target_namespace_inode == 0) return bpf_get_current_pid_tgid() >> 32 == target_tgid;
    if (bpf_get_ns_current_pid_tgid(target_namespace_device, target_namespace_inode, &info, sizeof(info)) != 0) return 0;
    return info.tgid == target_tgid;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct* task, int old_pid, struct linux_binprm* program) {
    __u32 tgid = bpf_get_current_pid_tgid() >> 32;
    __u8 place = tree_root;

    if (root_tgid == 0 && is_root()) {
        root_tgid = tgid;
        add(&process_count, 1);
        if (bpf_map_update_elem(&targets, &tgid, &place, 0) != 0) add(&lost_events, 1);
        return 0;
    }
    if (root_tgid != 0 && tgid == root_tgid && old_pid != task->pid)
        add(&root_replaced, 1); /* exec in another thread: the first one is gone */
    return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct* parent, struct task_struct* child) {
    __u32 parent_tgid = parent->tgid;
    __u32 child_tgid = child->tgid;
    __u8 place = tree_child;

    if (parent_tgid == child_tgid) return 0; /* a thread */
    if (!bpf_map_lookup_elem(&targets, &parent_tgid)) return 0;
    add(&process_count, 1);
    if (bpf_map_update_elem(&targets, &child_tgid, &place, 0) != 0) add(&lost_events, 1);
    return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_process_exit, struct task_struct* task) {
    __u32 tgid = task->tgid;
    int live = task->signal->live.counter;

    if (live == 0)
        bpf_map_delete_elem(&targets, &tgid);
    else if (root_tgid != 0 && tgid == root_tgid && task->pid == task->tgid)
        add(&root_replaced, 1);
    return 0;
}

/* A stop signal cannot be blocked. Who traces the tree takes it away again, so the program never sees it. */
SEC("tp_btf/sys_exit")
int BPF_PROG(on_mapped, struct pt_regs* regs, long result) {
    if (regs->orig_ax != call_mmap || result < 0 || !is_target()) return 0;
    if (!(regs->dx & prot_exec) || (regs->r10 & map_anonymous)) return 0;
    if (bpf_send_signal_thread(signal_stop) != 0) add(&lost_events, 1);
    return 0;
}
