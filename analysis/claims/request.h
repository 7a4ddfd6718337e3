// SPDX-License-Identifier: Apache-2.0
// Which cells of a run a claim speaks of: one operation of one server, one request at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "analysis/model/count.h"
#include "analysis/model/measurements.h"

namespace tare {

struct Request {
    VariantName variant;
    std::string op;
    std::optional<std::uint64_t> key_bytes;
    std::optional<std::uint64_t> value_bytes;
    std::optional<std::uint64_t> value_bytes_below;  // where value_bytes is not told
};

// Of several cells that fit, the one with the smallest value, and of these the one with a key of 16 bytes, else the shortest; in
// both builds, or of an external server (as the timed one). `large`: with the same key and the largest value beyond.
struct Cells {
    CellPair small;
    CellPair large;
};
Cells cells_of(const Measurements& window, const Request& request);

// One request in flight on one connection, in lockstep, and no idle activity.
bool is_unpipelined(const CellKey& cell);

// The metric's count; absent with what the run has instead where it has no such request.
Count count_of(const Measurements& window, const Request& request, const std::string& metric);
// Whether this window has the metric at all: the third of a cell has call sites alone.
bool has_metric(const Measurements& window, const Request& request, const std::string& metric);

}  // namespace tare
