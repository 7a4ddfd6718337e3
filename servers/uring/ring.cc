// SPDX-License-Identifier: Apache-2.0
#include "servers/uring/ring.h"

#include <cerrno>
#include <string>

#include "core/error.h"

namespace tare::uring {

Ring::Ring(unsigned entries, unsigned completion_entries, unsigned flags) {
    io_uring_params parameters{};
    parameters.flags = flags | IORING_SETUP_CQSIZE;
    parameters.cq_entries = completion_entries;
    const int result = io_uring_queue_init_params(entries, &ring_, &parameters);
    if (result < 0) {
        throw cannot_measure("io_uring_setup with " + std::to_string(entries) + " entries and flags " +
                             std::to_string(parameters.flags) + ": " + error_text(-result));
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

}  // namespace tare::uring
