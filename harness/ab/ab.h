// SPDX-License-Identifier: Apache-2.0
// `tare ab`: base and head made ready (revisions built, folders taken as they are, or commands), then run side by side with a
// control, which is the base once more. What is measured with is this program alone; the comparison is the analysis'.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/bench/run.h"

namespace tare {

// One side; exactly one of the three is given, and for both sides the same.
struct SideOptions {
    std::string revision;
    std::string root;
    std::vector<std::string> command;
};

struct AbOptions {
    std::string suite;                 // empty where there is a command
    std::vector<std::string> command;  // what is compared in place of a suite; `{root}` stands for each side's folder
    SideOptions base, head;
    std::string repository = ".";    // where the revisions are
    std::vector<std::string> build;  // run in each revision's tree; empty for none. Not for tare's own servers
    std::uint64_t slices = 0;        // repetitions of each load cell; 0: as many as the suite says
    RunOptions run;
};

struct AbRuns {
    std::filesystem::path base, head, control;
};

// The three runs' folders. Throws usage_error for sides that do not fit the suite, or a revision that is none; run_failed when a
// build fails, with its last lines; and as run_arms does. Whatever was made for a revision is removed, however it ends.
AbRuns run_ab(const AbOptions& options);

}  // namespace tare
