/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Counts at raw_syscalls' sys_enter and sys_exit by number. Uprobe traps (335, 336) pass neither (kernel 6.18). */
#include "target.bpf.h"

enum { call_numbers = 512, read_like = 1, sized = 2, counts_events = 4 };

__u64 entered[call_numbers];
__u64 again[call_numbers];
__u64 empty[call_numbers];
__u64 partial[call_numbers];
__u64 events[call_numbers];

/* Which calls move bytes (read_like), which of these say in their third argument how many (sized), and which return how
 * many events were ready (counts_events). */
const volatile __u8 traits[call_numbers];

SEC("tp_btf/sys_enter")
int BPF_PROG(on_enter, struct pt_regs* regs, long number) {
    if (!is_target()) return 0;
    if (number < 0 || number >= call_numbers) {
        add(&lost_events, 1);
        return 0;
    }
    add(&entered[number], 1);
    return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_exit, struct pt_regs* regs, long result) {
    long number;

    if (!is_target()) return 0;
    number = (long)regs->orig_ax;
    if (number < 0 || number >= call_numbers) return 0; /* lost at entry already */
    if (result == -11 /* EAGAIN */) add(&again[number], 1);
    if (result == 0 && (traits[number] & read_like)) add(&empty[number], 1);
    if (result > 0 && (traits[number] & sized) && (__u64)result < regs->dx) add(&partial[number], 1);
    if (result > 0 && (traits[number] & counts_events)) add(&events[number], result);
    return 0;
}
