// SPDX-License-Identifier: Apache-2.0
// A descriptor that a server keeps back, so that it can refuse a client for whom it has no other: without one the client would
// stay in the backlog, and be announced again and again.
#pragma once

#include <cerrno>

#include "core/owned_fd.h"
#include "servers/calls.h"

namespace tare {

class SpareDescriptor {
public:
    // Whether an accept that failed with this error lacked a descriptor, of the process or of the machine.
    static bool is_lacked(int error_number) { return error_number == EMFILE || error_number == ENFILE; }

    // Takes the next client of a listener that does not block and closes it. False when there is none.
    bool refuse_one(int listener_fd) {
        spare_.reset();
        const int fd = calls::accept(listener_fd);
        const int failed = fd < 0 ? errno : 0;
        if (fd >= 0) {
            Ledger::closed_on_error();
            calls::close(fd);
        }
        spare_ = OwnedFd{calls::open_null()};
        // Another process took the machine's last one: its next try is worth nothing at once.
        if (is_lacked(failed)) calls::sleep_ms(1);
        return fd >= 0;
    }

private:
    OwnedFd spare_{calls::open_null()};
};

}  // namespace tare
