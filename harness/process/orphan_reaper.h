// SPDX-License-Identifier: Apache-2.0
// Processes that a server leaves behind: a daemon whose parent is gone, workers of a master that was killed. While this
// lives they become children of this program instead of init's, and at the end they are ended.
#pragma once

#include <sys/types.h>

#include <set>

namespace tare {

class OrphanReaper {
public:
    // Children that there are already are none of the server's.
    OrphanReaper();
    OrphanReaper(const OrphanReaper&) = delete;
    OrphanReaper& operator=(const OrphanReaper&) = delete;
    // Kills what came since and has not ended, with its own children. The server itself must have ended.
    ~OrphanReaper();

private:
    std::set<pid_t> others_;
};

}  // namespace tare
