/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Whose events count, as the loader wrote it into these read-only constants: one process, or a tree of processes in a
 * map. And how an event is counted.
 * Counters are atomic words of .bss, which user space maps: nothing can overflow or be dropped on the way. */
#pragma once

#include "kernel_types.bpf.h"
#include "shared/process_tree.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

const volatile __u32 target_tgid = 0;
/* The pid namespace in which target_tgid holds; 0 for the initial one, where the check is cheaper. */
const volatile __u64 target_namespace_device = 0;
const volatile __u64 target_namespace_inode = 0;

/* A tree: process_tree.bpf.c keeps the map and the other objects of the same run share it. Keys are tgids of the initial
 * namespace. Without a tree the verifier drops all of this as dead code, and the map is not made. */
const volatile bool target_is_tree = 0;
/* Its root, target_tgid, is in it from the begin: of that one no look-up is needed. Only in the initial namespace. */
const volatile bool target_root_runs = 0;
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u8);
} targets SEC(".maps");

/* Events whose kind does not fit the table that counts it; above 0 the window is refused. */
__u64 lost_events = 0;

static __always_inline bool is_target(void) {
    struct bpf_pidns_info info = {};

    if (target_is_tree) {
        __u32 tgid = bpf_get_current_pid_tgid() >> 32;
        if (target_root_runs && tgid == target_tgid) return 1;
        return bpf_map_lookup_elem(&targets, &tgid) != 0;
    }
    if (target_namespace_inode == 0) return bpf_get_current_pid_tgid() >> 32 == target_tgid;
    if (bpf_get_ns_current_pid_tgid(target_namespace_device, target_namespace_inode, &info, sizeof(info)) != 0) return 0;
    return info.tgid == target_tgid;
}

static __always_inline void add(__u64* counter, __u64 amount) { __sync_fetch_and_add(counter, amount); }

char LICENSE[] SEC("license") = "Dual BSD/GPL";
