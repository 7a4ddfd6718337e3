// SPDX-License-Identifier: Apache-2.0
// A ring set up as the reference servers set theirs up (servers/uring/), for subjects that use one.
#pragma once

#include <liburing.h>

namespace tare::calibration {

class UringRing {
public:
    // Throws cannot_measure when the kernel refuses it.
    UringRing();
    UringRing(const UringRing&) = delete;
    UringRing& operator=(const UringRing&) = delete;
    ~UringRing() { io_uring_queue_exit(&ring_); }

    io_uring* raw() { return &ring_; }

    // Submits what was prepared and waits for so many completions. Throws run_failed.
    void enter(unsigned completions_awaited);

private:
    io_uring ring_{};
};

}  // namespace tare::calibration
