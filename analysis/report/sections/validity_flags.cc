// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/sections/validity_flags.h"

#include <fmt/format.h>

#include "analysis/model/sweep.h"
#include "analysis/report/markdown.h"

namespace tare::sections {

std::string marked_cells(const LoadMeasurements& load, const std::set<CellKey>& cells) {
    std::string text;
    std::size_t count = 0;
    for (const CellKey& cell : cells) {
        const std::string marks = load.holds(cell) ? load.marks_text(cell) : "";
        if (marks.empty()) continue;
        ++count;
        text +=
            fmt::format("- {} {}: {}\n", markdown::code(to_string(cell.variant)), workload_text(cell), markdown::escaped(marks));
    }
    if (count == 0) return "";
    return fmt::format(
        "<details><summary>Of the {} cells used above, {} have repetitions whose times are doubtful</summary>\n\n{}\n"
        "</details>\n\n",
        cells.size(), count, text);
}

}  // namespace tare::sections
