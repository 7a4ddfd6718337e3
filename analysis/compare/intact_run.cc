// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/intact_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "core/error.h"
#include "run/complete.h"

namespace tare::compare {
namespace {

// What tare itself derives and sums: beside a COMPLETE that does not list it, COMPLETE was cut short.
constexpr std::array derived_files{"claims.csv", "report.md"};

void check_files(const std::filesystem::path& folder) {
    const std::vector<std::string> listed = verify_complete(folder, measured_files);
    verify_complete(folder, listed);
    for (const char* const name : derived_files) {
        if (std::filesystem::exists(folder / name) && std::find(listed.begin(), listed.end(), name) == listed.end())
            throw data_refused(fmt::format("{}: COMPLETE does not list {}, which is there", folder.string(), name));
    }
}

void check_schema(const Run& run) {
    const nlohmann::json schema = run.environment.value("schema", nlohmann::json());
    if (schema != known_schema)
        throw data_refused(fmt::format(
            "{}: schema is {}; this tare reads {}", run.folder.string(),
            schema.is_null() ? "missing" : schema.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace), known_schema));
}

void check_no_row_twice(const Run& run) {
    std::set<std::tuple<CellKey, std::string, Quantity, std::uint64_t>> seen;
    for (const Observation& row : run.observations) {
        if (!seen.emplace(row.cell, row.source, row.quantity, row.repetition).second)
            throw data_refused(fmt::format("{}: observations.csv: {} {} of {} {} in repetition {} stands twice",
                                           run.folder.string(), row.quantity.metric, row.quantity.detail,
                                           to_string(row.cell.variant), row.cell.op, row.repetition));
    }
}

}  // namespace

Run open_intact_run(const std::filesystem::path& folder) {
    Run run = open_run(folder);
    check_files(folder);
    check_schema(run);
    check_no_row_twice(run);
    return run;
}

}  // namespace tare::compare
