// SPDX-License-Identifier: Apache-2.0
// Two runs' observations side by side: for each quantity that a source saw in a cell, its windows in either run; a part
// that has no row is what the rule of core/snapshot.h makes of it. Call sites are paired by function, all of one function
// together: an edit above it moves its lines and addresses.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "analysis/model/extremes.h"
#include "run/observation.h"
#include "run/run_reader.h"

namespace tare::compare {

struct Window {
    std::uint64_t requests = 1;
    Measured<std::uint64_t> reading = Absent{"not filled in"};
    // What makes the window's times doubtful: "steal, other_load"; empty where nothing does. `other_rate` of the head: its open
    // loop was asked for more or less than the base's.
    std::string marks;
};

// By repetition. Empty: the run has no such quantity at all.
using Windows = std::map<std::uint64_t, Window>;

struct Row {
    CellKey cell;
    Source source = Source::client;
    Quantity quantity;
    Windows base_windows;
    Windows head_windows;
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
// The figures of a side's windows.
Extremes extremes_of(const Windows& windows, const std::string& metric);

std::uint64_t requests_of(const Windows& windows);
// What all windows of a side, which has one, make together: per request, or as the first stands.
double figure_of_all(const Windows& windows, const std::string& metric);

// Each mark that concerns this quantity, and in how many of the windows it stands.
std::map<std::string, std::size_t> marks_in(const Windows& windows);
// How many windows have any.
std::size_t marked_count(const Windows& windows);
// "steal in 1 of 6 windows"; empty where nothing is marked.
std::string marks_text(const Windows& windows);
// Of both sides: "base: steal in 1 of 6 windows; head: client_bound in 6 of 6 windows".
std::string marks_text(const Row& row);

std::size_t absent_count(const Windows& windows);
// "not in this run", "absent: REASON", "absent in 2 of 6 windows: REASON"; empty where every window was measured.
std::string absence_text(const Windows& windows);

// The repetitions that both runs have, and their figures; a time of a marked window is left out, with its partner.
struct Pairs {
    std::vector<std::uint64_t> repetitions;
    std::vector<double> base;
    std::vector<double> head;
    std::set<std::string> marks;  // of the pairs that were left out for them
    std::size_t marked_count = 0;
};
Pairs pairs_of(const Row& row);

// "3", "2.417", "0.0021": never 0 for what is none.
std::string number_text(double number);
// "syscalls", or with its part "syscalls recvfrom".
std::string quantity_text(const Quantity& quantity);

}  // namespace tare::compare
