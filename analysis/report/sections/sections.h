// SPDX-License-Identifier: Apache-2.0
// The sections of report.md that hold for any run, in their order. Each is Markdown with its own heading, made from the findings
// alone; empty where the run holds nothing of it.
#pragma once

#include <array>
#include <string>

#include "analysis/report/findings.h"

namespace tare::sections {

// "a key of 16 bytes and a value of 64": of the cell that a table speaks of.
std::string sizes_of(const CellKey& cell);

// Which run this is, one paragraph.
std::string run_at_a_glance(const Findings& findings);
std::string warnings(const Findings& findings);
// The section without the blank line at its end, for what a list of assumptions goes on with.
std::string assumption_lines(const Findings& findings);
std::string assumptions(const Findings& findings);
std::string scoreboard(const Findings& findings);
std::string idle_activity(const Findings& findings);
std::string time_per_request(const Findings& findings);
std::string amortisation(const Findings& findings);
std::string attribution(const Findings& findings);
std::string calibration(const Findings& findings);
std::string call_sites(const Findings& findings);
std::string copy_slopes(const Findings& findings);
std::string ladders(const Findings& findings);
std::string independent_counters(const Findings& findings);
std::string two_windows(const Findings& findings);
std::string environment(const Findings& findings);

inline constexpr std::array all{run_at_a_glance,  warnings,     assumptions,          scoreboard,  idle_activity,
                                time_per_request, amortisation, attribution,          calibration, call_sites,
                                copy_slopes,      ladders,      independent_counters, two_windows, environment};

}  // namespace tare::sections
