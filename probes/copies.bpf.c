/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One program for the entry of every function of the memcpy family, at the addresses that the C library's IFUNCs resolved
 * to. memcpy and memmove may be one address. */
#include "families.bpf.h"

__u64 calls[copy_functions];
__u64 moved_bytes[copy_functions];
__u64 copy_sizes[size_buckets];

SEC("uprobe")
int on_call(struct pt_regs* ctx) {
    __u64 cookie = bpf_get_attach_cookie(ctx);
    __u64 function = function_of(cookie);
    __u64 to = PT_REGS_PARM1(ctx), from = PT_REGS_PARM2(ctx), size_bytes = PT_REGS_PARM3(ctx);

    barrier_var(size_bytes); /* or the compiler reads it in two places, from a context pointer that it changed */
    if (!is_counted_here(cookie)) return 0;
    if (function >= copy_functions) {
        add(&lost_events, 1);
        return 0;
    }
    /* musl's memmove jumps to memcpy unless the target begins inside the source. */
    if (function == fn_memmove && (cookie & enters_another) && to - from >= size_bytes) return 0;
    add(&calls[function], 1);
    add(&moved_bytes[function], size_bytes);
    if (function != fn_memset) add_size(copy_sizes, size_bytes);
    return 0;
}
