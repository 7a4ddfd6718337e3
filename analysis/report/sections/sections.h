// SPDX-License-Identifier: Apache-2.0
// The sections of report.md, in their order. Each is Markdown with its own heading, made from the findings alone.
#pragma once

#include <array>
#include <string>

#include "analysis/report/findings.h"

namespace tare::sections {

// "a key of 16 bytes and a value of 64": of the cell that a table speaks of.
std::string sizes_of(const CellKey& cell);

std::string verdicts(const Findings& findings);
std::string assumptions(const Findings& findings);
std::string summary_table(const Findings& findings);
std::string breakdown(const Findings& findings);
std::string optimization_opportunities(const Findings& findings);
std::string comparison_with_ideal(const Findings& findings);
std::string ideal_path(const Findings& findings);
std::string current_bottleneck(const Findings& findings);
std::string waterfall(const Findings& findings);
std::string runtime_comparison(const Findings& findings);
std::string conclusion(const Findings& findings);
std::string scoreboard(const Findings& findings);
std::string idle_activity(const Findings& findings);
std::string time_per_request(const Findings& findings);
std::string amortisation(const Findings& findings);
std::string attribution(const Findings& findings);
std::string calibration(const Findings& findings);
std::string call_sites(const Findings& findings);
std::string copy_slopes(const Findings& findings);
std::string ladders(const Findings& findings);
std::string claims_checked(const Findings& findings);
std::string reference_against_itself(const Findings& findings);
std::string independent_counters(const Findings& findings);
std::string two_windows(const Findings& findings);
std::string environment(const Findings& findings);

inline constexpr std::array all{verdicts,
                                assumptions,
                                summary_table,
                                breakdown,
                                optimization_opportunities,
                                comparison_with_ideal,
                                ideal_path,
                                current_bottleneck,
                                waterfall,
                                runtime_comparison,
                                conclusion,
                                scoreboard,
                                idle_activity,
                                time_per_request,
                                amortisation,
                                attribution,
                                calibration,
                                call_sites,
                                copy_slopes,
                                ladders,
                                claims_checked,
                                reference_against_itself,
                                independent_counters,
                                two_windows,
                                environment};

}  // namespace tare::sections
