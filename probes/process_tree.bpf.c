/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Keeps the map of processes that belong to a tree: its root from its first exec on, children from the fork that makes
 * them, each until its last thread ends. Stops a thread of the tree that has mapped a file to run code from, before it
 * can run any of it. A tree that runs already is never stopped: there such a file is only noted. */
#include "target.bpf.h"

enum { call_mmap = 9, prot_exec = 4, map_anonymous = 0x20, signal_stop = 19 };
enum { call_clone = 56, call_vfork = 58, call_clone3 = 435, clone_vfork = 0x4000 };
enum { roots_max = 64, namespaces_max = 32 };

/* The processes that run already, by their ids where target_namespace says; 0 of them for a command that is to start. */
const volatile __u32 root_count = 0;
const volatile __u32 roots[roots_max];

/* Files that came to be run in such a tree. Noted once until user space takes the note away. */
enum { code_mapped, code_executed, code_found }; /* found: what a process has when the tree begins */
struct code_note {
    __u64 inode; /* 0 where it cannot be told */
    __u32 tgid;
    __u32 kind;
};
struct code_name {
    char text[48]; /* the last part of the path */
};
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1);
    __type(key, struct code_note);
    __type(value, struct code_name);
} code_notes SEC(".maps");

/* How often a thread that the root's own uprobes hang on ended, or gave its id to another, with the process going on. */
__u64 root_replaced = 0;
__u64 process_count = 0;
/* Children that run in the memory of a parent that goes on beside them. */
__u64 shared_memory_count = 0;

/* The process of target_tgid, as the initial namespace numbers it; 0 before its first exec. */
static __u32 root_tgid = 0;

static __always_inline bool is_root(void) {
    struct bpf_pidns_info info = {};

    if (target_namespace_inode == 0) return bpf_get_current_pid_tgid() >> 32 == target_tgid;
    if (bpf_get_ns_current_pid_tgid(target_namespace_device, target_namespace_inode, &info, sizeof(info)) != 0) return 0;
    return info.tgid == target_tgid;
}

/* The current process's id in the namespace of the harness. */
static __always_inline __u32 known_tgid(void) {
    struct bpf_pidns_info info = {};

    if (target_namespace_inode == 0) return bpf_get_current_pid_tgid() >> 32;
    bpf_get_ns_current_pid_tgid(target_namespace_device, target_namespace_inode, &info, sizeof(info));
    return info.tgid;
}

static __always_inline void note(struct file* file, __u32 kind) {
    struct code_note key = {.tgid = known_tgid(), .kind = kind};
    struct code_name name = {};

    if (file) {
        key.inode = BPF_CORE_READ(file, f_inode, i_ino);
        bpf_probe_read_kernel_str(name.text, sizeof(name.text), BPF_CORE_READ(file, f_path.dentry, d_name.name));
    }
    if (bpf_map_update_elem(&code_notes, &key, &name, 0) != 0) add(&lost_events, 1);
}

static __always_inline struct file* file_at(unsigned long descriptor) {
    struct task_struct* task = bpf_get_current_task_btf();
    struct fdtable* table = BPF_CORE_READ(task, files, fdt);
    struct file* file = 0;

    if (descriptor < BPF_CORE_READ(table, max_fds))
        bpf_probe_read_kernel(&file, sizeof(file), BPF_CORE_READ(table, fd) + descriptor);
    return file;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct* task, int old_pid, struct linux_binprm* program) {
    __u32 tgid = bpf_get_current_pid_tgid() >> 32;
    __u8 place = tree_root;

    if (root_count > 0) {
        __u8* known = bpf_map_lookup_elem(&targets, &tgid);
        if (!known) return 0;
        if (*known == tree_root && old_pid != task->pid) add(&root_replaced, 1);
        note(BPF_CORE_READ(program, file), code_executed);
        return 0;
    }
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

/* At this tracepoint the parent is still in the call that asked for the child. */
static __always_inline bool parent_waits(void) {
    struct pt_regs* regs = (struct pt_regs*)bpf_task_pt_regs(bpf_get_current_task_btf());
    __u64 flags = 0;

    if (regs->orig_ax == call_vfork) return 1;
    if (regs->orig_ax == call_clone) flags = regs->di;
    if (regs->orig_ax == call_clone3) bpf_probe_read_user(&flags, sizeof(flags), (void*)regs->di);
    return (flags & clone_vfork) != 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct* parent, struct task_struct* child) {
    __u32 parent_tgid = parent->tgid;
    __u32 child_tgid = child->tgid;
    __u8 place = tree_child;

    if (parent_tgid == child_tgid) return 0; /* a thread */
    if (!bpf_map_lookup_elem(&targets, &parent_tgid)) return 0;
    add(&process_count, 1);
    if (child->mm == parent->mm && !parent_waits()) add(&shared_memory_count, 1);
    if (bpf_map_update_elem(&targets, &child_tgid, &place, 0) != 0) add(&lost_events, 1);
    return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_process_exit, struct task_struct* task) {
    __u32 tgid = task->tgid;
    int live = task->signal->live.counter;
    __u8* place;

    if (live == 0) {
        bpf_map_delete_elem(&targets, &tgid);
    } else if (task->pid == task->tgid) {
        place = bpf_map_lookup_elem(&targets, &tgid);
        if (place && *place == tree_root) add(&root_replaced, 1);
    }
    return 0;
}

/* A task's process id in the namespace of the harness; 0 when it has none there. */
static __always_inline __u32 known_tgid_of(struct task_struct* leader) {
    struct pid* pid = leader->thread_pid;

    if (target_namespace_inode == 0) return leader->tgid;
    for (__u32 level = 0; level < namespaces_max && level <= BPF_CORE_READ(pid, level); ++level) {
        struct upid id;
        bpf_probe_read_kernel(&id, sizeof(id), (char*)pid + bpf_core_field_offset(struct pid, numbers) + level * sizeof(id));
        if (BPF_CORE_READ(id.ns, ns.inum) == target_namespace_inode) return id.nr;
    }
    return 0;
}

static __always_inline bool is_among_roots(__u32 tgid) {
    for (__u32 place = 0; place < roots_max && place < root_count; ++place) {
        if (roots[place] == tgid) return 1;
    }
    return 0;
}

/* One pass over all processes adds the roots and the children of what is in the tree. on_fork follows whatever is born later, so
 * when a pass adds nothing the tree is whole. */
SEC("iter/task")
int find_running(struct bpf_iter__task* context) {
    struct task_struct* task = context->task;
    struct code_note key = {.kind = code_found};
    struct code_name name = {};
    __u8 place = tree_child;
    __u32 tgid, parent;

    if (!task || task->pid != task->tgid || task->signal->live.counter == 0) return 0;
    tgid = task->tgid;
    key.tgid = known_tgid_of(task);
    parent = task->real_parent->tgid;
    if (!bpf_map_lookup_elem(&targets, &parent) && !is_among_roots(key.tgid)) return 0;
    if (bpf_map_lookup_elem(&targets, &tgid)) return 0;
    add(&process_count, 1);
    if (bpf_map_update_elem(&targets, &tgid, &place, 0) != 0) add(&lost_events, 1);
    if (bpf_map_update_elem(&code_notes, &key, &name, 0) != 0) add(&lost_events, 1);
    return 0;
}

/* A stop signal cannot be blocked. Who traces the tree takes it away again, so the program never sees it. */
SEC("tp_btf/sys_exit")
int BPF_PROG(on_mapped, struct pt_regs* regs, long result) {
    if (regs->orig_ax != call_mmap || result < 0 || !is_target()) return 0;
    if (!(regs->dx & prot_exec) || (regs->r10 & map_anonymous)) return 0;
    if (root_count > 0)
        note(file_at(regs->r8), code_mapped);
    else if (bpf_send_signal_thread(signal_stop) != 0)
        add(&lost_events, 1);
    return 0;
}
