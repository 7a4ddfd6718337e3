/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Counts at the io_uring tracepoints (kernels 6.1 to 6.18). An entry is either submitted or refused while it is prepared; one
 * whose place in the index array is out of range is dropped without an event, and seen at the ring's next one. A completion is
 * posted, which a skipped one is not, or overflows and is posted later without another event. */
#include "shared/queue_operations.h"
#include "target.bpf.h"

enum { flag_more = 2, flag_notification = 8 };
enum { waiting_max = 256, io_worker = 0x10 /* PF_IO_WORKER */ };

__u64 submitted[submission_places];
__u64 completed[completion_places];
__u64 punted[opcode_places];
__u64 overflowed = 0;

/* Requests whose opcode the kernel does not know, and calls it NOP from then on; until their memory is used again. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4096);
    __type(key, __u64);
    __type(value, __u8);
} unknown_opcodes SEC(".maps");
__u64 unknown_count = 0;

/* How many entries each ring had dropped, of those that were made since the probe was attached. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4096);
    __type(key, __u64);
    __type(value, __u32);
} drops SEC(".maps");
/* Of others nobody can say since when. */
__u64 drops_of_unknown_begin = 0;

static __always_inline void forget_unknown(__u64 request) {
    if (bpf_map_delete_elem(&unknown_opcodes, &request) == 0) __sync_fetch_and_sub(&unknown_count, 1);
}

/* The kernel counts them in the ring, which the program can read and write. */
static __always_inline void count_dropped(struct io_ring_ctx* ring) {
    __u64 key = (__u64)ring;
    __u32 now = BPF_CORE_READ(ring, rings, sq_dropped);
    __u32* before = now != 0 ? bpf_map_lookup_elem(&drops, &key) : 0;

    if (now == 0 || (before && *before == now)) return;
    if (!before) {
        add(&drops_of_unknown_begin, 1);
        return;
    }
    add(&submitted[sqe_dropped], now - *before);
    *before = now;
}

SEC("tp_btf/io_uring_create")
int BPF_PROG(on_create, int descriptor, void* ring) {
    __u64 key = (__u64)ring;
    __u32 none = 0;

    if (is_target()) bpf_map_update_elem(&drops, &key, &none, 0);
    return 0;
}

static __always_inline void count_submitted(struct io_kiocb* request) {
    if (unknown_count > 0) forget_unknown((__u64)request); /* its memory is used again */
    count_dropped(request->ctx);
    add(&submitted[request->opcode], 1);
}

SEC("tp_btf/io_uring_submit_req")
int BPF_PROG(on_submit, struct io_kiocb* request) {
    if (is_target()) count_submitted(request);
    return 0;
}

/* Its name before Linux 6.4; the loader takes the one that the kernel has. */
SEC("tp_btf/io_uring_submit_sqe")
int BPF_PROG(on_submit_before_6_4, struct io_kiocb* request, bool force_nonblock) {
    if (is_target()) count_submitted(request);
    return 0;
}

SEC("tp_btf/io_uring_req_failed")
int BPF_PROG(on_refused, const struct io_uring_sqe* entry, struct io_kiocb* request, int error) {
    __u64 key = (__u64)request;
    __u8 opcode = request->opcode;

    if (!is_target()) return 0;
    if (unknown_count > 0) forget_unknown(key);
    count_dropped(request->ctx);
    if (opcode == 0) opcode = entry->opcode;
    add(&submitted[opcode], 1);
    if (opcode == request->opcode) return 0;
    if (bpf_map_update_elem(&unknown_opcodes, &key, &opcode, 0) == 0) add(&unknown_count, 1);
    return 0;
}

static __always_inline __u32 own_opcode(struct io_kiocb* request) {
    __u64 key = (__u64)request;
    __u8* own = unknown_count > 0 ? bpf_map_lookup_elem(&unknown_opcodes, &key) : 0;

    return own ? *own : BPF_CORE_READ(request, opcode);
}

static __always_inline void count_without_request(__u32 flags) {
    add(&completed[flags & flag_more ? cqe_multishot : cqe_auxiliary], 1);
}

static __always_inline void count_completed(struct io_ring_ctx* ring, void* request, __u32 flags) {
    count_dropped(ring);
    if (!request)
        count_without_request(flags);
    else if (flags & flag_notification)
        add(&completed[cqe_notification], 1);
    else
        add(&completed[own_opcode(request) & 0xff], 1);
}

SEC("tp_btf/io_uring_complete")
int BPF_PROG(on_complete, struct io_ring_ctx* ring, void* request, struct io_uring_cqe* cqe) {
    if (is_target()) count_completed(ring, request, cqe->flags);
    return 0;
}

/* Its arguments while the completion came in its parts; the loader takes the one that fits the kernel. */
SEC("tp_btf/io_uring_complete")
int BPF_PROG(on_complete_in_parts, struct io_ring_ctx* ring, void* request, __u64 user_data, int result, unsigned int flags) {
    if (is_target()) count_completed(ring, request, flags);
    return 0;
}

/* What is about to be posted waits in a list of its ring, and stays there until all of it has been: the request that overflows is
 * one of those with this completion. `opcode_places` where there is none, or where they are of different opcodes. */
static __always_inline __u32 overflowing_opcode(struct io_ring_ctx* ring, __u64 user_data, __s32 result, __u32 flags) {
    struct io_wq_work_node* node = BPF_CORE_READ(ring, submit_state.compl_reqs.first);
    __u32 found = opcode_places;

    if (bpf_get_current_task_btf()->flags & io_worker) return opcode_places; /* it posts past the list */
    for (int place = 0; place < waiting_max && node; ++place) {
        struct io_kiocb* request = (void*)node - bpf_core_field_offset(struct io_kiocb, comp_list);
        if (BPF_CORE_READ(request, cqe.user_data) == user_data && BPF_CORE_READ(request, cqe.res) == result &&
            BPF_CORE_READ(request, cqe.flags) == flags) {
            __u32 opcode = own_opcode(request);
            if (found != opcode_places && found != opcode) return opcode_places;
            found = opcode;
        }
        node = BPF_CORE_READ(node, next);
    }
    return node ? opcode_places : found;
}

/* Without memory for it (`kept` is null) it is lost, and never posted. */
SEC("tp_btf/io_uring_cqe_overflow")
int BPF_PROG(on_overflow, void* ring, __u64 user_data, __s32 result, __u32 flags, void* kept) {
    __u32 opcode;

    if (!is_target()) return 0;
    count_dropped(ring);
    add(&overflowed, 1);
    if (!kept) return 0;
    opcode = overflowing_opcode(ring, user_data, result, flags);
    if (flags & flag_notification)
        add(&completed[cqe_notification], 1);
    else if (opcode < opcode_places)
        add(&completed[opcode], 1);
    else
        add(&completed[flags & flag_more ? cqe_multishot : cqe_overflow], 1);
    return 0;
}

SEC("tp_btf/io_uring_queue_async_work")
int BPF_PROG(on_punt, struct io_kiocb* request, int hashed) {
    if (is_target()) add(&punted[request->opcode], 1);
    return 0;
}
