// SPDX-License-Identifier: Apache-2.0
// The reference document as data: what is refused, and that every claim is a cell of the reference document's own tables and
// every number of these a claim.
#include "analysis/case_study/claims.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/refusal.h"
#include "tests/required.h"

namespace tare {
namespace {

std::string refused(const std::string& metric, const std::string& rest) {
    const std::string text = fmt::format(
        "[servers]\nmio = \"epoll/level/as_described\"\n[[claim]]\nid = \"c\"\nsection = \"T\"\nline = 1\nserver = \"mio\"\n"
        "op = \"get_hit\"\ntext = \"n\"\nmetric = \"{}\"\n{}",
        metric, rest);
    return refusal(ExitCode::usage, [&] { parse_claims(text, "made up"); });
}

TEST(claims, a_part_that_nobody_counts_is_refused) {
    const auto with = [](const std::string& part) {
        return fmt::format("class = \"exact\"\nleast = 1\nmost = 1\nparts = {{\"{}\" = 1}}\n", part);
    };
    EXPECT_EQ(refused("syscalls", with("epol_wait")), "made up:14: 'epol_wait' is no part of syscalls");
    for (const auto& [metric, part] :
         {std::pair{"allocations", "epoll_wait"}, std::pair{"data_copies", "input_copy"}, std::pair{"queue_ops", "recv"},
          std::pair{"queue_ops", "sqes receive"}, std::pair{"queue_sqes", "cqes recv"},
          std::pair{"data_copies", "kernel_to_read"}, std::pair{"value_copies", "sqes recv"}})
        EXPECT_NE(refused(metric, with(part)).find("is no part of"), std::string::npos) << metric << " " << part;
}

TEST(claims, a_metric_of_what_is_taken_off_needs_something_taken_off) {
    EXPECT_NE(refused("queue_ops", "less_metric = \"queue_sqes\"\nclass = \"bound\"\nleast = 1\nmost = 1\n")
                  .find("nothing is taken off"),
              std::string::npos);
}

TEST(claims, an_exact_claim_names_all_of_its_parts) {
    const std::string two = "class = \"exact\"\nleast = 2\nmost = 2\n";
    EXPECT_NE(refused("syscalls", two).find("names the parts"), std::string::npos);
    EXPECT_NE(refused("syscalls", two + "parts = {recvfrom = 1}\n").find("the parts of 'c' make 1, its total is 2"),
              std::string::npos);
}

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

// Which cell of its row a claim is: a breakdown has one number a row, the other tables one for each server, and the
// comparison one for the gap.
std::size_t column_of(const Claim& claim, const ReferenceRow& row) {
    if (!row.server.empty()) return 1;
    if (claim.less == "ideal") return 4;
    return claim.server == "io_uring" ? 1 : claim.server == "mio" ? 2 : 3;
}

TEST(claims, every_claim_is_a_cell_of_the_seed_and_every_number_of_its_tables_a_claim) {
    const auto document = std::filesystem::path(SOURCE_FOLDER).parent_path() / "shared/seed/overhead-analysis.md";
    if (!std::filesystem::exists(document))
        return skip_or_fail("needs the reference document, shared/seed/overhead-analysis.md beside the clone");
    const auto rows = table_rows(document);
    std::set<std::pair<std::uint64_t, std::size_t>> claimed;
    for (const Claim& claim : load_reference_claims().claims) {
        const auto found = rows.find(claim.line);
        ASSERT_NE(found, rows.end()) << claim.id;
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
