/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* By which gate a system call came, and its number there. */
#pragma once

#include "target.bpf.h"

enum gate { gate_64, gate_i386, gate_x32, gates };
enum { x32_bit = 0x40000000, thread_is_compat = 2 /* TS_COMPAT */ };

struct call {
    __s32 gate;
    __s32 number; /* without the bit of x32; negative as it came */
};

/* `number` as the tracepoint has it, or orig_ax: the kernel takes its lower 32 bits. */
static __always_inline struct call call_of(struct task_struct* task, long number) {
    struct call call = {.gate = gate_64, .number = (__s32)number};

    if (task->thread_info.status & thread_is_compat) {
        call.gate = gate_i386;
    } else if (call.number >= 0 && (call.number & x32_bit)) {
        call.gate = gate_x32;
        call.number &= ~x32_bit;
    }
    return call;
}
