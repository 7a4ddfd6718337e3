// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/finite_number.h"

#include <fmt/format.h>

#include <charconv>

namespace tare::cli {
namespace {

template <class Holds>
CLI::Validator number(const std::string& what, const Holds& holds) {
    return {[what, holds](std::string& text) -> std::string {
                double value = 0;
                if (CLI::detail::lexical_cast(text, value) && holds(value)) return "";
                return fmt::format("'{}' is no number {}", text, what);
            },
            what};
}

}  // namespace

CLI::Validator number_within(double low, double high) {
    return number(fmt::format("from {:g} to {:g}", low, high), [=](double value) { return value >= low && value <= high; });
}

CLI::Validator number_up_to(double high) {
    return number(fmt::format("above 0 and at most {:g}", high), [=](double value) { return value > 0 && value <= high; });
}

CLI::Validator whole_number(std::uint64_t low, std::uint64_t high) {
    const std::string what = high == std::numeric_limits<std::uint64_t>::max() ? fmt::format("whole, from {} on", low)
                                                                               : fmt::format("whole, from {} to {}", low, high);
    return {[what, low, high](std::string& text) -> std::string {
                std::uint64_t value = 0;
                const char* const end = text.data() + text.size();
                const auto [stopped, error] = std::from_chars(text.data(), end, value);
                if (error == std::errc{} && stopped == end && value >= low && value <= high) return "";
                return fmt::format("'{}' is no number {}", text, what);
            },
            what};
}

}  // namespace tare::cli
