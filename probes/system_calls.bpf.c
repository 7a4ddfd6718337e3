/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Counts at raw_syscalls' sys_enter and sys_exit by number. Uprobe traps (335, 336) pass neither (kernel 6.18). */
#include "target.bpf.h"

enum { call_numbers = 512, read_like = 1, sized = 2, counts_events = 4 };

__u64 entered[call_numbers];
__u64 again[call_numbers];
__u64 empty[call_numbers];
__u64 partial[call_numbers];
__u64 events[call_numbers];

/* Which calls move bytes (read_like), which of these say in their third argument how many (sized), and which return how
 * many events were ready (counts_events). */
const volatile __u8 traits[call_numbers];

/* The calls of each thread, when asked for. The loader gives the map its size; a thread without room counts as lost. */
const volatile bool counts_threads = 0;
struct thread_key {
    __u32 tid;
    __u32 tgid;
    __u64 start_time_ns;
};
struct thread_calls {
    __u64 calls;
    char name[16]; /* its last one */
};
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1);
    __type(key, struct thread_key);
    __type(value, struct thread_calls);
} threads SEC(".maps");

static __always_inline void count_thread(void) {
    struct task_struct* task = (struct task_struct*)bpf_get_current_task_btf();
    struct thread_key key = {.tid = task->pid, .tgid = task->tgid, .start_time_ns = task->start_time};
    struct thread_calls* known = bpf_map_lookup_elem(&threads, &key);
    struct thread_calls fresh = {.calls = 1};

    if (known) {
        known->calls += 1; /* only this thread writes here */
        bpf_get_current_comm(known->name, sizeof(known->name));
        return;
    }
    bpf_get_current_comm(fresh.name, sizeof(fresh.name));
    if (bpf_map_update_elem(&threads, &key, &fresh, 0) != 0) add(&lost_events, 1);
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_enter, struct pt_regs* regs, long number) {
    if (!is_target()) return 0;
    if (number < 0 || number >= call_numbers) {
        add(&lost_events, 1);
        return 0;
    }
    add(&entered[number], 1);
    if (counts_threads) count_thread();
    return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_exit, struct pt_regs* regs, long result) {
    long number;

    if (!is_target()) return 0;
    number = (long)regs->orig_ax;
    if (number < 0 || number >= call_numbers) return 0; /* lost at entry already */
    if (result == -11 /* EAGAIN */) add(&again[number], 1);
    if (result == 0 && (traits[number] & read_like)) add(&empty[number], 1);
    if (result > 0 && (traits[number] & sized) && (__u64)result < regs->dx) add(&partial[number], 1);
    if (result > 0 && (traits[number] & counts_events)) add(&events[number], result);
    return 0;
}
