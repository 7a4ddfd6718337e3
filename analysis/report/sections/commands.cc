// SPDX-License-Identifier: Apache-2.0
// What each command of the suite did in one run: counts, and times from other runs in which no probe was attached.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

#include "analysis/report/sections/sections.h"
#include "core/metric.h"

namespace tare::sections {
namespace {

// Told elsewhere, by call site; or a distribution, which is no one number.
constexpr std::array<std::string_view, 6> left_out{"allocation_sizes", "copy_sizes", "counter_sites",
                                                   "allocation_sites", "copy_sites", "syscall_sites"};

using Readings = std::map<std::uint64_t, Measured<std::uint64_t>>;  // by repetition
using Quantities = std::map<Quantity, Readings>;

std::vector<std::pair<CellKey, Quantities>> commands_of(const Run& run) {
    std::vector<std::pair<CellKey, Quantities>> cells;
    for (const Observation& seen : run.observations) {
        if (seen.cell.kind != Kind::command) continue;
        auto cell = std::find_if(cells.begin(), cells.end(), [&](const auto& each) { return each.first == seen.cell; });
        if (cell == cells.end()) cell = cells.insert(cells.end(), {seen.cell, {}});
        // Where BPF is refused its rows are absent, and those of another source have the count, or the nearer reason.
        cell->second[seen.quantity].insert_or_assign(seen.repetition, seen.reading);
    }
    return cells;
}

std::size_t place_of(const std::string& metric) {
    const auto found = std::find_if(metrics.begin(), metrics.end(), [&](const Metric& each) { return each.name == metric; });
    return static_cast<std::size_t>(found - metrics.begin());
}

// The number of all runs; of runs that differ their median and ends. A part that a run lacks is 0 there.
Cell cell_of(const Readings& readings, std::size_t runs) {
    std::vector<std::uint64_t> values(runs - std::min(runs, readings.size()), 0);
    for (const auto& [repetition, reading] : readings) {
        if (!reading.present()) return document::absent(reading.reason());
        values.push_back(reading.value());
    }
    std::sort(values.begin(), values.end());
    Cell cell = document::count(values[values.size() / 2]);
    if (values.front() == values.back()) return cell;
    cell.content += fmt::format(" ({} to {})", values.front(), values.back());
    cell.low = static_cast<double>(values.front());
    cell.high = static_cast<double>(values.back());
    return cell;
}

bool is_nothing(const Readings& readings) {
    return std::all_of(readings.begin(), readings.end(),
                       [](const auto& each) { return each.second.present() && each.second.value() == 0; });
}

std::vector<Row> rows_of(const Quantities& quantities) {
    std::vector<std::string> names;
    for (const auto& [quantity, readings] : quantities) {
        const bool is_shown = std::find(left_out.begin(), left_out.end(), quantity.metric) == left_out.end();
        if (quantity.detail.empty() && is_shown && !is_nothing(readings)) names.push_back(quantity.metric);
    }
    std::stable_sort(names.begin(), names.end(),
                     [](const std::string& left, const std::string& right) { return place_of(left) < place_of(right); });
    std::vector<Row> rows;
    for (const std::string& name : names) {
        const std::size_t runs = quantities.at({name, ""}).size();
        std::vector<Text> parts;
        for (const auto& [quantity, readings] : quantities) {
            if (quantity.metric == name && !quantity.detail.empty())
                parts.push_back(text_of(code(quantity.detail), " ", cell_of(readings, runs).content));
        }
        rows.push_back({code(name), cell_of(quantities.at({name, ""}), runs), joined(parts, ", ")});
    }
    return rows;
}

Text arguments_of(const Run& run, const std::string& name) {
    const nlohmann::json commands = run.environment.value("commands", nlohmann::json::object());
    std::vector<std::string> words;
    if (commands.contains(name)) words = commands.at(name).value("argv", words);
    return words.empty() ? Text() : Text(code(fmt::format("{}", fmt::join(words, " "))));
}

}  // namespace

Section commands(const Findings& findings) {
    Section section{"commands", "Commands"};
    const auto cells = commands_of(findings.run);
    if (cells.empty()) return section;
    section.summary = {Paragraph{
        "For one run, from its exec to the end of its last process; where runs differ, the median with the least and the most. "
        "Counts and times are of different runs. What is 0 is left out."}};
    std::string former;
    for (const auto& [cell, quantities] : cells) {
        const std::string name = to_string(cell.variant);
        if (name != former) {
            section.summary.emplace_back(Heading{3, code(name)});
            const Text arguments = arguments_of(findings.run, name);
            if (!arguments.empty()) section.summary.emplace_back(Paragraph{arguments});
        }
        former = name;
        const std::size_t runs = quantities.begin()->second.size();
        section.summary.insert(section.summary.end(),
                               {Paragraph{fmt::format("{} in {}:", cell.mode == Mode::load ? "Timed" : "Counted",
                                                      document::counted(runs, "run", "runs"))},
                                Table{{"Quantity", "Per run", "Parts"}, rows_of(quantities)}});
    }
    return section;
}

}  // namespace tare::sections
