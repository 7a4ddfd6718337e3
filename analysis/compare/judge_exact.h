// SPDX-License-Identifier: Apache-2.0
// The verdict on a count in lockstep: window against window, without a statistic. A count that is not the same for each request
// in both runs is told apart from a change.
#pragma once

#include "analysis/compare/judge.h"
#include "analysis/model/extremes.h"

namespace tare::compare {

// Fills in the verdict and the figures of a row that is present on both sides. `again` is what else windows of the base showed:
// those of a second run of it.
void judge_exact(Judged& judged, const Extremes& again);

// The figures of a side's windows.
Extremes extremes_of(const Windows& windows, const std::string& metric);

std::uint64_t requests_of(const Windows& windows);
// What all windows of a side, which has one, make together: per request, or as the first stands.
double figure_of_all(const Windows& windows, const std::string& metric);

// Better, worse or changed, by the direction of the metric.
Verdict verdict_of(Direction direction, bool more);

}  // namespace tare::compare
