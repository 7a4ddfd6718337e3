/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The tables and maps of system_calls.bpf.c, as probes/counters/system_calls.cc sets and reads them. */
#pragma once

/* By which a call comes into the kernel; each has numbers of its own. */
enum gate { gate_64, gate_i386, gate_x32, gate_count };

/* x32 has numbers up to 547. */
enum { call_numbers = 576, call_places = gate_count * call_numbers };

/* Which calls move bytes (read_like), which of these say in their third argument how many (sized), which return how many events
 * were ready (counts_events), which wait for a futex if their second argument says so (futex_like), and which always do. */
enum { read_like = 1, sized = 2, counts_events = 4, futex_like = 8, futex_waiting = 16 };

/* The kernel's linux/errno.h: by the last two a signal ends a call, which may begin anew. */
enum { again_error = -11 };
enum { interrupted_error = -4, timed_out_error = -110, restart_error = -512, restart_block_error = -516 };
/* Its uapi/linux/futex.h: operations that wait, without the flags of the word's kind and clock. */
enum { wait_operation = 0, lock_operation = 6, wait_bits_operation = 9, wait_requeue_operation = 11, lock2_operation = 13 };
enum { futex_operation_mask = 0x7f };

/* How a wait for a futex ended. */
enum { futex_woken, futex_timed_out, futex_interrupted, futex_end_count };

/* Calls of numbers beyond the tables, each by its own; of so many. */
enum { other_calls_max = 1024 };
struct call_key {
    int gate;
    int number; /* without the bit of x32; negative as it came */
};
struct other_counts {
    unsigned long long entered;
    unsigned long long again;
};

/* The calls of each thread. */
struct thread_key {
    unsigned int tid;
    unsigned int tgid;
    unsigned long long start_time_ns;
};
enum { thread_name_bytes = 16 };
struct thread_calls {
    unsigned long long calls;
    char name[thread_name_bytes]; /* its last one */
};
