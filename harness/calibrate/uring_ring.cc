// SPDX-License-Identifier: Apache-2.0
#include "harness/calibrate/uring_ring.h"

#include "core/error.h"

namespace tare::calibration {
namespace {

// The sizes of servers/options.h and the flags of the wiring `oneshot` and those above it.
constexpr unsigned entries = 1024;
constexpr unsigned completion_entries = 4096;
constexpr unsigned setup_flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE;

}  // namespace

UringRing::UringRing() {
    io_uring_params parameters{};
    parameters.flags = setup_flags;
    parameters.cq_entries = completion_entries;
    const int result = io_uring_queue_init_params(entries, &ring_, &parameters);
    if (result < 0) throw cannot_measure("io_uring_setup: " + error_text(-result));
}

void UringRing::enter(unsigned completions_awaited) {
    const int result = io_uring_submit_and_wait(&ring_, completions_awaited);
    if (result < 0) throw run_failed("io_uring_enter: " + error_text(-result));
}

}  // namespace tare::calibration
