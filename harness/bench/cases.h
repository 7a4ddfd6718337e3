// SPDX-License-Identifier: Apache-2.0
// A suite's tables of cells, [[cells]] in lockstep and [[load]] under load, to the cells that they mean, and its tables
// [[contrast]] to contrasts: every combination of their values.
#pragma once

#include <map>
#include <optional>

#include "core/config_table.h"
#include "harness/bench/suite.h"

namespace tare {

// What stands in a suite already, with the settings of load cells.
using StandingCells = std::map<CellKey, std::optional<LoadSettings>>;
StandingCells standing_cells(const Suite& suite);

// Add the table's cells to the suite and to what stands. Both throw usage_error with the line and what is allowed.
// A lockstep cell that stands there already is refused, and so is a load cell whose settings differ, unless the table says
// `crosses = true`: then sweeps cross, and the first table decides how long.
void add_lockstep_cells(Suite& suite, const ConfigTable& table, const VariantNames& variants, StandingCells& standing);
void add_load_cells(Suite& suite, const ConfigTable& table, const VariantNames& variants, StandingCells& standing);
// Adds the table's contrasts to the suite: one for each combination of its workload's values, named apart where there are
// several. Throws likewise.
void add_contrasts(Suite& suite, const ConfigTable& table, const VariantNames& variants);

}  // namespace tare
