// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/sections/validity_flags.h"

#include <fmt/format.h>

#include "analysis/model/sweep.h"
#include "analysis/report/cells.h"

namespace tare::sections {

void add_marked_cells(document::Section& section, const LoadMeasurements& load, const std::set<CellKey>& used) {
    document::List marked;
    for (const CellKey& cell : used) {
        const std::string marks = load.holds(cell) ? load.marks_text(cell) : "";
        if (marks.empty()) continue;
        marked.items.push_back(document::text_of(document::code(to_string(cell.variant)), " ", workload_text(cell), ": ", marks));
    }
    if (marked.items.empty()) return;
    section.summary.emplace_back(
        document::Paragraph{fmt::format("Some repetitions have doubtful times in {} of the {} used here.", marked.items.size(),
                                        document::counted(used.size(), "cell", "cells"))});
    section.details.insert(section.details.end(), {document::Heading{3, "Doubtful times"}, marked});
}

}  // namespace tare::sections
