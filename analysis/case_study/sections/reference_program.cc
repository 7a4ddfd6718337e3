// SPDX-License-Identifier: Apache-2.0
// Beside the document's claims what its own program does, from a file of facts with their source (reference_program.toml).
#include <array>

#include "analysis/case_study/sections/sections.h"
#include "core/config_table.h"

namespace tare::sections {
namespace {

constexpr std::string_view text_of_file =
#include "reference_program.inc"
    ;
constexpr std::array<std::string_view, 3> root_keys{"source", "notes", "row"};
constexpr std::array<std::string_view, 5> row_keys{"what", "mio_claimed", "mio", "io_uring_claimed", "io_uring"};

}  // namespace

Section reference_program(const CaseStudyFindings&) {
    const std::string where = "analysis/case_study/reference_program.toml";
    const toml::table root = parse_toml(text_of_file, where);
    const ConfigTable file(root, where);
    file.allow(root_keys);
    Table table{{"Per request", "mio claimed", "mio, the program", "io_uring claimed", "io_uring, the program"}, {}};
    for (const ConfigTable& line : file.tables("row")) {
        line.allow(row_keys);
        Row row;
        row.reserve(row_keys.size());
        for (const std::string_view key : row_keys) row.emplace_back(line.text(key));
        table.rows.push_back(std::move(row));
    }
    List notes;
    for (const std::string& each : file.texts("notes")) notes.items.push_back(document::quoted(each));
    return {"reference-program",
            "What the document's own program does",
            {Paragraph{text_of("Not from this run. ", document::quoted(file.text("source")))}, table, notes}};
}

}  // namespace tare::sections
