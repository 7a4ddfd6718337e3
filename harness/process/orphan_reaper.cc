// SPDX-License-Identifier: Apache-2.0
#include "harness/process/orphan_reaper.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "harness/process/running_process.h"

namespace tare {

OrphanReaper::OrphanReaper() : others_(children_of(::getpid())) { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }

OrphanReaper::~OrphanReaper() {
    // Whoever dies passes its children on to this process: until none comes.
    for (bool found = true; found;) {
        found = false;
        for (const pid_t pid : children_of(::getpid())) {
            if (others_.contains(pid)) continue;
            if (::kill(pid, SIGKILL) != 0) continue;  // another user's: it cannot be waited for either
            ::waitpid(pid, nullptr, 0);
            found = true;
        }
    }
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

}  // namespace tare
