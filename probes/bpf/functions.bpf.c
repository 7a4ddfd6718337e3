/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One program for the entries of functions that a user names, and for the places of a USDT probe. */
#include "function.bpf.h"
#include "shared/user_functions.h"

__u64 calls[user_functions_max];

SEC("uprobe")
int on_call(struct pt_regs* ctx) {
    __u64 cookie = bpf_get_attach_cookie(ctx), function = function_of(cookie);

    if (!is_counted_here(cookie)) return 0;
    barrier_var(function); /* the verifier shall see it compared where it is used */
    if (function < user_functions_max)
        add(&calls[function], 1);
    else
        add(&lost_events, 1);
    return 0;
}
