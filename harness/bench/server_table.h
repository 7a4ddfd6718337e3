// SPDX-License-Identifier: Apache-2.0
// A suite's tables [server.NAME], which describe servers that are not ours, and what they speak.
#pragma once

#include <map>
#include <string>

#include "core/config_table.h"
#include "harness/bench/external_server.h"

namespace tare {

// Adds the servers of the suite whose tables these are. Throws usage_error with the line and what is allowed.
void add_servers(std::map<std::string, ExternalServer>& all, const ConfigTable& suite);

}  // namespace tare
