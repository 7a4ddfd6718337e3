/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The cookie that the link of a function's probe carries, and the tables of code that calls are passed on from. Shared by the
 * programs (function.bpf.h) and by what attaches them (probes/attach/uprobes.cc). */
#pragma once

/* Flags. `of_root`: its link is for the target, or a tree's root, alone, and any other process is counted by a link without it;
 * never both. `enters_another`: some calls go on at the entry of another probed function, which then counts them.
 * `stack_arguments`: they are on the stack, not in registers. `leaves_by_jump`: it may end in a jump to another probed function.
 * `passes_on`: it may call one in another file. */
enum { of_root = 1, enters_another = 2, stack_arguments = 4, leaves_by_jump = 8, passes_on = 16 };
/* Above the flags: the function's place in its family (function_families.h), the file's place among those whose functions call
 * one another (0: none), and where in its file the probe stands. */
enum { function_shift = 8, function_bits = 8, layer_shift = 16, layer_bits = 8, offset_shift = 24 };

/* Files whose functions call one another, and such functions of each. */
enum { layers_max = 64, callers_max = 16 };
