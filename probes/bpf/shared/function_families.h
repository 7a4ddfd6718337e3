/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The functions of the malloc and of the memcpy family by the places that they are counted at. Shared by the programs
 * (families.bpf.h) and by what finds the functions in a file (probes/symbols/allocation_entries.h, copy_entries.h). */
#pragma once

enum {
    fn_malloc,
    fn_calloc,
    fn_realloc,
    fn_aligned_alloc,
    fn_posix_memalign,
    fn_memalign,
    fn_reallocarray,
    fn_valloc,
    fn_pvalloc,
    fn_new,
    fn_mallocx,
    fn_rallocx,
    fn_zalloc,
    fn_malloc_aligned,
    fn_realloc_aligned,
    fn_go_mallocgc,
    allocation_function_count
};
/* Those that copy come before those that fill. */
enum {
    fn_memcpy,
    fn_memmove,
    fn_mempcpy,
    fn_go_memmove,
    copying_function_count,
    fn_memset = copying_function_count,
    fn_go_memclr,
    copy_function_count
};
