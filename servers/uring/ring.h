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
    // `poll_cpu` is the core of the submission thread that `flags` may ask for, `poll_idle_ms` how long the server spins without
    // work; the thread stays awake for twice that. Throws cannot_measure naming the flags when
    // the kernel refuses them: a ring never falls back to another set-up.
    Ring(unsigned entries, unsigned completion_entries, unsigned flags, int poll_cpu, unsigned poll_idle_ms);
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;
    ~Ring() { io_uring_queue_exit(&ring_); }

    io_uring* raw() { return &ring_; }

    // An entry to be filled by an io_uring_prep_ function. A full queue is submitted first.
    io_uring_sqe* entry() {
        io_uring_sqe* sqe = io_uring_get_sqe(&ring_);
        while (sqe == nullptr) {
            submit();
            sqe = io_uring_get_sqe(&ring_);
        }
        return sqe;
    }

    // Marks a filled entry as this connection's; it is submitted with the next wait. Returns its position in the queue.
    std::uint32_t push(io_uring_sqe* sqe, std::uint32_t connection) {
        Ledger::sqe(sqe->opcode);
        io_uring_sqe_set_data64(sqe, Tag{sqe->opcode, connection}.packed());
        return ring_.sq.sqe_tail - 1;
    }

    // Whether the kernel has taken the entry at this position.
    bool taken(std::uint32_t position) const {
        return static_cast<std::int32_t>(io_uring_smp_load_acquire(ring_.sq.khead) - position) > 0;
    }

    // Submits all that was pushed and waits until so many completions are there, or a signal came.
    void submit_and_wait(unsigned completions_awaited) { enter(completions_awaited); }
    // The same without a system call while the submission thread is awake: spins for `spin_ns`, then sleeps.
    void spin_and_wait(std::uint64_t spin_ns);

    // Hands each completion that is there to `look`, and leaves it there.
    template <class Look>
    void peek(const Look& look) {
        io_uring_cqe* cqe = nullptr;
        unsigned head = 0;
        io_uring_for_each_cqe(&ring_, head, cqe) look(Tag::of(*cqe));
    }

    // Hands each completion to `handle` and takes it off the queue.
    template <class Handle>
    void reap(const Handle& handle) {
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
    void submit();
    void publish();

    io_uring ring_{};
    bool polled_ = false;  // by a submission thread
};

}  // namespace tare::uring
