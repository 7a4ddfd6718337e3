// SPDX-License-Identifier: Apache-2.0
// What a section says below its numbers of the cells whose times are doubtful.
#pragma once

#include <set>
#include <string>

#include "analysis/model/load_measurements.h"

namespace tare::sections {

// The caveat that stands beside every time.
inline constexpr std::string_view loopback_caveat =
    "Client and server share one machine and talk over loopback: these times say what a request costs the server's CPU, not what "
    "a network would give.";

// The marked cells among these, one line each; empty when there is none.
std::string marked_cells(const LoadMeasurements& load, const std::set<CellKey>& cells);

}  // namespace tare::sections
