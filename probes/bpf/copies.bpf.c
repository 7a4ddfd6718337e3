/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One program for the entry of every function of the memcpy family, at the addresses that the C library's IFUNCs resolved
 * to. memcpy and memmove may be one address. */
#include "families.bpf.h"

__u64 calls[copy_function_count];
__u64 moved_bytes[copy_function_count];
__u64 copy_sizes[size_buckets];

SEC("uprobe")
int on_call(struct pt_regs* ctx) {
    __u64 function, size_bytes;

    if (!is_copy(bpf_get_attach_cookie(ctx), ctx, &function, &size_bytes)) return 0;
    add(&calls[function], 1);
    add(&moved_bytes[function], size_bytes);
    if (function < copying_function_count) add_size(copy_sizes, size_bytes);
    return 0;
}
