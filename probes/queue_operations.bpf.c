/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Counts at the io_uring tracepoints (kernels 6.1 to 6.18). A completion that was skipped does not fire; one of a multishot
 * request does, but with no request to read the opcode from. */
#include "target.bpf.h"

enum { opcodes = 64, without_request = 64 };

__u64 submitted[opcodes];
__u64 completed[opcodes + 1];
__u64 punted[opcodes];
__u64 overflowed = 0;

static __always_inline void count(__u64* table, __u8 opcode) {
    if (opcode >= opcodes)
        add(&lost_events, 1);
    else
        add(&table[opcode], 1);
}

SEC("tp_btf/io_uring_submit_req")
int BPF_PROG(on_submit, struct io_kiocb* request) {
    if (is_target()) count(submitted, request->opcode);
    return 0;
}

/* Its name before Linux 6.4; the loader takes the one that the kernel has. */
SEC("tp_btf/io_uring_submit_sqe")
int BPF_PROG(on_submit_before_6_4, struct io_kiocb* request, bool force_nonblock) {
    if (is_target()) count(submitted, request->opcode);
    return 0;
}

SEC("tp_btf/io_uring_complete")
int BPF_PROG(on_complete, struct io_ring_ctx* ring, void* request, struct io_uring_cqe* cqe) {
    __u8 opcode;

    if (!is_target()) return 0;
    if (!request) {
        add(&completed[without_request], 1);
        return 0;
    }
    opcode = BPF_CORE_READ((struct io_kiocb*)request, opcode);
    count(completed, opcode);
    return 0;
}

SEC("tp_btf/io_uring_cqe_overflow")
int BPF_PROG(on_overflow, void* ring, __u64 user_data, __s32 result, __u32 flags, void* overflow) {
    if (is_target()) add(&overflowed, 1);
    return 0;
}

SEC("tp_btf/io_uring_queue_async_work")
int BPF_PROG(on_punt, struct io_kiocb* request, int hashed) {
    if (is_target()) count(punted, request->opcode);
    return 0;
}
