// SPDX-License-Identifier: Apache-2.0
// The reference document as data: every claim is a cell of the document's own tables, and every number of these a claim.
#include "analysis/case_study/report.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/required.h"

namespace tare {
namespace {

struct ReferenceRow {
    std::string heading;  // the last of two or three marks
    std::string server;   // the last of four: a breakdown's
    std::vector<std::string> cells;
};

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream rest(line.substr(1));
    for (std::string cell; std::getline(rest, cell, '|');) cells.push_back(trimmed(cell));
    return cells;
}

// The table rows of the reference document's document, by line.
std::map<std::uint64_t, ReferenceRow> table_rows(const std::filesystem::path& document) {
    std::map<std::uint64_t, ReferenceRow> rows;
    std::ifstream file(document);
    ReferenceRow row;
    std::uint64_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        const auto marks = line.find_first_not_of('#');
        if (marks == 2 || marks == 3) row = {trimmed(line.substr(marks)), "", {}};
        if (marks == 4) row.server = trimmed(line.substr(marks));
        if (!line.starts_with('|')) continue;
        row.cells = cells_of(line);
        rows[number] = row;
    }
    return rows;
}

// Every line that is no row of a table, without the marks of emphasis.
std::map<std::uint64_t, std::string> prose_lines(const std::filesystem::path& document) {
    std::map<std::uint64_t, std::string> lines;
    std::ifstream file(document);
    std::uint64_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        std::erase(line, '*');
        if (!line.starts_with('|')) lines[number] = line;
    }
    return lines;
}

// Which cell of its row a claim is: a breakdown has one number a row, the other tables one for each server, and the
// comparison one for the gap.
std::size_t column_of(const Claim& claim, const ReferenceRow& row) {
    if (!row.server.empty()) return 1;
    if (claim.relation == Relation::fewer) return 3;
    if (claim.other == "ideal") return 4;
    return claim.server == "io_uring" ? 1 : claim.server == "mio" ? 2 : 3;
}

TEST(claims, every_claim_is_a_cell_of_the_seed_and_every_number_of_its_tables_a_claim) {
    const auto document = std::filesystem::path(SOURCE_FOLDER).parent_path() / "shared/seed/overhead-analysis.md";
    if (!std::filesystem::exists(document))
        return skip_or_fail("needs the reference document, shared/seed/overhead-analysis.md beside the clone");
    const auto rows = table_rows(document);
    const auto prose = prose_lines(document);
    std::set<std::pair<std::uint64_t, std::size_t>> claimed;
    for (const Claim& claim : case_study::reference_claims().claims) {
        const auto found = rows.find(claim.line);
        if (found == rows.end()) {
            EXPECT_NE(prose.at(claim.line).find(claim.text), std::string::npos) << claim.id << ": " << prose.at(claim.line);
            continue;
        }
        const ReferenceRow& row = found->second;
        const std::size_t column = column_of(claim, row);
        ASSERT_LT(column, row.cells.size()) << claim.id;
        EXPECT_EQ(row.cells[column], claim.text) << claim.id;
        EXPECT_TRUE(row.heading.starts_with(claim.section) || claim.section == row.heading + ", " + row.server)
            << claim.id << ": " << row.heading;
        EXPECT_TRUE(row.server.empty() || row.server == claim.server) << claim.id;
        claimed.emplace(claim.line, column);
    }
    for (const auto& [line, row] : rows) {
        // The last column of a breakdown, the summary and the runtime comparison is prose.
        const std::size_t end = row.heading == "Comparison with Ideal" ? row.cells.size() : row.cells.size() - 1;
        for (std::size_t column = 1; column < end; ++column) {
            const bool number = row.cells[column].find_first_of("0123456789") != std::string::npos;
            EXPECT_TRUE(!number || claimed.contains({line, column})) << "line " << line << ": " << row.cells[column];
        }
    }
}

}  // namespace
}  // namespace tare
