// SPDX-License-Identifier: Apache-2.0
// How often an interval holds the truth, and how wide it is, on repetitions made up to be as bad as measured ones: with heavy
// tails, neighbours alike, a drift. Beside the interval that `tare compare` uses (slices) those that it might: the same without
// slices, order statistics alone, and the percentiles of a block bootstrap. Writes a Markdown table.
//
// Usage: tare-interval-coverage [SAMPLES]     2000 without
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <optional>
#include <random>
#include <string_view>
#include <vector>

#include "analysis/model/shift.h"
#include "analysis/model/statistics.h"

namespace tare {
namespace {

using Values = std::vector<double>;
constexpr std::size_t resamples = 1000;

std::mt19937_64& draws() {
    static std::mt19937_64 random(20260108);  // the same table each time
    return random;
}

double normal() {
    static std::normal_distribution<double> distribution;
    return distribution(draws());
}
double heavy() {
    static std::student_t_distribution<double> distribution(3);
    return distribution(draws());
}
bool chance(double probability) { return std::bernoulli_distribution(probability)(draws()); }

// Each value leans on the one before by `part`.
Values leaning(std::size_t count, double part, double (*noise)()) {
    Values values(count);
    double last = noise() / std::sqrt(1 - part * part);
    for (double& value : values) value = last = part * last + noise();
    return values;
}

struct Noise {
    std::string_view name;
    Values (*of)(std::size_t count);
};

// The truth is 0 in all of them.
constexpr std::array noises{
    Noise{"normal", [](std::size_t count) { return leaning(count, 0, normal); }},
    Noise{"heavy tails (Student's t, 3 degrees)", [](std::size_t count) { return leaning(count, 0, heavy); }},
    Noise{"one in ten ten times as far off",
          [](std::size_t count) {
              Values values(count);
              for (double& value : values) value = normal() * (chance(0.1) ? 10 : 1);
              return values;
          }},
    Noise{"a drift within turns (+1.5, -1.5)",
          [](std::size_t count) {
              Values values(count);
              for (std::size_t index = 0; index < count; ++index) values[index] = normal() + (index % 2 == 0 ? 1.5 : -1.5);
              return values;
          }},
    Noise{"neighbours alike by 0.3", [](std::size_t count) { return leaning(count, 0.3, normal); }},
    Noise{"neighbours alike by 0.6", [](std::size_t count) { return leaning(count, 0.6, normal); }},
    Noise{"alike by 0.3, heavy tails", [](std::size_t count) { return leaning(count, 0.3, heavy); }},
};

std::optional<Interval> by_numbers(const Values& values, std::uint64_t step, double error) {
    std::vector<std::pair<std::uint64_t, double>> effects;
    for (std::size_t index = 0; index < values.size(); ++index) effects.emplace_back(step * index, values[index]);
    const std::optional<Estimated> estimated = Shift(effects).at(error);
    if (!estimated) return std::nullopt;
    return estimated->interval;
}

std::optional<Interval> by_order(Values values, double error) {
    const std::optional<std::size_t> cut = order_statistic_rank(values.size(), error);
    if (!cut) return std::nullopt;
    std::sort(values.begin(), values.end());
    return Interval{values[*cut], values[values.size() - 1 - *cut]};
}

// Circular blocks of the cube root of the number.
std::optional<Interval> by_bootstrap(const Values& values, double error) {
    const auto block = static_cast<std::size_t>(std::llround(std::cbrt(static_cast<double>(values.size()))));
    std::uniform_int_distribution<std::size_t> anywhere(0, values.size() - 1);
    Values medians(resamples);
    for (double& each : medians) {
        Values drawn;
        while (drawn.size() < values.size()) {
            const std::size_t begin = anywhere(draws());
            for (std::size_t offset = 0; offset < block && drawn.size() < values.size(); ++offset)
                drawn.push_back(values[(begin + offset) % values.size()]);
        }
        each = median(std::move(drawn));
    }
    std::sort(medians.begin(), medians.end());
    const auto beyond = static_cast<std::size_t>(error / 2 * static_cast<double>(resamples));
    return Interval{medians[beyond], medians[resamples - 1 - beyond]};
}

struct Method {
    std::string_view name;
    std::optional<Interval> (*of)(const Values& values, double error);
};

constexpr std::array methods{
    Method{"slices (used)", [](const Values& values, double error) { return by_numbers(values, 1, error); }},
    // Numbers so far apart that each repetition is a slice.
    Method{"signed ranks", [](const Values& values, double error) { return by_numbers(values, 2, error); }},
    Method{"order statistics", [](const Values& values, double error) { return by_order(values, error); }},
    Method{"block bootstrap", by_bootstrap},
};

// "95.3 % / 0.46": how often it holds 0, and the median of half its width.
std::string cell(const Noise& noise, const Method& method, std::size_t count, double error, unsigned samples) {
    unsigned held = 0;
    Values widths;
    for (unsigned sample = 0; sample < samples; ++sample) {
        const std::optional<Interval> interval = method.of(noise.of(count), error);
        if (!interval) return "none";
        held += interval->contains(0) ? 1 : 0;
        widths.push_back(interval->half_width());
    }
    return fmt::format("{:.1f} % / {:.2f}", 100.0 * held / samples, median(std::move(widths)));
}

void write_table(std::size_t count, double error, unsigned samples) {
    fmt::print("\n{} repetitions, intervals of {:g} %\n\n| noise |", count, 100 * (1 - error));
    for (const Method& method : methods) fmt::print(" {} |", method.name);
    fmt::print("\n|---|---|---|---|---|\n");
    for (const Noise& noise : noises) {
        fmt::print("| {} |", noise.name);
        for (const Method& method : methods) fmt::print(" {} |", cell(noise, method, count, error, samples));
        fmt::print("\n");
    }
}

}  // namespace
}  // namespace tare

int main(int count, char** arguments) {
    unsigned samples = 2000;
    if (count > 1) {
        const std::string_view text = arguments[1];
        const auto read = std::from_chars(text.data(), text.data() + text.size(), samples);
        if (count > 2 || read.ec != std::errc() || read.ptr != text.data() + text.size() || samples == 0) {
            fmt::print(stderr, "usage: tare-interval-coverage [SAMPLES]\n");
            return 2;
        }
    }
    for (const std::size_t repetitions : {12U, 24U, 48U}) {
        for (const double error : {0.05, 0.0125}) tare::write_table(repetitions, error, samples);
    }
    return 0;
}
