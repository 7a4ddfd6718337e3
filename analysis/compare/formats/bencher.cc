// SPDX-License-Identifier: Apache-2.0
// Bencher Metric Format: {benchmark: {measure: {value, lower_value, upper_value}}}, the head's figures by cell. The bounds are
// the least and the most of its windows. All that the format has is numbers: how many windows are marked or absent is a measure
// of its own, MEASURE-marked-windows and MEASURE-absent-windows, where there are any.
#include <fmt/format.h>

#include <cctype>
#include <nlohmann/json.hpp>

#include "analysis/compare/formats/formats.h"
#include "analysis/model/extremes.h"
#include "core/plain_text.h"

namespace tare::compare {
namespace {

using nlohmann::ordered_json;

// Bencher knows a measure by its slug: lower-case letters, digits and hyphens.
std::string slug(const std::string& text) {
    std::string safe;
    for (const char character : text) {
        const auto letter = static_cast<unsigned char>(character);
        safe += std::isalnum(letter) != 0 ? static_cast<char>(std::tolower(letter)) : '-';
    }
    return safe;
}

}  // namespace

std::string bencher_format(const Comparison& comparison) {
    ordered_json document = nlohmann::ordered_json::object();
    const std::string mark = comparison.forced.empty() ? "" : " INCOMPARABLE (" + plain(comparison.forced_notice()) + ")";
    for (const ComparedRow& row : comparison.rows) {
        const Quantity& quantity = row.quantity;
        if ((!quantity.detail.empty() && !is_absolute(quantity.metric))) continue;
        const std::string measure =
            quantity.metric + (quantity.detail.empty() ? "" : " " + quantity.detail) + fmt::format(" {}", name_of(row.source));
        ordered_json& measures = document[plain(name_of(row.cell)) + mark];
        const auto add = [&](const std::string& name, const ordered_json& value) {
            measures[slug(plain(measure + name))] = value;
        };
        const bool nowhere = row.head_windows.empty();
        const std::size_t absent = nowhere ? row.base_windows.size() : absent_count(row.head_windows);
        if (absent > 0) add(" absent windows", {{"value", absent}});
        if (const std::size_t marked = marked_count(row.head_windows); marked > 0) add(" marked windows", {{"value", marked}});
        if (!row.head) continue;
        Extremes extremes;
        for (const auto& [repetition, window] : row.head_windows) {
            if (window.reading.present()) extremes.include(figure_of(window, quantity.metric));
        }
        add("", {{"value", *row.head}, {"lower_value", *extremes.least}, {"upper_value", *extremes.most}});
    }
    return document.dump(1) + "\n";
}

}  // namespace tare::compare
