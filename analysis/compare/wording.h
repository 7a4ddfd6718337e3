// SPDX-License-Identifier: Apache-2.0
// How figures, changes and verdicts read, in every format that people read.
#pragma once

#include <string>

#include "analysis/compare/comparison.h"

namespace tare::compare {

// "3", "2.417", "0.0021": never 0 for what is none.
std::string number_text(double number);
// "-" where there is none.
std::string figure_text(const std::optional<double>& figure);
// "+1 (+33.3 %)"; with the interval of a measured row, also where its medians are equal: "+4.1 % [+3.2 %, +5.0 %]".
std::string change_text(const Judged& judged);
// "worse"; where nothing is known, with the reason: "unresolved: 3 pairs of repetitions; an interval of 95 % needs 6".
std::string verdict_text(const Judged& judged);
// "3 -> 4, +1 (+33.3 %): worse".
std::string finding_text(const Judged& judged);
// "getppid 0 -> 1, sendto 1 -> 2": the parts that moved with a total; empty where none did.
std::string parts_text(const Comparison& comparison, const ComparedRow& total);
// "syscalls", or with its part "syscalls recvfrom".
std::string quantity_text(const Quantity& quantity);
// "1 quantity", "2 quantities".
std::string counted(std::size_t count, const std::string& one, const std::string& many);
// The smallest change that is found with a power of 80 %: "4.9 %", or in the metric's unit; empty without an interval.
std::string detectable_text(const Judged& judged);
// "gate crossed by 3 quantities": the end of every summary.
std::string gate_text(const Comparison& comparison);
// "5100 same, 12 worse": every verdict that there is, by name.
std::string verdicts_text(const Comparison& comparison);
// "overhead-analysis-20261124T043328Z (revision 450a18b221c5+)".
std::string party_text(const RunInfo& party);

}  // namespace tare::compare
