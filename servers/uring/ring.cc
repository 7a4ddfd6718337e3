// SPDX-License-Identifier: Apache-2.0
#include "servers/uring/ring.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <string>

#include "core/clock.h"
#include "core/error.h"
#include "servers/listener.h"
#include "servers/uring/kernel_support.h"

namespace tare::uring {

Ring::Ring(unsigned entries, unsigned completion_entries, unsigned flags, int poll_cpu, unsigned poll_idle_ms) {
    io_uring_params parameters{};
    parameters.flags = flags | IORING_SETUP_CQSIZE;
    parameters.cq_entries = completion_entries;
    polled_ = (flags & IORING_SETUP_SQPOLL) != 0;
    if (polled_) {
        parameters.sq_thread_idle = std::max(2 * poll_idle_ms, 1U);  // 0 would mean a second
        if (poll_cpu >= 0) {
            parameters.flags |= IORING_SETUP_SQ_AFF;
            parameters.sq_thread_cpu = static_cast<unsigned>(poll_cpu);
        }
    }
    const int result = io_uring_queue_init_params(entries, &ring_, &parameters);
    if (result < 0) {
        const std::string unknown = result == -EINVAL ? unknown_setup_flag(flags) : "";
        throw cannot_measure("io_uring_setup with " + std::to_string(entries) + " entries and flags " +
                             std::to_string(parameters.flags) + ": " + error_text(-result) +
                             (unknown.empty() ? "" : ": this kernel has no " + unknown));
    }
}

// A wait of at least one completion always enters the kernel once; so does a submission of a full queue.
void Ring::enter(unsigned completions_awaited) {
    Ledger::call(SystemCall::io_uring_enter);
    const int result = io_uring_submit_and_wait(&ring_, completions_awaited);
    // EBUSY and EAGAIN: completions must be reaped first, which the caller does next.
    if (result < 0 && result != -EINTR && result != -EBUSY && result != -EAGAIN) {
        throw run_failed("io_uring_enter: " + error_text(-result));
    }
}

void Ring::submit() {
    if (polled_) {
        publish();
    } else {
        enter(0);
    }
}

// Shows the submission thread what was pushed, and wakes it if it sleeps; io_uring_submit() does the same, but does not say
// whether it made a system call.
void Ring::publish() {
    io_uring_sq& queue = ring_.sq;
    for (unsigned tail = *queue.ktail; tail != queue.sqe_tail; ++tail)
        queue.array[tail & queue.ring_mask] = tail & queue.ring_mask;
    queue.sqe_head = queue.sqe_tail;
    io_uring_smp_store_release(queue.ktail, queue.sqe_tail);
    // The thread sets its flag before it looks at the tail a last time: the flag must be read after the tail is written.
    io_uring_smp_mb();
    if ((IO_URING_READ_ONCE(*queue.kflags) & IORING_SQ_NEED_WAKEUP) == 0) return;
    Ledger::call(SystemCall::io_uring_enter);
    io_uring_enter(static_cast<unsigned>(ring_.enter_ring_fd), 0, 0, IORING_ENTER_SQ_WAKEUP, nullptr);
}

void Ring::spin_and_wait(std::uint64_t spin_ns) {
    publish();
    const std::uint64_t start_ns = monotonic_ns();
    while (io_uring_cq_ready(&ring_) == 0 && stop_requested == 0) {
        if (monotonic_ns() - start_ns > spin_ns) {
            Ledger::call(SystemCall::io_uring_enter);
            io_uring_enter(static_cast<unsigned>(ring_.enter_ring_fd), 0, 1, IORING_ENTER_GETEVENTS, nullptr);
            return;
        }
        __builtin_ia32_pause();
    }
}

}  // namespace tare::uring
