/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The few kernel structures that the probes read, each with only the fields they need. The loader relocates every
 * access to the running kernel's layout (CO-RE), so neither order nor size matters here; pt_regs alone is complete,
 * because a uprobe's context is read by it. */
#pragma once

#define __VMLINUX_H__ /* makes bpf_tracing.h use the kernel's register names below */

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef _Bool bool;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;

enum { BPF_MAP_TYPE_HASH = 1, BPF_MAP_TYPE_ARRAY = 2, BPF_MAP_TYPE_LRU_HASH = 9, BPF_MAP_TYPE_TASK_STORAGE = 29 };
enum { BPF_ANY = 0, BPF_NOEXIST = 1, BPF_F_NO_PREALLOC = 1, BPF_LOCAL_STORAGE_GET_F_CREATE = 1 };
enum { x32_bit = 0x40000000, thread_is_compat = 2 /* TS_COMPAT */ };
enum bpf_func_id { BPF_FUNC_find_vma = 180 }; /* since Linux 5.17 */

struct bpf_pidns_info {
    __u32 pid;
    __u32 tgid;
};

/* Copied whole, so these two are complete: include/linux/pid.h, include/linux/bpf.h. */
struct pid_namespace;
struct task_struct;
struct upid {
    int nr;
    struct pid_namespace* ns;
};
struct bpf_iter__task {
    void* meta;
    struct task_struct* task;
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct pt_regs {
    unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
};

struct io_uring_sqe {
    __u8 opcode;
};
struct io_uring_cqe {
    __u32 flags;
};
struct io_cqe {
    __u64 user_data;
    __s32 res;
    __u32 flags;
};
struct io_wq_work_node {
    struct io_wq_work_node* next;
};
struct io_wq_work_list {
    struct io_wq_work_node* first;
};
struct io_submit_state {
    struct io_wq_work_list compl_reqs;
};
struct io_rings {
    __u32 sq_dropped;
};
struct io_ring_ctx {
    struct io_rings* rings;
    struct io_submit_state submit_state;
};
struct io_kiocb {
    __u8 opcode;
    struct io_cqe cqe;
    struct io_ring_ctx* ctx;
    struct io_wq_work_node comp_list;
};

typedef struct {
    int counter;
} atomic_t;

struct signal_struct {
    atomic_t live; /* threads that have not begun to end */
    unsigned int flags;
    unsigned long long sum_sched_runtime; /* ns, of the threads that have ended */
    struct task_struct* group_exec_task;  /* the thread that calls exec and waits for the others to end */
};
/* Its name before Linux 5.17. */
struct signal_struct___before_5_17 {
    struct task_struct* group_exit_task;
};
struct thread_info {
    unsigned int status;
};

struct mm_struct {
    unsigned long start_code, end_code; /* of the program itself */
    unsigned long start_stack;          /* where the program's arguments begin */
};
struct pid {
    unsigned int level;
    struct upid numbers[1]; /* one for each level */
};
struct files_struct {
    struct fdtable* fdt;
};
struct vm_area_struct {
    unsigned long vm_start;
    unsigned long vm_end;
    struct file* vm_file;
};
struct seccomp {
    int mode;
};
struct task_struct {
    struct thread_info thread_info;
    struct seccomp seccomp;
    unsigned int flags;
    unsigned int ptrace;
    unsigned int personality;
    struct task_struct* parent; /* the tracer, of one that is traced */
    int pid;
    int tgid;
    __u64 start_time;
    struct mm_struct* mm;
    struct signal_struct* signal;
    struct task_struct* real_parent;
    struct pid* thread_pid;
    struct files_struct* files;
};

struct ns_common {
    unsigned int inum;
};
struct pid_namespace {
    struct ns_common ns;
};

struct inode {
    unsigned long i_ino;
};
struct qstr {
    const unsigned char* name;
};
struct dentry {
    struct qstr d_name;
};
struct path {
    struct dentry* dentry;
};
struct file {
    struct path f_path;
    struct inode* f_inode;
};
struct fdtable {
    unsigned int max_fds;
    struct file** fd;
};
struct linux_binprm {
    struct file* file;
};

#pragma clang attribute pop

struct sock;
