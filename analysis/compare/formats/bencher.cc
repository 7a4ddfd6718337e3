// SPDX-License-Identifier: Apache-2.0
// Bencher Metric Format: {benchmark: {measure: {value, lower_value, upper_value}}}, the head's figures by cell. The bounds are
// the least and the most of its windows.
#include <fmt/format.h>

#include <cctype>
#include <nlohmann/json.hpp>

#include "analysis/compare/formats/formats.h"
#include "analysis/compare/plain_text.h"
#include "analysis/extremes.h"

namespace tare::compare {
namespace {

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
    nlohmann::ordered_json document = nlohmann::ordered_json::object();
    const std::string mark = comparison.forced.empty() ? "" : " INCOMPARABLE (" + plain(comparison.watermark()) + ")";
    for (const ComparedRow& row : comparison.rows) {
        const Quantity& quantity = row.row.quantity;
        if (!row.head || (!quantity.detail.empty() && !is_absolute(quantity.metric))) continue;
        Extremes extremes;
        for (const auto& [repetition, window] : row.row.head) {
            if (window.reading.present()) extremes.include(figure_of(window, quantity.metric));
        }
        const std::string measure =
            quantity.metric + (quantity.detail.empty() ? "" : " " + quantity.detail) + " " + row.row.source;
        document[plain(name_of(row.row.cell)) + mark][slug(plain(measure))] = {
            {"value", *row.head}, {"lower_value", *extremes.least}, {"upper_value", *extremes.most}};
    }
    return document.dump(1) + "\n";
}

}  // namespace tare::compare
