// SPDX-License-Identifier: Apache-2.0
// A comparison as a reader needs it: what matters first, sources that say the same in one line, a total with the parts that
// moved, and what has nothing to show only counted. The formats text and Markdown print this.
#pragma once

#include <string>
#include <vector>

#include "analysis/compare/comparison.h"

namespace tare::compare {

struct Line {
    const ComparedRow* row = nullptr;  // of the first source
    std::string sources;               // "ledger = bpf"
};

struct CellLines {
    std::string cell;
    std::vector<Line> lines;  // a total, then the parts of it that changed, then the next total
};

struct Section {
    std::string title;
    std::vector<CellLines> cells;
    std::vector<std::string> tallies;  // "12 quantities of bpf in 4 cells: base: no permission"
};

// Only sections that have something.
std::vector<Section> digest(const Comparison& comparison);

// "getppid 0 -> 1, sendto 1 -> 2": the parts that moved with a total; empty where none did.
std::string parts_text(const Comparison& comparison, const ComparedRow& total);
// "1 quantity", "2 quantities".
std::string counted(std::size_t count, const std::string& one, const std::string& many);
// "gate crossed by 3 quantities": the end of every summary.
std::string gate_text(const Comparison& comparison);
// "5100 same, 12 worse": every verdict that there is, by name.
std::string verdicts_text(const Comparison& comparison);
// "overhead-analysis-20261124T043328Z (revision 450a18b221c5+)".
std::string party_text(const RunInfo& party);
// "control (the base against itself): no alarm in 8 quantities under load".
std::string control_text(const Control& control);

}  // namespace tare::compare
