/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The places of the table of switches.bpf.c, as probes/counters/switches.cc names them. */
#pragma once

enum { switch_voluntary, switch_preempted, switch_kind_count };
