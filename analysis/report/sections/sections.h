// SPDX-License-Identifier: Apache-2.0
// The sections that the report of any run may have. Each is made from the findings alone, and empty where the run holds nothing
// of it. Its summary is what a person reads; its details are all the rest.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "analysis/report/cells.h"
#include "analysis/report/document.h"
#include "analysis/report/findings.h"

namespace tare::sections {

// The words that sections are written with.
using document::Blocks;
using document::Cell;
using document::code;
using document::Fold;
using document::Heading;
using document::joined;
using document::List;
using document::none;
using document::note;
using document::Paragraph;
using document::Row;
using document::Section;
using document::shown;
using document::strong;
using document::Table;
using document::Text;
using document::text_of;

// What a summary holds of a longer table, so that a person reads it.
inline constexpr std::size_t summary_rows_max = 12;

// What the lead holds of a run's warnings; where there are more, the details of the environment have all.
inline constexpr std::size_t lead_warnings_max = 6;

// What a run warns of, in its order.
std::vector<std::string> warnings_of(const Findings& findings);

// "a key of 16 bytes and a value of 64": of the cell that a table speaks of.
std::string sizes_of(const CellKey& cell);

// The report's title: the servers that the run is about.
std::string title_of(const Findings& findings);
// Which run this is, of which suite and which servers, and the run's warnings.
Blocks lead(const Findings& findings);

Section what_stands_out(const Findings& findings);
Section contrasts(const Findings& findings);
Section commands(const Findings& findings);
Section scoreboard(const Findings& findings);
Section user_counters(const Findings& findings);
Section idle_activity(const Findings& findings);
Section time_per_request(const Findings& findings);
Section amortisation(const Findings& findings);
Section attribution(const Findings& findings);
Section calibration(const Findings& findings);
Section call_sites(const Findings& findings);
Section copy_slopes(const Findings& findings);
Section ladders(const Findings& findings);
Section independent_counters(const Findings& findings);
Section two_windows(const Findings& findings);
Section assumptions(const Findings& findings);
Section environment(const Findings& findings);

// What a reader asks first, and what the numbers rest on; a case study's sections stand between the two.
inline constexpr std::array leading{what_stands_out, contrasts,     commands,        scoreboard,
                                    user_counters,   idle_activity, time_per_request};
inline constexpr std::array closing{amortisation, attribution,          calibration, call_sites,  copy_slopes,
                                    ladders,      independent_counters, two_windows, assumptions, environment};

}  // namespace tare::sections
