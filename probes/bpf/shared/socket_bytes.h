/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The places of the table of socket_bytes.bpf.c, as probes/counters/socket_bytes.cc names them. */
#pragma once

enum { bytes_received, bytes_sent, direction_count };
