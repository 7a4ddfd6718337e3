/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The malloc and the memcpy family: their functions in the order of the loader's tables, the bytes that a call is about, and
 * which calls are counted at the entry of another function instead. Shared by all that probe them. */
#pragma once

#include "function.bpf.h"

enum { fn_malloc, fn_calloc, fn_realloc, fn_aligned_alloc, fn_posix_memalign, fn_memalign, allocation_functions };
enum { fn_memcpy, fn_memmove, fn_mempcpy, fn_memset, copy_functions };

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

/* realloc(NULL, n) of some C libraries is a call of malloc, where it is counted. */
static __always_inline bool goes_on_in_malloc(__u64 function, __u64 cookie, __u64 block) {
    return function == fn_realloc && (cookie & enters_another) && block == 0;
}
