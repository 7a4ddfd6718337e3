// SPDX-License-Identifier: Apache-2.0
// `tare run` and `tare ab`: a suite from its cells to a run's folder, for one party alone or for several side by side.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/bench/reference_servers.h"
#include "harness/bench/suite.h"

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

// One party of several that are run side by side on the same cells.
struct Side {
    std::string name;  // "base"; part of the run's name
    Suite suite;
    ReferenceServers reference;
    nlohmann::json subject;  // what it is, for environment.json: revision, build ids
};

// Runs the sides' suites interleaved (harness/steps.h) and returns their folders, in the sides' order; `latest` is the last.
// Throws as run_suite does.
std::vector<std::filesystem::path> run_sides(std::vector<Side> sides, const RunOptions& options);

}  // namespace tare
