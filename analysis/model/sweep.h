// SPDX-License-Identifier: Apache-2.0
// Workloads under load that differ in one dimension only, and two variants held against each other along it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/model/crossover.h"
#include "analysis/model/load_measurements.h"

namespace tare {

enum class Axis : std::uint8_t { value_bytes, connections };

std::string_view name_of(Axis axis);
std::uint64_t& along(CellKey& cell, Axis axis);
inline std::uint64_t along(const CellKey& cell, Axis axis) {
    return axis == Axis::value_bytes ? cell.value_bytes : cell.connections;
}

// The timed cells of a variant and operation along the axis, all else equal: of several sets the one with most cells, of
// equals the one with a value below 1 KiB, then pipeline 1, then with connections nearest to 64. In the order of the axis.
std::vector<CellKey> sweep_of(const LoadMeasurements& load, const VariantName& variant, Axis axis,
                              const std::string& op = "get_hit");

// The timed cell of a small value at 64 connections and this pipeline; nothing when the run has none.
std::optional<CellKey> small_load_cell(const LoadMeasurements& load, const VariantName& variant, std::uint64_t pipeline,
                                       const std::string& op = "get_hit");

// CPU time per request of one variant over that of another, repetition by repetition.
struct CpuRatio {
    CellKey left;
    CellKey right;
    Sample ratio;
};

// Absent where the run does not hold the right one's cell of the same workload.
CpuRatio compare_cpu(const LoadMeasurements& load, const CellKey& left, const VariantName& right);

// Along the left one's sweep, where it has two cells at least.
std::vector<CpuRatio> compare_along(const LoadMeasurements& load, const VariantName& left, const VariantName& right, Axis axis);

// The present ratios.
RatioPoints ratio_points(const std::vector<CpuRatio>& comparisons, Axis axis);

// "get_hit of 64 bytes, 64 connections, pipeline 1".
std::string workload_text(const CellKey& cell);

}  // namespace tare
