// SPDX-License-Identifier: Apache-2.0
// A suite's tables of cells, [[cells]] in lockstep and [[load]] under load, to the cells that they mean: every combination of
// their values.
#pragma once

#include "core/config_table.h"
#include "harness/bench/suite.h"

namespace tare {

// Add the table's cells to the suite. Both throw usage_error with the line and what is allowed.
// A lockstep cell that stands there already is refused, and so is a load cell whose settings differ, unless the table says
// `crosses = true`: then sweeps cross, and the first table decides how long.
void add_lockstep_cells(Suite& suite, const ConfigTable& table, const VariantNames& variants);
void add_load_cells(Suite& suite, const ConfigTable& table, const VariantNames& variants);

}  // namespace tare
