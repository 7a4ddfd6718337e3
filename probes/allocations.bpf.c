/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One entry probe for each function of the malloc family; the loader attaches them where the target has them. */
#include "target.bpf.h"

enum { fn_malloc, fn_calloc, fn_realloc, fn_aligned_alloc, fn_posix_memalign, fn_memalign, functions };

__u64 calls[functions];
__u64 requested_bytes[functions];

/* Whether realloc(NULL, n) is a call of the probed malloc; counted here as well it would count twice. */
const volatile bool realloc_enters_malloc = 0;

static __always_inline int count(int function, __u64 size_bytes) {
    if (!is_target()) return 0;
    add(&calls[function], 1);
    add(&requested_bytes[function], size_bytes);
    return 0;
}

SEC("uprobe")
int on_malloc(struct pt_regs* ctx) { return count(fn_malloc, PT_REGS_PARM1(ctx)); }

SEC("uprobe")
int on_calloc(struct pt_regs* ctx) { return count(fn_calloc, (__u64)PT_REGS_PARM1(ctx) * PT_REGS_PARM2(ctx)); }

SEC("uprobe")
int on_realloc(struct pt_regs* ctx) {
    if (realloc_enters_malloc && PT_REGS_PARM1(ctx) == 0) return 0;
    return count(fn_realloc, PT_REGS_PARM2(ctx));
}

SEC("uprobe")
int on_aligned_alloc(struct pt_regs* ctx) { return count(fn_aligned_alloc, PT_REGS_PARM2(ctx)); }

SEC("uprobe")
int on_posix_memalign(struct pt_regs* ctx) { return count(fn_posix_memalign, PT_REGS_PARM3(ctx)); }

SEC("uprobe")
int on_memalign(struct pt_regs* ctx) { return count(fn_memalign, PT_REGS_PARM2(ctx)); }
