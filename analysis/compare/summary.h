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

}  // namespace tare::compare
