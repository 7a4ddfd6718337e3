// SPDX-License-Identifier: Apache-2.0
// Who wins: times by the interval of a ratio, counts by every repetition.
#pragma once

#include <string>

#include "analysis/model/load_measurements.h"
#include "analysis/model/sample.h"

namespace tare::sections {

// `below` when the ratio is surely below 1, `above` when it is surely above, else that nothing is detected or decided.
std::string verdict_on(const Estimate& ratio, const std::string& below, const std::string& above);

// Of system calls under load, which are exact for their windows: who has fewer in every repetition than the other has in any.
// Both must be present; nobody wins by one repetition, or where the independent counters disagree.
std::string fewer_calls(const LoadMeasurements& load, const CellKey& uring_cell, const CellKey& epoll_cell);

}  // namespace tare::sections
