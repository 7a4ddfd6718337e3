/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The maps of call_sites.bpf.c, as probes/counters/call_sites.cc reads them and probes/symbols/stack_unwinder.cc unwinds from. */
#pragma once

/* The last are functions that a user names, which are probed only where there are some. */
enum { kind_allocation, kind_copy, kind_system_call, kind_function, site_kind_count };
/* How much of a stack tells it from others: all that is copied, and when no more of these find room, only its inner end. */
enum { extent_whole, extent_near, extent_count };
enum { chunk_words = 16, chunk_bytes = chunk_words * 8, whole_chunks = 65, near_chunks = 9 };
enum { ranges_max = 4096 }; /* of code, in each of two tables */

/* Without the process: those that one forked share their stacks and their code. */
struct site_key {
    unsigned long long stack_hash; /* and of where the program's code is, which tells programs apart that start at one address */
    unsigned long long start_of_stack; /* of one program, from one exec to the next */
    unsigned long long function;       /* extent << extent_shift | kind << kind_shift | its place in the kind */
};
enum { kind_shift = 16, extent_shift = 20 };

enum { no_snapshot = 0xffffffff };
struct site_value {
    unsigned long long count;
    unsigned long long size_bytes;
    unsigned int snapshot; /* its place among those of the extent */
    unsigned int tgid;     /* of the first; 0 where the loader's namespace does not number it */
};

/* As DWARF numbers them. */
enum { stack_pointer_register = 7, program_counter_register = 16, register_count };

/* A copy of a stack, and the registers of its thread. A near one is as a whole one that ends early, so that it can be read into
 * one. */
struct stack_head {
    unsigned long long registers[register_count];
    unsigned long long stack_begin; /* address of the first byte */
    unsigned long long stack_bytes;
};
struct near_stack {
    struct stack_head head;
    unsigned long long words[near_chunks * chunk_words];
};
struct whole_stack {
    struct stack_head head;
    unsigned long long words[whole_chunks * chunk_words];
};
