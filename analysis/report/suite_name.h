// SPDX-License-Identifier: Apache-2.0
// Which suite a run is of.
#pragma once

#include <string>

#include "run/run_reader.h"

namespace tare {

// As environment.json has it; empty where it does not say.
inline std::string suite_name(const Run& run) {
    const nlohmann::json& environment = run.environment;
    if (!environment.contains("suite") || !environment["suite"].is_object()) return "";
    const nlohmann::json& suite = environment["suite"];
    return suite.contains("name") && suite["name"].is_string() ? suite["name"].get<std::string>() : "";
}

}  // namespace tare
