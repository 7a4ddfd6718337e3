// SPDX-License-Identifier: Apache-2.0
// What repetitions of one command counted, quantity by quantity, and how that is written: as text, Markdown, CSV or JSON.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/measured.h"
#include "core/quantity.h"
#include "harness/trace/counted_command.h"

namespace tare {

struct CommandSeries {
    std::vector<std::string> arguments;
    std::vector<CountedCommand> repetitions;  // at least one
};

// Every quantity that some repetition has, in the order of the metric table, a total before its parts; with its reading in
// each repetition. A part that a repetition lacks beside its total is 0 there, and absent where the total is.
std::vector<std::pair<Quantity, std::vector<Measured<std::uint64_t>>>> rows_of(const std::vector<CountedCommand>& repetitions);

// The middle and the ends of what repetitions counted.
struct Spread {
    std::uint64_t least = 0;
    std::uint64_t median = 0;
    std::uint64_t most = 0;
    bool exact() const { return least == most; }
};
// "5", or "5 (2 to 9)" where the repetitions differ.
std::string text_of(const Spread& spread);
// Of one reading at least; absent for the first reason why one of them is.
Measured<Spread> spread_of(const std::vector<Measured<std::uint64_t>>& readings);

// `other` is nullptr when there is only one command; otherwise the text has a column for each and `series` less `other`.
std::string as_text(const CommandSeries& series, const CommandSeries* other);
// The same as a table for a comment or a step's summary.
std::string as_markdown(const CommandSeries& series, const CommandSeries* other);
// Rows of observations.csv with their header.
std::string as_csv(const CommandSeries& series, const CommandSeries* other);
std::string as_json(const CommandSeries& series, const CommandSeries* other);

}  // namespace tare
