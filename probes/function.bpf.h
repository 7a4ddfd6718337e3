/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What an entry probe of a function adds to target.bpf.h: flags that its link carries, and sizes by power of two. */
#pragma once

#include "target.bpf.h"

/* The link's cookie. `of_root`: it hangs on the address space of a tree's root alone, and a process in another is counted by
 * a link without it; never both. `enters_another`: some calls go on at the entry of another probed function, which then
 * counts them. */
enum link_flags { of_root = 1, enters_another = 2 };

/* Sizes: bucket 0 holds size 0, bucket n sizes of n bits, from 2^(n-1) on. Off, it costs nothing. */
const volatile bool counts_sizes = 0;
enum { size_buckets = 65 };

static __always_inline bool is_counted_here(__u64 cookie) {
    __u32 tgid;
    __u8* memory;

    if (!target_is_tree) return is_target();
    tgid = bpf_get_current_pid_tgid() >> 32;
    memory = bpf_map_lookup_elem(&targets, &tgid);
    return memory && (*memory == root_memory) == ((cookie & of_root) != 0);
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
