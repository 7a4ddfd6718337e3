/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One program for the entry of every function of the malloc family; the loader attaches it where the target has them. */
#include "families.bpf.h"

__u64 calls[allocation_functions];
__u64 requested_bytes[allocation_functions];
__u64 sizes[size_buckets];

SEC("uprobe")
int on_call(struct pt_regs* ctx) {
    __u64 cookie = bpf_get_attach_cookie(ctx);
    __u64 function = function_of(cookie);
    __u64 size_bytes;

    if (!is_counted_here(cookie)) return 0;
    if (function >= allocation_functions) {
        add(&lost_events, 1);
        return 0;
    }
    if (goes_on_in_malloc(function, cookie, PT_REGS_PARM1(ctx))) return 0;
    size_bytes = requested(function, ctx);
    add(&calls[function], 1);
    add(&requested_bytes[function], size_bytes);
    add_size(sizes, size_bytes);
    return 0;
}
