// SPDX-License-Identifier: Apache-2.0
// The CPU time of a server: of its one process, or of all that an external one has, those that come and go in mid-window among
// them.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>

#include "harness/bench/start_server.h"
#include "harness/trace/instruments.h"
#include "probes/attach/process_tree.h"

namespace tare {

class ServerTimer {
public:
    // Adds nothing to a request: of an external server only forks and ends of processes are watched. Throws run_failed when the
    // server is gone.
    ServerTimer(const CellServer& server, const Cell& cell);

    Snapshot read();

private:
    std::unique_ptr<ProcessTree> tree_;
    std::optional<Instruments> instruments_;
    pid_t root_;
    std::string not_followed_;  // why an external server's other processes are not seen
};

}  // namespace tare
