// SPDX-License-Identifier: Apache-2.0
// Call sites as a table for people, and as JSON with all frames.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "probes/symbols/call_site.h"

namespace tare {

enum class SiteMeasure : std::uint8_t { calls, bytes };

struct SiteListing {
    std::size_t most = 0;                 // sites of each kind that are shown
    SiteMeasure by = SiteMeasure::calls;  // what they are ordered by; system calls have no bytes, and go by calls
};

// For each kind the sites with the most calls or bytes, and their shares, over all repetitions (at least one). `of` names what
// was counted.
std::string sites_as_text(const std::string& of, const std::vector<const SiteCounts*>& repetitions, const SiteListing& listing);
nlohmann::json sites_as_json(const SiteCounts& counts);

}  // namespace tare
