/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What an entry probe of functions adds to target.bpf.h: the cookie that its link carries for each, and sizes by power of two. */
#pragma once

#include "target.bpf.h"

/* The cookie: flags, and above them the function's place in the program's enumeration. `of_root`: its link is for the target,
 * or a tree's root, alone, and any other process is counted by a link without it; never both. `enters_another`: some calls go
 * on at the entry of another probed function, which then counts them. */
enum { of_root = 1, enters_another = 2, function_shift = 2 };

static __always_inline __u64 function_of(__u64 cookie) { return cookie >> function_shift; }

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
