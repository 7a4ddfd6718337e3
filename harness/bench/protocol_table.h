// SPDX-License-Identifier: Apache-2.0
// A suite's tables [protocol.NAME], which describe protocols that the load generator does not speak by itself.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/config_table.h"
#include "harness/load/protocols/protocol_template.h"

namespace tare {

using ProtocolTemplates = std::map<std::string, std::shared_ptr<const ProtocolTemplate>>;

// `protocols` is the table [protocol]. Throws usage_error with the line and what is allowed, also for a reply that cannot end.
ProtocolTemplates read_protocols(const ConfigTable& protocols);

}  // namespace tare
