// SPDX-License-Identifier: Apache-2.0
// What `tare compare` and `tare ab` have in common: the gate, the formats and where they go, and the exit code.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "analysis/compare/formats/formats.h"

namespace tare::cli {

struct ComparisonArguments {
    std::string gate;
    std::vector<std::string> forms;
    std::string output;
    std::vector<std::string> forced;
    bool step_summary = false;
};

void add_comparison_options(CLI::App& command, ComparisonArguments& arguments);

// Arguments that hold, so that nothing is measured for a comparison that cannot be written.
class ComparisonOutput {
public:
    // Throws usage_error.
    explicit ComparisonOutput(const ComparisonArguments& arguments);

    // Compares the runs, `control` (empty for none) beside them, and writes every format. Throws gate_crossed or cannot_measure
    // when the comparison ends so, and as compare_runs does.
    void compare(const std::string& base, const std::string& head, const std::string& control) const;

private:
    // A format, and the file it goes to; empty for stdout.
    struct Output {
        const compare::Format* format = nullptr;
        std::string file;
    };
    static std::vector<Output> outputs_of(const ComparisonArguments& arguments);
    static void write(const compare::Comparison& comparison, const Output& output);

    compare::Gate gate_;
    std::vector<Output> outputs_;
    std::vector<std::string> forced_;
    bool step_summary_;
};

}  // namespace tare::cli
