// SPDX-License-Identifier: Apache-2.0
// A document as data, for programs: report.json.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "analysis/report/document.h"

namespace tare::document {

// docs/architecture.md describes the form.
nlohmann::json to_json(const Document& document, const std::string& run_id);

}  // namespace tare::document
