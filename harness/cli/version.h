// SPDX-License-Identifier: Apache-2.0
// What `tare --version` prints: the version, and the revision of the sources that it was built from.
#pragma once

#include <string>

namespace tare::cli {

// "tare 0.1.0 (0123456789ab)"; "modified" stands beside the revision of sources that were not committed.
std::string version_text();

}  // namespace tare::cli
