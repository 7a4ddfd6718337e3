/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One entry probe for each function of the malloc family; the loader attaches them where the target has them. */
#include "function.bpf.h"

enum { fn_malloc, fn_calloc, fn_realloc, fn_aligned_alloc, fn_posix_memalign, fn_memalign, functions };

__u64 calls[functions];
__u64 requested_bytes[functions];
__u64 sizes[size_buckets];

static __always_inline int count(void* ctx, int function, __u64 size_bytes) {
    if (!is_counted_here(bpf_get_attach_cookie(ctx))) return 0;
    add(&calls[function], 1);
    add(&requested_bytes[function], size_bytes);
    add_size(sizes, size_bytes);
    return 0;
}

SEC("uprobe")
int on_malloc(struct pt_regs* ctx) { return count(ctx, fn_malloc, PT_REGS_PARM1(ctx)); }

SEC("uprobe")
int on_calloc(struct pt_regs* ctx) { return count(ctx, fn_calloc, (__u64)PT_REGS_PARM1(ctx) * PT_REGS_PARM2(ctx)); }

SEC("uprobe")
int on_realloc(struct pt_regs* ctx) {
    /* realloc(NULL, n) of some C libraries is a call of malloc, where it is counted. */
    if (PT_REGS_PARM1(ctx) == 0 && (bpf_get_attach_cookie(ctx) & enters_another)) return 0;
    return count(ctx, fn_realloc, PT_REGS_PARM2(ctx));
}

SEC("uprobe")
int on_aligned_alloc(struct pt_regs* ctx) { return count(ctx, fn_aligned_alloc, PT_REGS_PARM2(ctx)); }

SEC("uprobe")
int on_posix_memalign(struct pt_regs* ctx) { return count(ctx, fn_posix_memalign, PT_REGS_PARM3(ctx)); }

SEC("uprobe")
int on_memalign(struct pt_regs* ctx) { return count(ctx, fn_memalign, PT_REGS_PARM2(ctx)); }
