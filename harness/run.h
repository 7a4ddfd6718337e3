// SPDX-License-Identifier: Apache-2.0
// `tare run`: a suite from its cells to a run's folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/reference_servers.h"
#include "harness/suite.h"

namespace tare {

struct RunOptions {
    std::filesystem::path results = "results";  // where the run's folder is made
    std::string only;                           // regular expression over the cells' names; empty for all
    std::vector<std::string> command;           // the words that asked for it, for the record
};

// Runs the suite, with progress on stderr, and returns the run's folder. Throws usage_error when no cell is left to run,
// cannot_measure when nothing that was asked for could be measured, run_failed when a server or
// client died or the run was interrupted: then the message says where the rows so far are kept.
std::filesystem::path run_suite(Suite suite, const ReferenceServers& reference, const RunOptions& options);

}  // namespace tare
