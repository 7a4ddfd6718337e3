/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The places of the tables of queue_operations.bpf.c, as probes/counters/queue_operations.cc names them. */
#pragma once

/* First an opcode each, of which a byte can hold so many; then what has none. */
enum { opcode_places = 256, sqe_dropped = opcode_places, submission_places };
/* Completions of no opcode: those of a multishot request that goes on and those that messages and tags post come without their
 * request, a zero-copy send tells the end of its use of memory by a request of the kernel's own. */
enum { cqe_multishot = opcode_places, cqe_auxiliary, cqe_notification, cqe_overflow, completion_places };
