/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One program for the entry of every function of the malloc family, which the loader attaches where the target has them; and one
 * for the `ret` instructions of realloc, where alone it is known whether the block moved. */
#include "families.bpf.h"

__u64 calls[allocation_function_count];
__u64 requested_bytes[allocation_function_count];
__u64 sizes[size_buckets];
/* Of all functions, counted in no row of `calls`: requests that no process can be given. */
__u64 refused = 0;
/* Of the calls of realloc those that returned another block than they were given. */
__u64 moved_calls = 0;
__u64 moved_bytes = 0;
/* The sum of bytes went over 2^64. */
__u64 overflowed = 0;

/* Of each thread the call of realloc that has not returned. */
struct resizing {
    __u64 block;
    __u64 stack; /* where its return address is; 0 when it has returned */
    __u64 size_bytes;
};
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 8192);
    __type(key, __u64);
    __type(value, struct resizing);
} resized SEC(".maps");

SEC("uprobe")
int on_call(struct pt_regs* ctx) {
    __u64 before, block = PT_REGS_PARM1(ctx), thread = bpf_get_current_pid_tgid();
    struct request request;

    if (!is_allocation(bpf_get_attach_cookie(ctx), ctx, &request)) return 0;
    if (request.is_refused) {
        add(&refused, 1);
        return 0;
    }
    add(&calls[request.function], 1);
    before = __sync_fetch_and_add(&requested_bytes[request.function], request.size_bytes);
    if (before + request.size_bytes < before) overflowed = 1;
    add_size(sizes, request.size_bytes);
    if (request.function == fn_realloc && block != 0) {
        struct resizing now = {.block = block, .stack = PT_REGS_SP(ctx), .size_bytes = request.size_bytes};
        bpf_map_update_elem(&resized, &thread, &now, BPF_ANY);
    }
    return 0;
}

/* A realloc that another one called returns from lower on the stack. */
SEC("uprobe")
int on_exit(struct pt_regs* ctx) {
    __u64 thread = bpf_get_current_pid_tgid(), block = PT_REGS_RC(ctx);
    struct resizing* known;

    if (!is_counted_here(bpf_get_attach_cookie(ctx))) return 0;
    known = bpf_map_lookup_elem(&resized, &thread);
    if (!known || known->stack != PT_REGS_SP(ctx)) return 0;
    if (block != 0 && block != known->block) {
        add(&moved_calls, 1);
        add(&moved_bytes, known->size_bytes);
    }
    known->stack = 0;
    return 0;
}
