// SPDX-License-Identifier: Apache-2.0
// What a window of load did, as text for people, as rows of observations.csv, or as JSON.
#pragma once

#include <string>
#include <vector>

#include "harness/load/load_client.h"
#include "run/observation.h"

namespace tare::cli {

struct LoadReport {
    CellKey cell;
    LoadPlan plan;
    LoadWindow window;
    LoadResult result;
    Measured<std::uint64_t> stolen_ns = std::uint64_t{0};  // by the hypervisor, in the window
    bool interrupted = false;
    Measured<std::uint64_t> server_cpu_ns = Absent{"the server at --port is not tare's: nothing tells its CPU time"};
};

// Verified requests for each second of CPU time of all client threads; 0 when nothing was sent.
double requests_per_client_cpu_s(const LoadResult& result);

// The share of its core that the busiest thread used, in percent of the time from first send to last reply.
double busiest_core_percent(const LoadResult& result);

std::string load_text(const LoadReport& report);
std::string load_csv(const LoadReport& report);
std::string load_json(const LoadReport& report);

}  // namespace tare::cli
