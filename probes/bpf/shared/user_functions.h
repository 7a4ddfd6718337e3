/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The places of the table of functions.bpf.c, as probes/counters/user_counter.cc names them. */
#pragma once

enum { user_functions_max = 64 }; /* of one counter */
