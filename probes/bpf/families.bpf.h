/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The malloc and the memcpy family: the bytes that a call is about, and which calls are counted at the entry of another function
 * instead. Shared by all that probe them. */
#pragma once

#include "function.bpf.h"
#include "shared/function_families.h"

/* No process has so many bytes of address space on x86-64, unless it asks for addresses beyond: such a request is refused. */
#define address_space_bytes (1ULL << 47)

struct request {
    __u64 function;
    __u64 size_bytes; /* 0 when it is refused: no sum is made of what nobody gets */
    bool is_refused;
};

static __always_inline __u64 stack_word(struct pt_regs* ctx, __u32 place) {
    __u64 word = 0;

    bpf_probe_read_user(&word, sizeof(word), (void*)(PT_REGS_SP(ctx) + place * 8));
    return word;
}

/* Whether a product has more than 64 bits, by its halves: BPF has no wider product. */
static __always_inline bool overflows(__u64 left, __u64 right) {
    __u64 upper, lower = (left & 0xFFFFFFFF) * (right & 0xFFFFFFFF);

    if (left >> 32 && right >> 32) return 1;
    upper = (left >> 32) * (right & 0xFFFFFFFF) + (right >> 32) * (left & 0xFFFFFFFF);
    return (upper >> 32) != 0 || (upper << 32) + lower < lower;
}

/* The bytes that a call asks for, by the place of that argument; more than any process has where a product overflows. */
static __always_inline __u64 requested(__u64 cookie, struct pt_regs* ctx) {
    __u64 first = PT_REGS_PARM1(ctx), second = PT_REGS_PARM2(ctx), third = PT_REGS_PARM3(ctx);

    switch (function_of(cookie)) {
        case fn_malloc:
        case fn_valloc:
        case fn_pvalloc:
        case fn_new:
        case fn_mallocx:
        case fn_zalloc:
        case fn_malloc_aligned:
            return first;
        case fn_calloc:
            return overflows(first, second) ? ~0ULL : first * second;
        case fn_reallocarray:
            return overflows(second, third) ? ~0ULL : second * third;
        case fn_posix_memalign:
            return third;
        case fn_go_mallocgc: /* by Go's ABIInternal, or before Go 1.17 as the first word of the caller's frame */
            return cookie & stack_arguments ? stack_word(ctx, 1) : PT_REGS_RC(ctx);
        default:
            return second;
    }
}

/* realloc(NULL, n) of some C libraries is a call of malloc, and reallocarray one of realloc unless its product overflows: there
 * they are counted. */
static __always_inline bool goes_on_in_another(__u64 cookie, struct pt_regs* ctx) {
    if (!(cookie & enters_another)) return 0;
    if (function_of(cookie) == fn_realloc) return PT_REGS_PARM1(ctx) == 0;
    return function_of(cookie) == fn_reallocarray && !overflows(PT_REGS_PARM2(ctx), PT_REGS_PARM3(ctx));
}

/* Whether the call is an allocation that counts here, and which. A function beyond the table is noted as lost. */
static __always_inline bool is_allocation(__u64 cookie, struct pt_regs* ctx, struct request* request) {
    __u64 function = function_of(cookie);

    if (!is_counted_here(cookie)) return 0;
    if (goes_on_in_another(cookie, ctx) || is_counted_elsewhere(cookie, ctx)) return 0;
    barrier_var(function); /* the verifier shall see it compared where it is used */
    if (function >= allocation_function_count) {
        add(&lost_events, 1);
        return 0;
    }
    request->function = function;
    request->size_bytes = requested(cookie, ctx);
    request->is_refused = request->size_bytes >= address_space_bytes;
    if (request->is_refused) request->size_bytes = 0;
    return 1;
}

/* Whether the call is a copy or a fill that counts here, which, and of how many bytes. */
static __always_inline bool is_copy(__u64 cookie, struct pt_regs* ctx, __u64* function, __u64* size_bytes) {
    __u64 called = function_of(cookie), to = PT_REGS_PARM1(ctx), from = PT_REGS_PARM2(ctx), size = PT_REGS_PARM3(ctx);

    barrier_var(size); /* or the compiler reads it in two places, from a context pointer that it changed */
    if (!is_counted_here(cookie)) return 0;
    /* musl's memmove jumps to memcpy unless the target begins inside the source. */
    if (called == fn_memmove && (cookie & enters_another) && to - from >= size) return 0;
    if (is_counted_elsewhere(cookie, ctx)) return 0;
    barrier_var(called); /* as above */
    if (called >= copy_function_count) {
        add(&lost_events, 1);
        return 0;
    }
    *function = called;
    if (called == fn_go_memmove) size = cookie & stack_arguments ? stack_word(ctx, 3) : ctx->cx;
    if (called == fn_go_memclr) size = cookie & stack_arguments ? stack_word(ctx, 2) : ctx->bx;
    *size_bytes = size;
    return 1;
}
