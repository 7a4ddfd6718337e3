// SPDX-License-Identifier: Apache-2.0
// What a section says below its numbers of the cells whose times are doubtful.
#pragma once

#include <set>

#include "analysis/model/load_measurements.h"
#include "analysis/report/document.h"

namespace tare::sections {

// The caveat that stands beside every time.
inline constexpr std::string_view loopback_caveat =
    "Client and server share one machine and talk over loopback: these times say what a request costs the server's CPU, not what "
    "a network would give.";

// Says in a section's summary how many of the cells that it used are marked, and names them in its details. Nothing where none
// is.
void add_marked_cells(document::Section& section, const LoadMeasurements& load, const std::set<CellKey>& used);

}  // namespace tare::sections
