// SPDX-License-Identifier: Apache-2.0
// Two runs' observations side by side: for each quantity that a source saw in a cell, its windows in either run. A part that
// has no row beside a present total is a true 0 and stands here as one; beside an absent total it is absent like it. Call sites
// are paired by function, all of one function together: an edit above it moves its lines and addresses.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "run/observation.h"
#include "run/run_reader.h"

namespace tare::compare {

struct Window {
    std::uint64_t requests = 1;
    Reading reading = Absent{"not filled in"};
    // What makes the window's times doubtful: "steal, other_load"; empty where nothing does. `other_rate` of the head: its open
    // loop was asked for more or less than the base's.
    std::string marks;
};

// By repetition. Empty: the run has no such quantity at all.
using Windows = std::map<std::uint64_t, Window>;

struct Row {
    CellKey cell;
    std::string source;
    Quantity quantity;
    Windows base;
    Windows head;
};

// Every quantity of either run but the predictions, which nobody measured, and what is said of windows and not of servers
// (marks, lost_events). In the order of cells, metrics, sources, parts; a total before its parts.
std::vector<Row> pair_rows(const Run& base, const Run& head);

// Updates that the probes lost, by run and source: "base: bpf lost 3 events in epoll/level/as_described get_hit".
std::vector<std::string> losses(const Run& base, const Run& head);

// Whether a value is of the window as it stands (a percentile, a rate), and not a sum to be divided by its requests.
bool is_absolute(const std::string& metric);
// The value of a present reading: per request, or as it stands.
double figure_of(const Window& window, const std::string& metric);

}  // namespace tare::compare
