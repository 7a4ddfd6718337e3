/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What an entry probe of functions adds to target.bpf.h: the cookie that its link carries for each, calls that one of the
 * functions makes of another, and sizes by power of two. */
#pragma once

#include "shared/function_cookie.h"
#include "target.bpf.h"

static __always_inline __u64 function_of(__u64 cookie) { return (cookie >> function_shift) & ((1 << function_bits) - 1); }

/* Sizes: bucket 0 holds size 0, bucket n sizes of n bits, from 2^(n-1) on. Off, it costs nothing. */
const volatile bool counts_sizes = 0;
enum { size_buckets = 65 };

static __always_inline bool is_counted_here(__u64 cookie) {
    __u32 tgid;
    __u8* place;

    if (!target_is_tree) return is_target();
    tgid = bpf_get_current_pid_tgid() >> 32;
    place = bpf_map_lookup_elem(&targets, &tgid);
    return place && (*place == tree_root) == ((cookie & of_root) != 0);
}

/* A call that one of the functions makes of another is part of the first, and is not counted again. It is told by where it comes
 * from, and nothing is kept in balance that an exception, a longjmp or a thread's end could upset: its return address lies in the
 * code of a probed function; or, after a jump, stack and return address are those of the function that may have jumped. Layers
 * are the files that have such functions: their code by file offset, which the loader writes before it attaches a file's probes.
 */
__u64 caller_begin[layers_max * callers_max];
__u64 caller_end[layers_max * callers_max];
/* Whether any probe passes calls on beyond its file or by a jump; else nothing is remembered, nor looked up. */
__u64 remembers_calls = 0;

struct passing_call {
    __u64 memory; /* of the program that made it: another, after an exec, is another */
    __u64 base;   /* where the file's first byte would be */
    __u64 layer;
    __u64 place; /* of the probe */
    __u64 stack;
    __u64 return_address;
    __u64 may_jump; /* until it has */
};
/* Of each thread the last call that was counted, and the last that was not. */
struct passing_calls {
    struct passing_call outer;
    struct passing_call inner;
};
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 8192);
    __type(key, __u64);
    __type(value, struct passing_calls);
} passing SEC(".maps");

static __always_inline bool is_caller(__u64 layer, __u64 place) {
    for (__u32 index = 0; index < callers_max; ++index) {
        __u64 row = layer * callers_max + index;
        barrier_var(row); /* or the compiler takes it apart, and the verifier loses its bound */
        if (row >= layers_max * callers_max || caller_end[row] == 0) return 0;
        if (place - caller_begin[row] < caller_end[row] - caller_begin[row]) return 1;
    }
    return 0;
}

static __always_inline bool is_same_frame(struct passing_call* call, struct passing_call* now) {
    return call->stack == now->stack && call->return_address == now->return_address;
}

static __always_inline bool comes_from(struct passing_call* call, struct passing_call* now) {
    if (call->memory != now->memory) return 0;
    if (call->layer && is_caller(call->layer, now->return_address - call->base)) return 1;
    if (!call->may_jump || call->place == now->place || !is_same_frame(call, now)) return 0;
    call->may_jump = 0; /* but once */
    return 1;
}

static __noinline bool is_passed_on(__u64 cookie, __u64 place, __u64 stack) {
    struct passing_call now = {.place = place, .stack = stack};
    struct passing_calls* known;
    struct task_struct* task;
    bool remembers = (cookie & (leaves_by_jump | passes_on)) != 0, is_inner = 0;
    __u64 thread = bpf_get_current_pid_tgid();

    now.layer = (cookie >> layer_shift) & ((1 << layer_bits) - 1);
    if (!now.layer && !remembers_calls) return 0;
    if (bpf_probe_read_user(&now.return_address, sizeof(now.return_address), (void*)stack) != 0) return 0;
    now.base = place - (cookie >> offset_shift);
    if (now.layer) is_inner = is_caller(now.layer, now.return_address - now.base);
    if (!remembers_calls) return is_inner;
    task = (struct task_struct*)bpf_get_current_task();
    now.memory = (__u64)BPF_CORE_READ(task, mm);
    known = bpf_map_lookup_elem(&passing, &thread);
    if (known && !is_inner) {
        /* The outer function again, from the same place: a call after that one, whoever it had jumped to. */
        bool is_next = known->outer.place == now.place && is_same_frame(&known->outer, &now);
        if (is_next) known->outer.may_jump = known->inner.may_jump = 0;
        is_inner = comes_from(&known->outer, &now) || comes_from(&known->inner, &now);
    }
    if (!remembers) return is_inner;
    if (!known) {
        struct passing_calls fresh = {};
        bpf_map_update_elem(&passing, &thread, &fresh, BPF_ANY);
        known = bpf_map_lookup_elem(&passing, &thread);
        if (!known) return is_inner;
    }
    now.may_jump = (cookie & leaves_by_jump) != 0;
    if (is_inner) {
        known->inner = now;
    } else {
        known->outer = now;
        known->inner.memory = 0;
    }
    return is_inner;
}

static __always_inline bool is_counted_elsewhere(__u64 cookie, struct pt_regs* ctx) {
    return is_passed_on(cookie, PT_REGS_IP(ctx), PT_REGS_SP(ctx));
}

static __always_inline __u32 bucket_of(__u64 size_bytes) {
    __u32 bits = 0;

    if (size_bytes >> 32) bits += 32, size_bytes >>= 32;
    if (size_bytes >> 16) bits += 16, size_bytes >>= 16;
    if (size_bytes >> 8) bits += 8, size_bytes >>= 8;
    if (size_bytes >> 4) bits += 4, size_bytes >>= 4;
    if (size_bytes >> 2) bits += 2, size_bytes >>= 2;
    if (size_bytes >> 1) bits += 1, size_bytes >>= 1;
    return bits + (size_bytes != 0);
}

static __always_inline void add_size(__u64* sizes, __u64 size_bytes) {
    if (!counts_sizes) return;
    __u32 bucket = bucket_of(size_bytes);
    if (bucket < size_buckets) add(&sizes[bucket], 1);
}
