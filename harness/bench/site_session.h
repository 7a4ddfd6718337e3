// SPDX-License-Identifier: Apache-2.0
// The window of a lockstep cell in which every call is counted by its call site. It comes after those that are counted, on the
// same server and connection, because its probe costs more than theirs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/bench/cell.h"
#include "harness/load/lockstep.h"
#include "harness/trace/instruments.h"
#include "harness/trace/site_rows.h"
#include "probes/counters/user_counter.h"
#include "run/observation.h"

namespace tare {

// Its place among the windows of a cell.
inline constexpr std::uint64_t site_repetition = 2;

// What it is measured on, and by.
struct SiteWindow {
    pid_t server;
    bool has_children;                         // of an external server
    const std::vector<UserCounter>& counters;  // whose functions are counted by call site, too
    LockstepClient& client;
    std::function<Sources(const std::function<void()>& work)> around;  // what the other sources see meanwhile
};

// The sites of `cell.requests` requests, as rows; their stacks go to `folded`. By the other sources the window must balance, and
// of a reference server, which does nothing but answer, each kind must have the calls that these counted.
std::vector<Observation> run_site_window(const Cell& cell, const SiteWindow& window, FoldedStacks& folded);

}  // namespace tare
