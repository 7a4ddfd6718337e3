// SPDX-License-Identifier: Apache-2.0
// `customSmallerIsBetter` of github-action-benchmark: the head's figures, of totals whose metric is better when smaller. An
// absent one has text for its value: of null the action's JavaScript makes 0, and of what comes after it an alert.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "analysis/compare/formats/formats.h"
#include "analysis/compare/summary.h"
#include "core/plain_text.h"

namespace tare::compare {

std::string github_action_benchmark_format(const Comparison& comparison) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const ComparedRow& row : comparison.rows) {
        const bool shown = row.quantity.detail.empty() || is_absolute(row.quantity.metric);
        if (!shown || direction_of(row) != Direction::smaller_is_better) continue;
        const bool absolute = is_absolute(row.quantity.metric);
        nlohmann::ordered_json point{
            {"name", fmt::format("{}: {} by {}", plain(name_of(row.cell)), quantity_text(row.quantity), name_of(row.source))},
            {"unit", fmt::format("{}{}", unit_of(row), absolute ? "" : "/request")},
            {"value", row.head ? nlohmann::ordered_json(*row.head) : nlohmann::ordered_json("absent")},
            {"extra", fmt::format("{} -> {}: {}", figure_text(row.base), figure_text(row.head), verdict_text(row))}};
        const auto add = [&](const std::string& more) {
            point["extra"] = point["extra"].get<std::string>() + "; " + plain(more);
        };
        if (const std::string absence = absence_text(row.head_windows); !absence.empty()) add("head " + absence);
        if (const std::string marks = marks_text(row); !marks.empty()) add("marks: " + marks);
        if (!comparison.forced.empty())
            point["extra"] = "INCOMPARABLE (" + plain(comparison.forced_notice()) + "); " + point["extra"].get<std::string>();
        rows.push_back(point);
    }
    return rows.dump(1) + "\n";
}

}  // namespace tare::compare
