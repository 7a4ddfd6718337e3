// SPDX-License-Identifier: Apache-2.0
#include "run/run_metrics.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/metric.h"

namespace tare {

std::vector<std::string> counters_of_run(const nlohmann::json& environment) {
    std::vector<std::string> names;
    const auto counters = environment.find("counters");
    if (counters == environment.end()) return names;
    if (!counters->is_object()) throw data_refused("environment.json: counters is no object");
    for (const auto& [name, counter] : counters->items()) names.push_back(name);
    return names;
}

bool is_metric_of_run(const std::string& metric, const nlohmann::json& environment) {
    if (metric_named(metric) != nullptr) return true;
    const auto counters = environment.find("counters");
    return counters != environment.end() && counters->contains(metric);
}

}  // namespace tare
