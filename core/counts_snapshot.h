// SPDX-License-Identifier: Apache-2.0
// Counts as readings: the form in which a prediction and a ledger are compared with the other independent counters.
#pragma once

#include "core/counts.h"
#include "core/snapshot.h"

namespace tare {

// Every total, and every part that is not zero, under the names of core/.
Snapshot snapshot_of(const Counts& counts);

}  // namespace tare
