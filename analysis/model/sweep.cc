// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "analysis/model/measurements.h"

namespace tare {
namespace {

constexpr std::uint64_t usual_connections = 64;

std::uint64_t from_usual(std::uint64_t connections) {
    return connections > usual_connections ? connections - usual_connections : usual_connections - connections;
}

}  // namespace

std::string_view name_of(Axis axis) { return axis == Axis::value_bytes ? "value_bytes" : "connections"; }

std::uint64_t& along(CellKey& cell, Axis axis) { return axis == Axis::value_bytes ? cell.value_bytes : cell.connections; }

std::vector<CellKey> sweep_of(const LoadMeasurements& load, const VariantName& variant, Axis axis, const std::string& op) {
    std::map<CellKey, std::vector<CellKey>> sets;
    for (const CellKey& cell : load.timed_cells()) {
        if (cell.variant != variant || cell.op != op) continue;
        CellKey rest = cell;
        along(rest, axis) = 0;
        sets[rest].push_back(cell);
    }
    const auto order = [&](const auto& set) {
        const CellKey& rest = set.first;
        return std::tuple(-static_cast<std::int64_t>(set.second.size()), rest.value_bytes >= small_value_bytes, rest.pipeline,
                          from_usual(rest.connections), rest.value_bytes);
    };
    const auto chosen = std::min_element(sets.begin(), sets.end(),
                                         [&](const auto& left, const auto& right) { return order(left) < order(right); });
    if (chosen == sets.end()) return {};
    std::sort(chosen->second.begin(), chosen->second.end(),
              [&](const CellKey& left, const CellKey& right) { return along(left, axis) < along(right, axis); });
    return chosen->second;
}

std::optional<CellKey> small_load_cell(const LoadMeasurements& load, const VariantName& variant, std::uint64_t pipeline,
                                       const std::string& op) {
    std::optional<CellKey> found;
    for (const CellKey& cell : load.timed_cells()) {
        if (cell.variant != variant || cell.op != op || cell.pipeline != pipeline || cell.connections != usual_connections ||
            cell.value_bytes >= small_value_bytes)
            continue;
        if (!found || cell.value_bytes < found->value_bytes) found = cell;
    }
    return found;
}

CpuRatio compare_cpu(const LoadMeasurements& load, const CellKey& left, const VariantName& right) {
    const CellKey other = with_variant(left, right, right.wiring.empty() ? Build::external : Build::timed);
    const Sample right_cpu =
        load.holds(other) ? load.cpu_ns(other)
                          : Sample(Absent{fmt::format("this run holds no {} with {}", to_string(right), workload_text(left))});
    return {left, other, load.cpu_ns(left) / right_cpu};
}

std::vector<CpuRatio> compare_along(const LoadMeasurements& load, const VariantName& left, const VariantName& right, Axis axis) {
    std::vector<CpuRatio> comparisons;
    const std::vector<CellKey> cells = sweep_of(load, left, axis);
    if (cells.size() < 2) return comparisons;
    for (const CellKey& cell : cells) comparisons.push_back(compare_cpu(load, cell, right));
    return comparisons;
}

RatioPoints ratio_points(const std::vector<CpuRatio>& comparisons, Axis axis) {
    RatioPoints points;
    for (const CpuRatio& each : comparisons) {
        if (each.ratio.present()) points.emplace_back(along(each.left, axis), each.ratio.ratio_estimate());
    }
    return points;
}

std::string workload_text(const CellKey& cell) {
    return fmt::format("{} of {} bytes, {} connection{}, pipeline {}", cell.op, cell.value_bytes, cell.connections,
                       cell.connections == 1 ? "" : "s", cell.pipeline);
}

}  // namespace tare
