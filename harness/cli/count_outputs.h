// SPDX-License-Identifier: Apache-2.0
// Where a command that counts by call site writes: the counts, and the folded stacks where they are asked for.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/output.h"

namespace tare::cli {

class CountOutputs {
public:
    // Paths, as --output and --folded name them; empty: stdout, and no stacks. Opens both, before anything is counted. Throws
    // usage_error when one cannot be written, or when both are one file.
    CountOutputs(const std::string& output, const std::string& folded);

    // Asks for the stacks only where they are wanted. Throws run_failed.
    void write(const std::string& counts, const std::function<std::string()>& folded_stacks);

private:
    Output counts_;
    std::optional<Output> folded_;
};

}  // namespace tare::cli
