// SPDX-License-Identifier: Apache-2.0
// How often the interval of a contrast holds the truth, and how wide it is, on contrasts that are drawn from recorded slices:
// generations of processes are drawn anew, each with all its blocks, so whatever the blocks on one process have in common stays
// in. Beside the interval that is used (signed ranks over the generations' means) those that might be: blocks as if they were
// independent, generations' medians, and Student's t. Then the same with the rule that ends a contrast, and what consecutive
// generations of the control say, which differs from the first by nothing. Writes Markdown.
//
// Usage: tare-contrast-coverage [--samples N] [RUN...]     2000 samples; without a run slices that are made up
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "analysis/model/contrast.h"
#include "core/error.h"
#include "core/median.h"
#include "harness/bench/contrast_order.h"
#include "run/run_reader.h"

namespace tare {
namespace {

using Values = std::vector<double>;
constexpr double error = 0.05;

double mean(const Values& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

double variance(const Values& values) {
    const double middle = mean(values);
    double squares = 0;
    for (const double value : values) squares += (value - middle) * (value - middle);
    return squares / static_cast<double>(values.size() - 1);
}

std::optional<Interval> by_ranks(const Values& values) {
    const auto estimated = SignedRanks(values).at(error);
    return estimated ? std::optional(estimated->interval) : std::nullopt;
}

// Each generation's blocks, in the order of time.
using Generations = std::vector<Values>;

template <class Figure>
Values of_each(const Generations& generations, const Figure& figure) {
    Values values;
    for (const Values& blocks : generations) values.push_back(figure(blocks));
    return values;
}

struct Method {
    const char* name;
    std::optional<Interval> (*of)(const Generations& generations);
};

// What a contrast itself would say.
std::optional<Interval> used(const Generations& generations) {
    ContrastEffects effects;
    for (std::size_t index = 0; index < generations.size(); ++index) effects[index] = generations[index];
    const Measured<ContrastRatio> ratio = ratio_of(effects);
    if (!ratio.present()) return std::nullopt;
    return Interval{std::log(ratio.value().interval.low), std::log(ratio.value().interval.high)};
}

std::optional<Interval> blocks_alone(const Generations& generations) {
    Values all;
    for (const Values& blocks : generations) all.insert(all.end(), blocks.begin(), blocks.end());
    return by_ranks(all);
}

std::optional<Interval> of_medians(const Generations& generations) {
    return by_ranks(of_each(generations, [](const Values& blocks) { return median(blocks); }));
}

std::optional<Interval> student(const Generations& generations) {
    const Values means = of_each(generations, mean);
    if (means.size() < 2) return std::nullopt;
    const auto count = static_cast<double>(means.size());
    const boost::math::students_t distribution(count - 1);
    const double half = boost::math::quantile(distribution, 1 - error / 2) * std::sqrt(variance(means) / count);
    return Interval{mean(means) - half, mean(means) + half};
}

constexpr std::array methods{
    Method{"generations' means, signed ranks (used)", used}, Method{"blocks as if independent, signed ranks", blocks_alone},
    Method{"generations' medians, signed ranks", of_medians}, Method{"generations' means, Student's t", student}};

// A ratio of a contrast as it was recorded.
struct Recorded {
    std::string name;
    bool control = false;
    Generations generations;
};

// The middle of what is drawn from: the truth of a drawn contrast.
double middle_of(const Recorded& recorded) {
    const Values means = of_each(recorded.generations, mean);
    if (means.size() <= 64) return SignedRanks(means).estimate();
    return mean(means);
}

// How much of the spread of one block is its process's: the intraclass correlation (analysis of variance). At most 0 where blocks
// of one process are no more alike than those of two.
double alike_on_one_process(const Generations& generations) {
    const std::size_t blocks = generations.front().size();
    Generations whole;
    for (const Values& each : generations) {
        if (each.size() == blocks) whole.push_back(each);
    }
    if (whole.size() < 2 || blocks < 2) return 0;
    const double within = mean(of_each(whole, variance));
    const double between = static_cast<double>(blocks) * variance(of_each(whole, mean));
    return (between - within) / (between + static_cast<double>(blocks - 1) * within);
}

std::mt19937_64& draws() {
    static std::mt19937_64 random(20260108);  // the same table each time
    return random;
}

const Values& any_of(const Recorded& recorded) {
    return recorded.generations[std::uniform_int_distribution<std::size_t>(0, recorded.generations.size() - 1)(draws())];
}

// "95.3 % / 0.46 %": how often it holds the truth, and the median of half its width.
std::string coverage(const Recorded& recorded, const Method& method, std::size_t generations, unsigned samples) {
    const double truth = middle_of(recorded);
    unsigned held = 0;
    Values widths;
    for (unsigned sample = 0; sample < samples; ++sample) {
        Generations drawn;
        while (drawn.size() < generations) drawn.push_back(any_of(recorded));
        const auto interval = method.of(drawn);
        if (!interval) return "none";
        held += interval->contains(truth) ? 1 : 0;
        widths.push_back(interval->half_width());
    }
    return fmt::format("{:.1f} % / {:.2f} %", 100.0 * held / samples, 100 * median(std::move(widths)));
}

// Where a contrast that takes these generations one after the other ends; nothing when they do not suffice.
template <class Next>
std::optional<Interval> until_precise(double precision, std::size_t least, std::size_t most, const Next& next) {
    Generations taken;
    std::optional<Interval> interval;
    while (taken.size() < most) {
        taken.push_back(next());
        if (taken.size() < least) continue;
        interval = used(taken);
        if (interval && (std::exp(interval->high) - std::exp(interval->low)) / 2 <= precision) break;
    }
    return interval;
}

std::string coverage_at_the_end(const Recorded& recorded, double precision, std::size_t least, unsigned samples) {
    constexpr std::size_t most = 60;
    const double truth = middle_of(recorded);
    unsigned held = 0;
    for (unsigned sample = 0; sample < samples; ++sample) {
        const auto interval = until_precise(precision, least, most, [&] { return any_of(recorded); });
        held += interval && interval->contains(truth) ? 1 : 0;
    }
    return fmt::format("{:.1f} %", 100.0 * held / samples);
}

void write_coverage(const std::vector<Recorded>& all, unsigned samples) {
    for (const std::size_t generations : {10U, 20U, 40U}) {
        fmt::print(
            "\nOf {} generations: how often the interval of 95 % holds the truth, and half its width\n\n| contrast | alike |",
            generations);
        for (const Method& method : methods) fmt::print(" {} |", method.name);
        fmt::print("\n|---|---|---|---|---|---|\n");
        for (const Recorded& recorded : all) {
            fmt::print("| {} | {:.2f} |", recorded.name, alike_on_one_process(recorded.generations));
            for (const Method& method : methods) fmt::print(" {} |", coverage(recorded, method, generations, samples));
            fmt::print("\n");
        }
    }
}

void write_coverage_at_the_end(const std::vector<Recorded>& all, unsigned samples) {
    fmt::print(
        "\nOf contrasts that ended by their width, or after 60 generations, with so many generations at least\n\n| contrast |");
    constexpr std::array<std::size_t, 4> leasts{6, 8, generations_least, 14};
    for (const double precision : {0.02, 0.01}) {
        for (const std::size_t least : leasts) fmt::print(" {} %, {} |", 100 * precision, least);
    }
    fmt::print("\n|---|---|---|---|---|---|---|---|---|\n");
    for (const Recorded& recorded : all) {
        fmt::print("| {} |", recorded.name);
        for (const double precision : {0.02, 0.01}) {
            for (const std::size_t least : leasts) fmt::print(" {} |", coverage_at_the_end(recorded, precision, least, samples));
        }
        fmt::print("\n");
    }
}

// Whatever neighbours in time have in common is in here: the generations are taken as they followed each other, from each on.
void write_alarms(const std::vector<Recorded>& all) {
    std::size_t tried = 0;
    std::size_t alarms = 0;
    std::size_t apart_tried = 0;
    std::size_t apart_alarms = 0;
    for (const Recorded& recorded : all) {
        if (!recorded.control) continue;
        std::size_t free_from = 0;
        for (std::size_t begin = 0; begin + generations_least <= recorded.generations.size(); ++begin) {
            std::size_t at = begin;
            const auto interval =
                until_precise(0.02, generations_least, std::min<std::size_t>(60, recorded.generations.size() - begin),
                              [&] { return recorded.generations[at++]; });
            if (!interval) continue;
            const std::size_t alarm = interval->contains(0) ? 0 : 1;
            ++tried;
            alarms += alarm;
            if (begin < free_from) continue;
            free_from = at;
            ++apart_tried;
            apart_alarms += alarm;
        }
    }
    fmt::print(
        "\nA/A: contrasts of consecutive generations of first and control whose interval leaves out 0: {} of {} that begin at "
        "each generation, {} of {} that share none\n",
        alarms, tried, apart_alarms, apart_tried);
}

// A/A contrasts whose generations are drawn.
void write_drawn_alarms(const std::vector<Recorded>& all, unsigned samples) {
    unsigned alarms = 0;
    unsigned tried = 0;
    for (const Recorded& recorded : all) {
        if (!recorded.control) continue;
        for (unsigned sample = 0; sample < samples; ++sample) {
            const auto interval = until_precise(0.02, generations_least, 60, [&] { return any_of(recorded); });
            ++tried;
            alarms += interval && !interval->contains(middle_of(recorded)) ? 1 : 0;
        }
    }
    fmt::print("\nA/A of drawn generations: {} of {}\n", alarms, tried);
}

void add_recorded(std::vector<Recorded>& all, const std::string& folder) {
    for (const auto& [name, rows] : by_contrast(open_run(folder).contrasts)) {
        const ContrastRatios ratios(rows);
        for (const ContrastSubject& subject : ratios.subjects()) {
            if (subject.role == ContrastRole::first) continue;
            Recorded recorded{
                fmt::format("{}: {}{}", name, subject.name, subject.role == ContrastRole::control ? ", control" : ""),
                subject.role == ContrastRole::control,
                {}};
            for (const auto& [generation, blocks] :
                 ratios.effects(subject, ratios.subjects().front(), ContrastMetric::server_cpu))
                recorded.generations.push_back(blocks);
            if (recorded.generations.size() >= generations_least) all.push_back(std::move(recorded));
        }
    }
}

// Blocks that spread by 3 %, on processes that spread by so much.
Recorded made_up(double of_processes) {
    std::normal_distribution<double> normal;
    Recorded recorded{fmt::format("made up, processes {} %", 100 * of_processes), true, {}};
    for (int generation = 0; generation < 400; ++generation) {
        const double process = of_processes * normal(draws());
        Values blocks;
        for (std::uint64_t block = 0; block < blocks_per_generation; ++block) blocks.push_back(process + 0.03 * normal(draws()));
        recorded.generations.push_back(blocks);
    }
    return recorded;
}

void write_all(const std::vector<std::string>& folders, unsigned samples) {
    std::vector<Recorded> all;
    for (const std::string& folder : folders) add_recorded(all, folder);
    if (folders.empty()) all = {made_up(0), made_up(0.01), made_up(0.03)};
    if (all.empty()) throw data_refused("none of these runs has a contrast of enough generations");
    write_coverage(all, samples);
    write_coverage_at_the_end(all, samples);
    write_drawn_alarms(all, samples);
    write_alarms(all);
}

}  // namespace
}  // namespace tare

int main(int count, char** arguments) {
    CLI::App app{"coverage of the intervals of contrasts, drawn from recorded slices"};
    unsigned samples = 2000;
    std::vector<std::string> folders;
    app.add_option("--samples", samples)->check(CLI::Range(1, 1'000'000));
    app.add_option("RUN", folders);
    CLI11_PARSE(app, count, arguments);
    try {
        tare::write_all(folders, samples);
    } catch (const tare::Error& failure) {
        fmt::print(stderr, "{}\n", failure.what());
        return static_cast<int>(failure.code());
    }
    return 0;
}
