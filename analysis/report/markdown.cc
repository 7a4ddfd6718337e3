// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/markdown.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/bounds.h"

namespace tare::markdown {

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char character : text) {
        if (character == '\n' || character == '\r') {
            safe += ' ';
            continue;
        }
        if (std::string_view("\\`*_[]<>|").find(character) != std::string_view::npos) safe += '\\';
        safe += character;
    }
    return safe;
}

std::string code(std::string_view text) {
    std::string safe(text);
    std::erase(safe, '`');
    std::replace(safe.begin(), safe.end(), '|', '/');
    std::replace(safe.begin(), safe.end(), '\n', ' ');
    return "`" + safe + "`";
}

std::string number(double value) { return std::abs(value) >= 1000 ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value); }

std::string estimate(const Estimate& estimate) {
    const std::string low = number(estimate.low), high = number(estimate.high);
    if (!estimate.interval && low == high) return number(estimate.value);
    return number(estimate.value) +
           (estimate.interval ? fmt::format(" [{}, {}]", low, high) : fmt::format(" ({} to {})", low, high));
}

std::string table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
    std::string rule = "|";
    for (std::size_t column = 0; column < header.size(); ++column) rule += "---|";
    std::string text = fmt::format("| {} |\n{}\n", fmt::join(header, " | "), rule);
    for (const auto& row : rows) text += fmt::format("| {} |\n", fmt::join(row, " | "));
    return text + "\n";
}

std::string Notes::shown(const Figure& figure) {
    if (figure.present()) return figure.text();
    const std::string_view bounds = bounds_in(figure.reason());
    return bounds.empty() ? absent(figure.reason()) : std::string(bounds) + mark(figure.reason());
}

std::string Notes::shown(const Sample& sample) {
    return sample.present() ? estimate(sample.estimate()) + left_out(sample) : absent(sample.reason());
}

std::string Notes::shown(const Merged& merged, double factor) {
    return merged.estimate ? estimate(*merged.estimate * factor) : absent(merged.reason);
}

std::string Notes::shown_ratio(const Sample& sample) {
    return sample.present() ? estimate(sample.ratio_estimate()) + left_out(sample) : absent(sample.reason());
}

std::string Notes::shown(const Price& price) {
    if (!price.present()) return absent(price.reason());
    const Estimate& ns = price.ns();
    if (ns.low == ns.high) return number(ns.value);
    return fmt::format("{} ({} to {})", number(ns.value), number(ns.low), number(ns.high));
}

std::string Notes::left_out(const Sample& sample) {
    return sample.left_out().empty() ? "" : mark("some repetitions are left out: " + sample.left_out());
}

std::string Notes::absent(const std::string& reason) { return "absent" + mark(reason); }

std::string Notes::mark(const std::string& reason) {
    auto found = std::find(reasons_.begin(), reasons_.end(), reason);
    if (found == reasons_.end()) found = reasons_.insert(reasons_.end(), reason);
    return fmt::format("[^{}-{}]", section_, found - reasons_.begin() + 1);
}

std::string Notes::shown(const Count& count) {
    if (!count.total.present() || count.agreed()) return shown(count.total);
    return fmt::format("{} ({})", count.total.text(), escaped(count.otherwise));
}

std::string Notes::text() const {
    std::string text;
    for (std::size_t index = 0; index < reasons_.size(); ++index)
        text += fmt::format("[^{}-{}]: {}\n", section_, index + 1, escaped(reasons_[index]));
    return text.empty() ? text : text + "\n";
}

}  // namespace tare::markdown
