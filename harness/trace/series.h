// SPDX-License-Identifier: Apache-2.0
// What repetitions of one command counted, quantity by quantity, and how that is written: as text, CSV or JSON.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/measured.h"
#include "harness/trace/counted_command.h"

namespace tare {

struct CommandSeries {
    std::vector<std::string> arguments;
    std::vector<CountedCommand> repetitions;  // at least one
};

// Every quantity that some repetition has, in the order of the metric table, a total before its parts; with its reading in
// each repetition. A part that a repetition lacks beside its total is 0 there, and absent where the total is.
std::vector<std::pair<Quantity, std::vector<Reading>>> rows_of(const std::vector<CountedCommand>& repetitions);

// The middle and the ends of present readings; or the first reason why one is absent.
struct Spread {
    std::uint64_t least = 0;
    std::uint64_t median = 0;
    std::uint64_t most = 0;
    std::string absent;
    bool present() const { return absent.empty(); }
    bool exact() const { return least == most; }
};
Spread spread_of(const std::vector<Reading>& readings);

// `other` is nullptr when there is only one command; otherwise the text has a column for each and `series` less `other`.
std::string as_text(const CommandSeries& series, const CommandSeries* other);
// Rows of observations.csv with their header; `run` is the column.
std::string as_csv(const CommandSeries& series, const CommandSeries* other, const std::string& run);
std::string as_json(const CommandSeries& series, const CommandSeries* other);

}  // namespace tare
