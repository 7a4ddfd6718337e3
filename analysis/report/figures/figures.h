// SPDX-License-Identifier: Apache-2.0
// The figures that any report has, as data. A figure that this run has no data for has no panels, and a note that says why.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "analysis/report/chart.h"
#include "analysis/report/findings.h"

namespace tare::figures {

chart::Chart contrasts(const Findings& findings);
chart::Chart ladder_counts(const Findings& findings);
chart::Chart completions_per_wait(const Findings& findings);
chart::Chart syscalls_over_connections(const Findings& findings);
chart::Chart latency_percentiles(const Findings& findings);

inline constexpr std::array all{contrasts, ladder_counts, completions_per_wait, syscalls_over_connections, latency_percentiles};

// A point of a sample with its repetitions and the cell's marks; without y where the sample is absent.
chart::Point point(chart::Place x, const Sample& sample, const LoadMeasurements& load, const CellKey& cell);

// The same of a percentile of merged histograms, times a factor.
chart::Point point(chart::Place x, const Merged& merged, double factor, const LoadMeasurements& load, const CellKey& cell);

// The series whose points are least, or most, at x; of those that have a point there.
struct Ends {
    std::string least_name, most_name;
    double least = 0, most = 0;
};
std::optional<Ends> ends_at(const std::vector<chart::Series>& series, const chart::Place& x);

// The content of figures/data.json.
std::string data_json(const std::string& run_id, const std::vector<chart::Chart>& figures);

}  // namespace tare::figures
