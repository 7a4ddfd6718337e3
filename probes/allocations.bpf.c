/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One program for the entry of every function of the malloc family; the loader attaches it where the target has them,
 * each with its place in the enumeration as the cookie. */
#include "target.bpf.h"

enum { fn_malloc, fn_calloc, fn_realloc, fn_aligned_alloc, fn_posix_memalign, fn_memalign, functions };

__u64 calls[functions];
__u64 requested_bytes[functions];

/* Whether realloc(NULL, n) is a call of the probed malloc; counted here as well it would count twice. */
const volatile bool realloc_enters_malloc = 0;

/* The bytes that a call asks for, by the place of that argument. */
static __always_inline __u64 requested(__u64 function, struct pt_regs* ctx) {
    switch (function) {
        case fn_malloc: return PT_REGS_PARM1(ctx);
        case fn_calloc: return (__u64)PT_REGS_PARM1(ctx) * PT_REGS_PARM2(ctx);
        case fn_posix_memalign: return PT_REGS_PARM3(ctx);
        default: return PT_REGS_PARM2(ctx);
    }
}

SEC("uprobe")
int on_call(struct pt_regs* ctx) {
    __u64 function;

    if (!is_target()) return 0;
    function = bpf_get_attach_cookie(ctx);
    if (function >= functions) {
        add(&lost_events, 1);
        return 0;
    }
    if (function == fn_realloc && realloc_enters_malloc && PT_REGS_PARM1(ctx) == 0) return 0;
    add(&calls[function], 1);
    add(&requested_bytes[function], requested(function, ctx));
    return 0;
}
