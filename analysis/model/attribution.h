// SPDX-License-Identifier: Apache-2.0
// CPU time of a request taken apart: what was counted, times what one of it costs on this machine, and what is left over.
// The left-over is shown as it comes out, negative too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/model/load_measurements.h"
#include "analysis/model/prices.h"

namespace tare {

// What a term is spent on; the steps of a waterfall.
enum class Expense : std::uint8_t { system_calls, queue_operations, socket, allocations, copies };
inline constexpr std::size_t expense_count = 5;

std::string_view name_of(Expense expense);

struct Term {
    std::string name;
    Expense expense;
    Sample count;      // per request
    std::string size;  // at which the price was taken: "24 bytes"; empty for what has none
    Price unit;        // of one
    Price cost;        // per request; 0 where the count is a true 0, whatever the price
};

struct Attribution {
    CellKey timed;
    std::vector<Term> terms;
    Sample measured;  // CPU ns per request
    Price sum;        // absent when a term is
    // Measured less sum. Its bounds hold those of both.
    Price residual;
    // Sum over measured, a share and no ns; likewise.
    Price explained;

    Price of(Expense expense) const;
};

// Of a timed cell whose workload has a counted cell, too.
Attribution attribute(const LoadMeasurements& load, const Prices& prices, const CellKey& timed);

// The timed cells that have a counted twin.
std::vector<CellKey> attributable(const LoadMeasurements& load);

}  // namespace tare
