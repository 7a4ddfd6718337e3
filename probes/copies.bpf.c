/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Entry probes at the addresses that the C library's IFUNCs resolved to. memcpy and memmove may be one address. */
#include "target.bpf.h"

enum { fn_memcpy, fn_memmove, fn_mempcpy, fn_memset, functions };

__u64 calls[functions];
__u64 moved_bytes[functions];

static __always_inline int count(int function, __u64 size_bytes) {
    if (!is_target()) return 0;
    add(&calls[function], 1);
    add(&moved_bytes[function], size_bytes);
    return 0;
}

SEC("uprobe")
int on_memcpy(struct pt_regs* ctx) { return count(fn_memcpy, PT_REGS_PARM3(ctx)); }

SEC("uprobe")
int on_memmove(struct pt_regs* ctx) { return count(fn_memmove, PT_REGS_PARM3(ctx)); }

SEC("uprobe")
int on_mempcpy(struct pt_regs* ctx) { return count(fn_mempcpy, PT_REGS_PARM3(ctx)); }

SEC("uprobe")
int on_memset(struct pt_regs* ctx) { return count(fn_memset, PT_REGS_PARM3(ctx)); }
