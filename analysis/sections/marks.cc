// SPDX-License-Identifier: Apache-2.0
#include "analysis/sections/marks.h"

#include <fmt/format.h>

#include "analysis/markdown.h"
#include "analysis/sweep.h"

namespace tare::sections {

std::string marked_cells(const LoadMeasurements& load, const std::set<CellKey>& cells) {
    std::string text;
    for (const CellKey& cell : cells) {
        const std::string marks = load.holds(cell) ? load.marks_text(cell) : "";
        if (marks.empty()) continue;
        text +=
            fmt::format("- {} {}: {}\n", markdown::code(to_string(cell.variant)), workload_text(cell), markdown::escaped(marks));
    }
    return text.empty() ? "" : "Cells whose times are doubtful, used above all the same:\n\n" + text + "\n";
}

}  // namespace tare::sections
