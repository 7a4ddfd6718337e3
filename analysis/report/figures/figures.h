// SPDX-License-Identifier: Apache-2.0
// The figures of a report, as data. A figure that this run has no data for has no panels, and a note that says why.
#pragma once

#include <array>
#include <string>

#include "analysis/report/chart.h"
#include "analysis/report/findings.h"

namespace tare::figures {

chart::Chart ladder_counts(const Findings& findings);
chart::Chart completions_per_wait(const Findings& findings);
chart::Chart syscalls_over_connections(const Findings& findings);
chart::Chart cpu_over_value_size(const Findings& findings);
chart::Chart latency_percentiles(const Findings& findings);
chart::Chart waterfall(const Findings& findings);
chart::Chart claims(const Findings& findings);

inline constexpr std::array all{
    ladder_counts, completions_per_wait, syscalls_over_connections, cpu_over_value_size, latency_percentiles, waterfall, claims};

// A point of a sample with its repetitions and the cell's marks; without y where the sample is absent.
chart::Point point(chart::Place x, const Sample& sample, const LoadMeasurements& load, const CellKey& cell);

// The same of a percentile of merged histograms, times a factor.
chart::Point point(chart::Place x, const Merged& merged, double factor, const LoadMeasurements& load, const CellKey& cell);

// All of them: the content of figures/data.json.
std::string data_json(const Findings& findings);

}  // namespace tare::figures
