// SPDX-License-Identifier: Apache-2.0
// The two queues: entries are taken, submitted with one system call a loop, and completions reaped; each is told to
// the ledger where it happens.
#pragma once

#include <liburing.h>

#include <cstdint>

#include "core/ledger.h"

namespace tare::uring {

// What a completion is about, packed into the 64 bits that the kernel hands back.
struct Tag {
    std::uint8_t opcode = IORING_OP_NOP;
    std::uint32_t connection = 0;

    std::uint64_t packed() const { return std::uint64_t{opcode} << 32 | connection; }
    static Tag of(const io_uring_cqe& cqe) {
        return {static_cast<std::uint8_t>(cqe.user_data >> 32), static_cast<std::uint32_t>(cqe.user_data)};
    }
};

class Ring {
public:
    // Throws cannot_measure naming the flags when the kernel refuses them: a ring never falls back to another set-up.
    Ring(unsigned entries, unsigned completion_entries, unsigned flags);
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;
    ~Ring() { io_uring_queue_exit(&ring_); }

    io_uring* raw() { return &ring_; }

    // An entry to be filled by an io_uring_prep_ function. A full queue is submitted first.
    io_uring_sqe* entry() {
        io_uring_sqe* sqe = io_uring_get_sqe(&ring_);
        while (sqe == nullptr) {
            enter(0);
            sqe = io_uring_get_sqe(&ring_);
        }
        return sqe;
    }

    // Marks a filled entry as this connection's; it is submitted with the next wait.
    void push(io_uring_sqe* sqe, std::uint32_t connection) {
        Ledger::sqe(sqe->opcode);
        io_uring_sqe_set_data64(sqe, Tag{sqe->opcode, connection}.packed());
    }

    // Submits all that was pushed and waits until something completed; then hands each completion to `handle`.
    template <class Handle>
    void submit_and_wait(const Handle& handle) {
        enter(1);
        io_uring_cqe* cqe = nullptr;
        unsigned head = 0;
        unsigned reaped = 0;
        io_uring_for_each_cqe(&ring_, head, cqe) {
            const Tag tag = Tag::of(*cqe);
            Ledger::cqe(tag.opcode);
            handle(tag, *cqe);
            ++reaped;
        }
        io_uring_cq_advance(&ring_, reaped);
    }

private:
    void enter(unsigned completions_awaited);

    io_uring ring_{};
};

}  // namespace tare::uring
