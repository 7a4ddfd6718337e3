// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/duration.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "harness/cli/option_table.h"

namespace tare::cli {
namespace {

struct Unit {
    std::string_view name;
    double seconds;
};
constexpr std::array units{Unit{"", 1},   Unit{"s", 1},    Unit{"ms", 1e-3}, Unit{"us", 1e-6},
                           Unit{"m", 60}, Unit{"min", 60}, Unit{"h", 3600}};

}  // namespace

std::string duration_text(double seconds) {
    for (const auto& [name, unit_s] : {Unit{"h", 3600}, Unit{"m", 60}, Unit{"s", 1}, Unit{"ms", 1e-3}, Unit{"us", 1e-6}}) {
        const double count = seconds / unit_s;
        if (count >= 1 && std::abs(count - std::round(count)) < 1e-9 * count) return fmt::format("{}{}", std::round(count), name);
    }
    return fmt::format("{:g}s", seconds);
}

std::optional<double> seconds_of(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || !std::isfinite(number)) return std::nullopt;
    const std::string_view name(end, static_cast<std::size_t>(text.data() + text.size() - end));
    for (const Unit& unit : units) {
        if (unit.name == name) return number * unit.seconds;
    }
    return std::nullopt;
}

CLI::Option* takes_duration(CLI::Option* option, double low_s, double high_s) {
    const std::string limits = fmt::format("from {} to {}", duration_text(low_s), duration_text(high_s));
    option->type_name(value::duration);
    return option->transform(CLI::Validator(
        [=](std::string& text) -> std::string {
            const auto seconds = seconds_of(text);
            if (!seconds || *seconds < low_s || *seconds > high_s)
                return fmt::format("'{}' is no time {}, as 500ms, 10s, 2m or, in seconds, 10", text, limits);
            text = fmt::format("{}", *seconds);
            return "";
        },
        limits));
}

}  // namespace tare::cli
