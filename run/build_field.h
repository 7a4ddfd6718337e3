// SPDX-License-Identifier: Apache-2.0
// The column `build` of a run's files. A build of somebody else's is `external` in this program and `foreign` in the files, whose
// names do not change with ours: scripts of users read them.
#pragma once

#include <string>

namespace tare {

inline std::string build_field(const std::string& build) { return build == "external" ? "foreign" : build; }
inline std::string build_named(const std::string& field) { return field == "foreign" ? "external" : field; }

}  // namespace tare
