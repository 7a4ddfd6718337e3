// SPDX-License-Identifier: Apache-2.0
// One server with its instruments, and the windows that are measured on it: a trial is one cell run in it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/observation.h"
#include "harness/cell.h"
#include "harness/cores.h"
#include "harness/instruments.h"
#include "harness/sites/site_rows.h"
#include "harness/start_server.h"

namespace tare {

// A server that serves the cells of one variant and build. What `null` answers is fixed, so it serves one cell only.
class Bench {
public:
    // Throws run_failed when the server does not start.
    Bench(const Servers& servers, const Cell& cell, const Pinning& pinning);

    // Whether this server can serve `cell` as well.
    bool serves(const Cell& cell) const;

    // The rows of the cell's two windows, of N and 2N requests. A window that does not balance is absent with what did not;
    // this is also added to `warnings`. Throws run_failed, with the server's last lines, when the server or a reply fails.
    // `folded` takes the stacks of a cell whose call sites are counted.
    std::vector<Observation> run_trial(const Cell& cell, const Snapshot& prediction, std::vector<std::string>& warnings,
                                       FoldedStacks& folded);

private:
    std::vector<Observation> run_windows(const Cell& cell, const Snapshot& prediction, std::vector<std::string>& warnings,
                                         FoldedStacks& folded);

    Cell first_;
    LedgerFile ledger_;
    ServerProcess server_;
    Instruments instruments_;
};

// The rows of a cell whose server cannot run on this machine: the prediction, and nothing but absence from the witnesses.
std::vector<Observation> absent_trial(const Cell& cell, const Snapshot& prediction, const std::string& reason);

}  // namespace tare
