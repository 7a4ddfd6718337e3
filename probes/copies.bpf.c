/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Entry probes at the addresses that the C library's IFUNCs resolved to. memcpy and memmove may be one address. */
#include "function.bpf.h"

enum { fn_memcpy, fn_memmove, fn_mempcpy, fn_memset, functions };

__u64 calls[functions];
__u64 moved_bytes[functions];
__u64 copy_sizes[size_buckets];

static __always_inline int count(void* ctx, int function, __u64 size_bytes) {
    if (!is_counted_here(bpf_get_attach_cookie(ctx))) return 0;
    add(&calls[function], 1);
    add(&moved_bytes[function], size_bytes);
    if (function != fn_memset) add_size(copy_sizes, size_bytes);
    return 0;
}

SEC("uprobe")
int on_memcpy(struct pt_regs* ctx) { return count(ctx, fn_memcpy, PT_REGS_PARM3(ctx)); }

SEC("uprobe")
int on_memmove(struct pt_regs* ctx) {
    __u64 to = PT_REGS_PARM1(ctx), from = PT_REGS_PARM2(ctx), size_bytes = PT_REGS_PARM3(ctx);

    barrier_var(size_bytes); /* or the compiler reads it in two places, from a context pointer that it changed */
    /* musl's memmove jumps to memcpy unless the target begins inside the source. */
    if ((bpf_get_attach_cookie(ctx) & enters_another) && to - from >= size_bytes) return 0;
    return count(ctx, fn_memmove, size_bytes);
}

SEC("uprobe")
int on_mempcpy(struct pt_regs* ctx) { return count(ctx, fn_mempcpy, PT_REGS_PARM3(ctx)); }

SEC("uprobe")
int on_memset(struct pt_regs* ctx) { return count(ctx, fn_memset, PT_REGS_PARM3(ctx)); }
