/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Counts by gate and number at raw_syscalls' sys_enter. What seccomp or a tracer refuses passes only sys_exit, and is counted
 * there; what seccomp kills a thread for passes neither, and is counted as it ends. Uprobe traps (335, 336) pass neither, too
 * (kernel 6.18). */
#include "gate.bpf.h"

__u64 entered[call_places];
__u64 again[call_places];
__u64 empty[call_places];
__u64 partial[call_places];
__u64 events[call_places];
__u64 waited[futex_end_count];

const volatile __u8 traits[call_places];

/* Calls of numbers beyond the tables, each by its own; when the map is full they are still counted, together. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, other_calls_max);
    __type(key, struct call_key);
    __type(value, struct other_counts);
} others SEC(".maps");
__u64 entered_unnamed = 0;
__u64 again_unnamed = 0;

/* Where each thread is, since its first event: what was under way then is not counted. */
enum thread_place { unknown, outside, inside, killed };
struct {
    __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, int);
    __type(value, __u32);
} thread_places SEC(".maps");
enum { seccomp_dead = 3 /* SECCOMP_MODE_DEAD: it decided to kill the thread; since Linux 5.17 */ };

/* The calls of each thread, when asked for. The loader gives the map its size; a thread without room counts as lost. */
const volatile bool counts_threads = 0;
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

/* The call's place in the tables; `call_places` for those that have none. */
static __always_inline __u64 place_of(const struct call_key* call) {
    __u64 place = call_places;

    if (call->number >= 0 && call->number < call_numbers) place = call->gate * call_numbers + call->number;
    barrier_var(place); /* the verifier wants to see the comparison that follows */
    return place;
}

static __always_inline struct other_counts* counts_of_other(const struct call_key* call) {
    struct other_counts none = {};
    struct other_counts* known = bpf_map_lookup_elem(&others, call);

    if (known) return known;
    bpf_map_update_elem(&others, call, &none, BPF_NOEXIST);
    return bpf_map_lookup_elem(&others, call);
}

static __always_inline void count_call(struct task_struct* task, long number) {
    struct call_key call = call_of(task, number);
    __u64 place = place_of(&call);

    if (place < call_places) {
        add(&entered[place], 1);
    } else {
        struct other_counts* other = counts_of_other(&call);
        add(other ? &other->entered : &entered_unnamed, 1);
    }
    if (counts_threads) count_thread();
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_enter, struct pt_regs* regs, long number) {
    struct task_struct* task = bpf_get_current_task_btf();
    __u32* place;

    if (!is_target()) return 0;
    place = bpf_task_storage_get(&thread_places, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
    if (place)
        *place = inside;
    else
        add(&lost_events, 1); /* its return would be taken for a call of its own */
    count_call(task, number);
    return 0;
}

static __always_inline bool waits(__u32 operation) {
    operation &= futex_operation_mask;
    return operation == wait_operation || operation == wait_bits_operation || operation == lock_operation ||
           operation == wait_requeue_operation || operation == lock2_operation;
}

/* A call that found the word changed returns EAGAIN at once, and did not wait. */
static __always_inline void count_wait(long result) {
    if (result >= 0)
        add(&waited[futex_woken], 1);
    else if (result == timed_out_error)
        add(&waited[futex_timed_out], 1);
    else if (result == interrupted_error || result == restart_error || result == restart_block_error)
        add(&waited[futex_interrupted], 1);
}

/* Whether no sys_enter came before this return. The first event of a thread may be the end of what was under way before. */
static __always_inline bool was_refused(struct task_struct* task) {
    __u32* place = bpf_task_storage_get(&thread_places, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
    __u32 before;

    if (!place) return 0;
    before = *place;
    *place = before == outside && task->seccomp.mode == seccomp_dead ? killed : outside;
    return before == outside;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_exit, struct pt_regs* regs, long result) {
    struct task_struct* task = bpf_get_current_task_btf();
    struct call_key call;
    __u64 place;

    if (!is_target()) return 0;
    if (was_refused(task)) count_call(task, regs->orig_ax);
    call = call_of(task, regs->orig_ax);
    place = place_of(&call);
    if (place >= call_places) {
        struct other_counts* other = result == again_error ? counts_of_other(&call) : 0;
        if (result == again_error) add(other ? &other->again : &again_unnamed, 1);
        return 0;
    }
    if (result == again_error) add(&again[place], 1);
    if (result == 0 && (traits[place] & read_like)) add(&empty[place], 1);
    if (result > 0 && (traits[place] & sized) && (__u64)result < (call.gate == gate_i386 ? (__u32)regs->dx : regs->dx))
        add(&partial[place], 1);
    if (result > 0 && (traits[place] & counts_events)) add(&events[place], result);
    if ((traits[place] & futex_waiting) || ((traits[place] & futex_like) && waits(call.gate == gate_i386 ? regs->cx : regs->si)))
        count_wait(result);
    return 0;
}

/* By now the tree may have let go of its last thread; one whose place is known was in it. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_thread_exit, struct task_struct* task) {
    struct task_struct* self = bpf_get_current_task_btf();
    __u32* place = bpf_task_storage_get(&thread_places, self, 0, 0);
    struct pt_regs* regs;

    if (!place || *place != outside || self->seccomp.mode != seccomp_dead) return 0;
    regs = (struct pt_regs*)bpf_task_pt_regs(self);
    count_call(self, regs->orig_ax);
    return 0;
}
