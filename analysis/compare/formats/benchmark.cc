// SPDX-License-Identifier: Apache-2.0
// Google Benchmark's JSON: each window of either run as a repetition of "base/CELL/QUANTITY" or "head/CELL/QUANTITY", so that one
// file serves `compare.py filters FILE ^base/ ^head/`. Its only numbers are times; a count stands in their place, and its
// name ends in its unit. A window's marks are its label. What is absent has an entry of its own that is an error and has no
// times: compare.py counts no aggregate among the repetitions, and Google Benchmark's own failed entries say 0.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "analysis/compare/formats/formats.h"
#include "analysis/compare/summary.h"
#include "core/plain_text.h"

namespace tare::compare {
namespace {

using nlohmann::ordered_json;

void add_windows(ordered_json& rows, const char* side, const ComparedRow& row, const Windows& windows) {
    const std::string name = fmt::format("{}/{}/{} by {} [{}]", side, plain(name_of(row.cell)), quantity_text(row.quantity),
                                         name_of(row.source), unit_of(row));
    std::size_t present = 0;
    for (const auto& [repetition, window] : windows) present += window.reading.present() ? 1 : 0;
    std::size_t index = 0;
    for (const auto& [repetition, window] : windows) {
        if (!window.reading.present()) continue;
        const double figure = figure_of(window, row.quantity.metric);
        ordered_json benchmark{{"name", name},
                               {"run_name", name},
                               {"run_type", "iteration"},
                               {"repetitions", present},
                               {"repetition_index", index++},
                               {"threads", 1},
                               {"iterations", window.requests},
                               {"real_time", figure},
                               {"cpu_time", figure},
                               {"time_unit", "ns"}};
        if (!window.marks.empty()) benchmark["label"] = "marks: " + plain(window.marks);
        rows.push_back(benchmark);
    }
    const std::string absence = absence_text(windows);
    if (!absence.empty())
        rows.push_back({{"name", name + " absent"},
                        {"run_name", name},
                        {"run_type", "aggregate"},
                        {"aggregate_name", "absent"},
                        {"error_occurred", true},
                        {"error_message", plain(absence)}});
}

}  // namespace

std::string benchmark_format(const Comparison& comparison) {
    ordered_json document{{"context",
                           {{"executable", "tare compare"},
                            {"base", party_text(comparison.base)},
                            {"head", party_text(comparison.head)},
                            {"incomparable", plain(comparison.forced_notice())}}},
                          {"benchmarks", ordered_json::array()}};
    for (const ComparedRow& row : comparison.rows) {
        add_windows(document["benchmarks"], "base", row, row.base_windows);
        add_windows(document["benchmarks"], "head", row, row.head_windows);
    }
    return document.dump(1) + "\n";
}

}  // namespace tare::compare
