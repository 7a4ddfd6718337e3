// SPDX-License-Identifier: Apache-2.0
// A run that a verdict may rest on: every file that COMPLETE lists is as it was summed. Reports are laxer about what they can
// write again themselves.
#pragma once

#include <filesystem>

#include "run/run_reader.h"

namespace tare::compare {

// Throws data_refused that names the file; as open_run() beside that.
Run open_intact_run(const std::filesystem::path& folder);

}  // namespace tare::compare
