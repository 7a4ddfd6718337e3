// SPDX-License-Identifier: Apache-2.0
// What `tare attach` does in time: an idle window, which gives the background by the second, and then the window that counts,
// as long as it was asked for, as a command runs, or until the interrupt or the end of the processes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/snapshot.h"
#include "harness/process/running_process.h"
#include "harness/trace/attached_tree.h"

namespace tare {

struct AttachPlan {
    std::vector<pid_t> pids;
    AttachOptions options;
    double idle_s = 1;                 // 0: no idle window
    std::optional<double> duration_s;  // of the counted window
    std::vector<std::string> command;  // as long as it runs; empty for none
    int command_output = 1;            // descriptor that becomes its standard output
};

struct AttachedWindow {
    Snapshot counts;
    double length_s = 0;
};

struct Attachment {
    std::vector<RunningProcess> roots;  // as they were before the first window
    std::optional<AttachedWindow> idle;
    AttachedWindow counted;
    std::optional<SiteCounts> sites;  // of the counted window, where they were asked for
    std::uint64_t process_count = 0;  // all that were ever in the tree
    std::vector<pid_t> ended;         // roots that ended in one of the windows
    int command_status = 0;           // wait status
    std::int64_t begin_s = 0;         // of the counted window, by the clock that files are dated by
};

// Throws cannot_measure when it cannot be attached to these processes, run_failed when the command cannot be executed
// or an interrupt ends the idle window.
Attachment attach_to(const AttachPlan& plan);

}  // namespace tare
