// SPDX-License-Identifier: Apache-2.0
// The command line of `tare load`: as it was typed, and validated into a plan and a window.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/load/load_plan.h"

namespace tare::cli {

struct LoadOptions {
    LoadPlan plan;       // but for what plan_of() makes of the rest: mix, popularity, cores
    std::string server;  // of our own
    std::string target;  // or another: one word, or what follows
    std::string host;
    std::string unix_socket;
    std::string name = "server";
    std::string protocol = "memcached";
    std::string files;
    std::string mix = "get_hit=1";
    std::uint64_t threads = 0;
    std::string client_io = "auto";
    double duration_s = 0;
    std::uint64_t requests = 0;
    double warm_up_s = 0.5;
    double rate_per_s = 0;
    std::string arrivals = "poisson";
    double zipf_exponent = 0;
    std::string histogram;
    std::string format = "text";
};

// Declares the options on `command`; the values are there once it was parsed.
void add_load_options(CLI::App& command, LoadOptions& options);

// Each throws usage_error that says what is allowed.
LoadPlan plan_of(const LoadOptions& options, const CLI::App& command);
LoadWindow window_of(const LoadOptions& options);
// The window's load for as long as the warm-up is to take; a duration of 0 for none.
LoadWindow warm_up_of(const LoadOptions& options);

}  // namespace tare::cli
