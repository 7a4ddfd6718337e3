/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Keeps the map of processes that belong to a tree: its root from its first exec on, children from the fork that makes
 * them, each until its last thread ends. Stops a thread of the tree that has made memory of a file executable, before it
 * can run any of it; only if the tree's tracer traces it, for nobody else would let it go on. A tree that runs already is
 * never stopped: there such a file is only noted. */
#include "target.bpf.h"

/* Calls by which memory becomes executable, by their 64-bit numbers, which x32 has with a bit added, and by their 32-bit
 * ones. mremap and remap_file_pages only move or repeat what was executable before. */
enum { call_mmap = 9, call_mprotect = 10, call_shmat = 30, call_pkey_mprotect = 329 };
enum { call32_old_mmap = 90, call32_ipc = 117, call32_mprotect = 125, call32_mmap2 = 192, call32_pkey_mprotect = 380 };
enum { call32_shmat = 397, ipc_shmat = 21 };
enum { prot_read = 1, prot_exec = 4, map_anonymous = 0x20, shm_exec = 0100000, read_implies_exec = 0x0400000 };
enum { signal_stop = 19, is_traced_flag = 1, group_exit_flags = 4 | 8 };
enum { call_clone = 56, call_vfork = 58, call_clone3 = 435, clone_vfork = 0x4000 };
enum { namespaces_max = 32 };

/* The processes that run already, by their ids where target_namespace says; 0 of them for a command that is to start. */
const volatile __u32 root_count = 0;
const volatile __u32 roots[roots_max];
/* The process that counts, which may be a child of what it attaches to; it is never in such a tree. */
const volatile __u32 counting_tgid = 0;

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1);
    __type(key, struct code_note);
    __type(value, struct code_name);
} code_notes SEC(".maps");

/* Of a tree that runs already: its processes that have ended and are not gone yet, and what those that are gone used of the
 * cores. */
const volatile bool keeps_time = 0;
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u8);
} ended SEC(".maps");
__u64 gone_ns = 0;
/* Of processes whose time is being added, and of those whose time is: unequal, a reader sees a half of it. */
__u64 gone_begun = 0;
__u64 gone_count = 0;

/* How often the first thread of the root, on which its own uprobes hang, ended with the process going on; and, of a tree that
 * runs already, gave its id to another that called exec. */
__u64 root_thread_ended = 0;
__u64 root_replaced = 0;
/* Children that nobody traces for the tree, and threads that nobody could stop when they made memory executable. */
__u64 untraced_count = 0;
/* How often memory without a file became executable that holds the image of an ELF file. */
__u64 image_copy_count = 0;
__u64 process_count = 0;
/* Children that run in the memory of a parent that goes on beside them; of a command. */
__u64 shared_memory_count = 0;

/* The process of target_tgid, as the initial namespace numbers it; 0 before its first exec. */
static __u32 root_tgid = 0;
/* The process that traces the tree, likewise. */
static __u32 tracer_tgid = 0;

static __always_inline bool is_traced(struct task_struct* task) {
    return (task->ptrace & is_traced_flag) && BPF_CORE_READ(task, parent, tgid) == tracer_tgid;
}

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
        tracer_tgid = BPF_CORE_READ(task, parent, tgid);
        add(&process_count, 1);
        if (bpf_map_update_elem(&targets, &tgid, &place, 0) != 0) add(&lost_events, 1);
        return 0;
    }
    if (!bpf_map_lookup_elem(&targets, &tgid)) return 0;
    if (!is_traced(task)) add(&untraced_count, 1); /* so nobody looks at its new program */
    if (old_pid != task->pid) {
        /* By another thread: the first one, on which the root's own uprobes hang, is gone. From now on it counts as a child,
         * and so does its tracer take it. */
        place = tree_child;
        if (bpf_map_update_elem(&targets, &tgid, &place, 0) != 0) add(&lost_events, 1);
    }
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
    if (root_count == 0) {
        if (child->mm == parent->mm && !parent_waits()) add(&shared_memory_count, 1);
        if (!is_traced(child)) add(&untraced_count, 1);
    }
    if (bpf_map_update_elem(&targets, &child_tgid, &place, 0) != 0) add(&lost_events, 1);
    return 0;
}

/* Whether no thread of the process goes on: it exits, is killed, or is left by all but the one that calls exec. */
static __always_inline bool others_end_too(struct task_struct* task) {
    struct signal_struct___before_5_17* former = (void*)task->signal;

    if (BPF_CORE_READ(task, signal, flags) & group_exit_flags) return 1;
    if (bpf_core_field_exists(former->group_exit_task)) return BPF_CORE_READ(former, group_exit_task) != 0;
    return BPF_CORE_READ(task, signal, group_exec_task) != 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_process_exit, struct task_struct* task) {
    __u32 tgid = task->tgid;
    int live = task->signal->live.counter;
    __u8* place;

    if (live == 0) {
        place = keeps_time ? bpf_map_lookup_elem(&targets, &tgid) : 0;
        if (place && bpf_map_update_elem(&ended, &tgid, place, 0) != 0) add(&lost_events, 1);
        bpf_map_delete_elem(&targets, &tgid);
    } else if (task->pid == task->tgid && !others_end_too(task)) {
        place = bpf_map_lookup_elem(&targets, &tgid);
        if (place && *place == tree_root) add(&root_thread_ended, 1);
    }
    return 0;
}

/* By now its parent knows that it ended, and the time of all its threads has been summed up. */
SEC("tp_btf/sched_process_free")
int BPF_PROG(on_process_free, struct task_struct* task) {
    __u32 tgid = task->tgid;
    __u8* place;

    if (task->pid != task->tgid) return 0;
    place = bpf_map_lookup_elem(&ended, &tgid);
    if (!place) return 0;
    add(&gone_begun, 1);
    *place = tree_gone; /* the entry may outlive this: the map's lock can be refused here */
    add(&gone_ns, task->signal->sum_sched_runtime);
    add(&gone_count, 1);
    bpf_map_delete_elem(&ended, &tgid);
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
    if (key.tgid == counting_tgid) return 0;
    parent = task->real_parent->tgid;
    if (!bpf_map_lookup_elem(&targets, &parent) && !is_among_roots(key.tgid)) return 0;
    if (bpf_map_lookup_elem(&targets, &tgid)) return 0;
    add(&process_count, 1);
    if (bpf_map_update_elem(&targets, &tgid, &place, 0) != 0) add(&lost_events, 1);
    if (bpf_map_update_elem(&code_notes, &key, &name, 0) != 0) add(&lost_events, 1);
    return 0;
}

/* What a call made executable. */
struct code_range {
    unsigned long begin;
    unsigned long bytes;
    bool is_file;    /* by what the call says, before the memory is asked */
    long descriptor; /* of the file that it maps; -1 where it does not say */
};

/* Some programs are run so that what they may read they may execute, too (setarch -X). */
static __always_inline bool asks_for_code(unsigned long protection) {
    if (protection & prot_exec) return 1;
    return (protection & prot_read) && (bpf_get_current_task_btf()->personality & read_implies_exec);
}

static __always_inline bool code_of_64(struct pt_regs* regs, long result, struct code_range* code) {
    switch (regs->orig_ax & ~(unsigned long)x32_bit) {
        case call_mmap:
            code->begin = result;
            code->bytes = regs->si;
            code->is_file = !(regs->r10 & map_anonymous);
            code->descriptor = (__s32)regs->r8;
            return asks_for_code(regs->dx);
        case call_mprotect:
        case call_pkey_mprotect:
            code->begin = regs->di;
            code->bytes = regs->si;
            return asks_for_code(regs->dx);
        case call_shmat:
            code->begin = result;
            return (regs->dx & shm_exec) != 0;
        default:
            return 0;
    }
}

static __always_inline bool code_of_32(struct pt_regs* regs, long result, struct code_range* code) {
    __u32 arguments[6] = {};

    switch (regs->orig_ax) {
        case call32_mmap2:
            code->begin = result;
            code->bytes = (__u32)regs->cx;
            code->is_file = !(regs->si & map_anonymous);
            code->descriptor = (__s32)regs->di;
            return asks_for_code(regs->dx);
        case call32_old_mmap:
            if (bpf_probe_read_user(arguments, sizeof(arguments), (void*)(unsigned long)(__u32)regs->bx) != 0) return 0;
            code->begin = result;
            code->bytes = arguments[1];
            code->is_file = !(arguments[3] & map_anonymous);
            code->descriptor = (__s32)arguments[4];
            return asks_for_code(arguments[2]);
        case call32_mprotect:
        case call32_pkey_mprotect:
            code->begin = (__u32)regs->bx;
            code->bytes = (__u32)regs->cx;
            return asks_for_code(regs->dx);
        case call32_shmat:
            code->begin = result;
            return (regs->dx & shm_exec) != 0;
        case call32_ipc:
            return (regs->bx & 0xffff) == ipc_shmat && (regs->dx & shm_exec) != 0; /* where, it told the program only */
        default:
            return 0;
    }
}

/* One mapping, as bpf_find_vma shows it. */
struct mapping {
    unsigned long begin;
    unsigned long end;
    bool is_file;
    bool notes;
};

static long see_mapping(struct task_struct* task, struct vm_area_struct* area, struct mapping* mapping) {
    mapping->begin = area->vm_start;
    mapping->end = area->vm_end;
    mapping->is_file = area->vm_file != 0;
    if (root_count > 0 && mapping->notes && area->vm_file) note(area->vm_file, code_mapped);
    return 0;
}

static __always_inline bool begins_with_elf(unsigned long address) {
    __u32 magic = 0;

    return bpf_probe_read_user(&magic, sizeof(magic), (void*)address) == 0 && magic == 0x464c457f;
}

/* A loader of its own copies a library into memory without a file, its header before its code, and then makes the code
 * executable, by which that becomes a mapping of its own. */
static __always_inline bool is_image_copy(struct task_struct* task, struct mapping* code) {
    struct mapping before = {};

    if (begins_with_elf(code->begin)) return 1;
    if (bpf_find_vma(task, code->begin - 1, see_mapping, &before, 0) != 0) return 0;
    return before.end == code->begin && !before.is_file && begins_with_elf(before.begin);
}

/* Whether a file may be behind what became executable; where that cannot be known, it may. */
static __always_inline bool runs_a_file(struct code_range* code) {
    struct task_struct* task = bpf_get_current_task_btf();
    struct mapping mapping = {.notes = root_count > 0};

    if (!bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_find_vma) || code->begin == 0 ||
        bpf_find_vma(task, code->begin, see_mapping, &mapping, 0) != 0) {
        if (root_count > 0) note(code->descriptor >= 0 ? file_at(code->descriptor) : 0, code_mapped);
        return 1;
    }
    if (mapping.is_file || mapping.end < code->begin + code->bytes) return 1;
    if (is_image_copy(task, &mapping)) add(&image_copy_count, 1);
    return 0;
}

/* A stop signal cannot be blocked. Who traces the tree takes it away again, so the program never sees it. */
SEC("tp_btf/sys_exit")
int BPF_PROG(on_mapped, struct pt_regs* regs, long result) {
    struct task_struct* task = bpf_get_current_task_btf();
    struct code_range code = {.descriptor = -1};
    bool is_code;

    if (result < 0 && result > -4096) return 0;
    if (task->thread_info.status & thread_is_compat)
        is_code = code_of_32(regs, result, &code);
    else
        is_code = code_of_64(regs, result, &code);
    if (!is_code || !is_target() || !runs_a_file(&code) || root_count > 0) return 0;
    if (!is_traced(task))
        add(&untraced_count, 1);
    else if (bpf_send_signal_thread(signal_stop) != 0)
        add(&lost_events, 1);
    return 0;
}
