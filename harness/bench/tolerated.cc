// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/tolerated.h"

#include "harness/process/interrupt.h"

namespace tare {

bool is_failure_of_case(const Error& error, const Cell& cell) {
    return error.code() == ExitCode::run_failed && cell.external() && !interrupted();
}

std::string one_line(std::string_view text) {
    std::string line;
    for (const char byte : text) {
        if (byte == '\n')
            line += " / ";
        else
            line += byte;
    }
    return line;
}

}  // namespace tare
