// SPDX-License-Identifier: Apache-2.0
// The metrics that a run may have: those of the metric table, and counters that its suite names, which its environment lists.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace tare {

// The counters of `environment.json`, key `counters`, by name; none of an earlier tare. Throws data_refused when they are no
// object.
std::vector<std::string> counters_of_run(const nlohmann::json& environment);

bool is_metric_of_run(const std::string& metric, const nlohmann::json& environment);

}  // namespace tare
