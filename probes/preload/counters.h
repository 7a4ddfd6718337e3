/* SPDX-License-Identifier: Apache-2.0 */
/* What tare shares with the processes that preload.c is loaded into, a file each: the memory they count in, and the room for the
 * environment of an exec, which tare alone writes. */
#pragma once

#include "probes/bpf/shared/function_families.h"

/* Bucket 0 holds size 0, bucket n sizes of n bits (probes/bpf/function.bpf.h). */
enum { preload_size_buckets = 65 };

/* Of a family the calls and bytes by function, and by the function that counts those at its address which do not. */
struct preload_allocations {
    unsigned long long calls[allocation_function_count];
    unsigned long long requested_bytes[allocation_function_count];
    unsigned long long aliases[allocation_function_count]; /* a bit each */
    unsigned long long sizes[preload_size_buckets];
    unsigned long long refused;
    unsigned long long moved_calls; /* of realloc, that returned another block than they were given */
    unsigned long long moved_bytes;
    unsigned long long overflowed; /* a sum of bytes went over 2^64 */
};
struct preload_copies {
    unsigned long long calls[copy_function_count];
    unsigned long long moved_bytes[copy_function_count];
    unsigned long long aliases[copy_function_count];
    unsigned long long sizes[preload_size_buckets];
};

/* One exec each, from its entry to its return. Untouched pages take no memory. */
enum { preload_slot_count = 32, preload_slot_bytes = 1 << 19 };

struct preload_memory {
    struct preload_allocations allocations;
    struct preload_copies copies;
};
struct preload_slots {
    unsigned char slots[preload_slot_count][preload_slot_bytes] __attribute__((aligned(4096)));
};

/* The last three variables of the environment: the path of that memory, that of the slots, and LD_PRELOAD. The library takes them
 * away before the program sees them. */
#define PRELOAD_VARIABLE "TARE_PRELOAD="
#define PRELOAD_SLOTS_VARIABLE "TARE_PRELOAD_SLOTS="
/* The last part of the library's path. */
#define PRELOAD_FILE "/libtare-preload.so"
