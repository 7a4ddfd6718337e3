// SPDX-License-Identifier: Apache-2.0
// What a reference server's command line says. Compiled once for both builds, because CLI11 takes longest of all.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/operation.h"
#include "servers/options.h"

namespace tare {

struct Arguments {
    std::string variant;
    ServerOptions server;
    std::size_t memory_mib = 256;
    std::string fixed_reply_path;
    bool list = false;
    bool settings = false;
    std::string predict_operation;
    Workload workload;
};

// Returns the exit code where nothing else is to be done: after a text that was asked for, and after a usage error, which is
// said.
std::optional<int> parse_command_line(int argc, char** argv, Arguments& arguments);

}  // namespace tare
