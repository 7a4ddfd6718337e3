// SPDX-License-Identifier: Apache-2.0
// The servers that a run is about.
#pragma once

#include <string>
#include <vector>

#include "analysis/report/findings.h"
#include "core/measured.h"

namespace tare::sections {

// The names of those that are no reference server, in the run's order.
std::vector<std::string> external_servers(const Findings& findings);

// By its name: a suite's own servers have none with a slash.
bool is_reference_server(const ContrastSubject& subject);

// Whether it stands beside others' servers where there is no room for all of ours: as described and the best of each back end.
bool is_landmark(const VariantName& variant);

// As the run noted it: "memcached 1.6.18".
Measured<std::string> version_of(const Run& run, const std::string& server);

}  // namespace tare::sections
