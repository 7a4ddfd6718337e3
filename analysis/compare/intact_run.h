// SPDX-License-Identifier: Apache-2.0
// A run that a verdict may rest on: every file that COMPLETE lists is as it was summed, no quantity stands twice, and the
// schema is one that this program reads. Reports are laxer about what they can write again themselves.
#pragma once

#include <filesystem>

#include "run/run_reader.h"

namespace tare::compare {

// The schema of environment.json and observations.csv that is understood here; results/README.md describes it.
inline constexpr int known_schema = 1;

// Throws data_refused that names the file, or the field `schema`.
Run open_intact_run(const std::filesystem::path& folder);

}  // namespace tare::compare
