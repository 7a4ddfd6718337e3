/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* By which gate a system call came, and its number there. */
#pragma once

#include "shared/system_calls.h"
#include "target.bpf.h"

/* `number` as the tracepoint has it, or orig_ax: the kernel takes its lower 32 bits. */
static __always_inline struct call_key call_of(struct task_struct* task, long number) {
    struct call_key call = {.gate = gate_64, .number = (__s32)number};

    if (task->thread_info.status & thread_is_compat) {
        call.gate = gate_i386;
    } else if (call.number >= 0 && (call.number & x32_bit)) {
        call.gate = gate_x32;
        call.number &= ~x32_bit;
    }
    return call;
}
