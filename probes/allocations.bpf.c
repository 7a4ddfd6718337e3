/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One program for the entry of every function of the malloc family; the loader attaches it where the target has them. */
#include "function.bpf.h"

enum { fn_malloc, fn_calloc, fn_realloc, fn_aligned_alloc, fn_posix_memalign, fn_memalign, functions };

__u64 calls[functions];
__u64 requested_bytes[functions];
__u64 sizes[size_buckets];

/* The bytes that a call asks for, by the place of that argument. */
static __always_inline __u64 requested(__u64 function, struct pt_regs* ctx) {
    switch (function) {
        case fn_malloc:
            return PT_REGS_PARM1(ctx);
        case fn_calloc:
            return (__u64)PT_REGS_PARM1(ctx) * PT_REGS_PARM2(ctx);
        case fn_posix_memalign:
            return PT_REGS_PARM3(ctx);
        default:
            return PT_REGS_PARM2(ctx);
    }
}

SEC("uprobe")
int on_call(struct pt_regs* ctx) {
    __u64 cookie = bpf_get_attach_cookie(ctx);
    __u64 function = function_of(cookie);
    __u64 size_bytes;

    if (!is_counted_here(cookie)) return 0;
    if (function >= functions) {
        add(&lost_events, 1);
        return 0;
    }
    /* realloc(NULL, n) of some C libraries is a call of malloc, where it is counted. */
    if (function == fn_realloc && (cookie & enters_another) && PT_REGS_PARM1(ctx) == 0) return 0;
    size_bytes = requested(function, ctx);
    add(&calls[function], 1);
    add(&requested_bytes[function], size_bytes);
    add_size(sizes, size_bytes);
    return 0;
}
