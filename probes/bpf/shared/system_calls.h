/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The tables and maps of system_calls.bpf.c, as probes/counters/system_calls.cc sets and reads them. */
#pragma once

/* By which a call comes into the kernel; each has numbers of its own. */
enum gate { gate_64, gate_i386, gate_x32, gate_count };

/* x32 has numbers up to 547. */
enum { call_numbers = 576, call_places = gate_count * call_numbers };

/* Which calls move bytes (read_like), which of these say in their third argument how many (sized), and which return how
 * many events were ready (counts_events). */
enum { read_like = 1, sized = 2, counts_events = 4 };

/* Calls of numbers beyond the tables, each by its own. */
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
