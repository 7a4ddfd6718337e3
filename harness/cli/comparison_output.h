// SPDX-License-Identifier: Apache-2.0
// What `tare compare` and `tare ab` have in common: the gate, the formats and where they go, and the exit code.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "analysis/compare/formats/formats.h"
#include "harness/cli/format_options.h"

namespace tare::cli {

struct ComparisonArguments {
    std::string gate;
    FormatArguments formats;
    std::vector<std::string> forced;
};

void add_comparison_options(CLI::App& command, ComparisonArguments& arguments);

// Arguments that hold and outputs that are open, so that nothing is measured for a comparison that cannot be written.
class ComparisonOutput {
public:
    // Throws usage_error, and run_failed as Output does.
    explicit ComparisonOutput(const ComparisonArguments& arguments);

    // Compares the runs, `control` (empty for none) beside them, and writes every format. Throws gate_crossed or cannot_measure
    // when the comparison ends so, and as compare_runs does.
    void compare(const std::string& base, const std::string& head, const std::string& control);

private:
    compare::Gate gate_;
    std::vector<OpenForm> forms_;
    std::vector<std::string> forced_;
};

}  // namespace tare::cli
