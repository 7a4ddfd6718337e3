/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One program at the addresses that the C library's IFUNCs resolved to, each with its place in the enumeration as the
 * cookie. memcpy and memmove may be one address. */
#include "target.bpf.h"

enum { fn_memcpy, fn_memmove, fn_mempcpy, fn_memset, functions };

__u64 calls[functions];
__u64 moved_bytes[functions];

SEC("uprobe")
int on_call(struct pt_regs* ctx) {
    __u64 function;

    if (!is_target()) return 0;
    function = bpf_get_attach_cookie(ctx);
    if (function >= functions) {
        add(&lost_events, 1);
        return 0;
    }
    add(&calls[function], 1);
    add(&moved_bytes[function], PT_REGS_PARM3(ctx));
    return 0;
}
