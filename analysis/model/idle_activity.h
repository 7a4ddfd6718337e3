// SPDX-License-Identifier: Apache-2.0
// Which rows say what an external server does by itself (results/README.md): no cost of a request, and no exact count.
#pragma once

#include "run/cell.h"

namespace tare {

inline bool is_idle_activity(const CellKey& cell) { return cell.kind == Kind::idle || cell.kind == Kind::background; }

}  // namespace tare
