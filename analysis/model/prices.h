// SPDX-License-Identifier: Apache-2.0
// What one event costs on the run's machine, as its calibrations before and after the passes measured it (environment.json,
// key `calibration`): the prices that attribution multiplies counts by.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analysis/model/statistics.h"
#include "core/measured.h"

namespace tare {

// CPU nanoseconds of one event, or the reason why there is no price.
using Price = Measured<Estimate>;

// Bounds add up: low with low for a sum, low with high for a difference. Absence passes on.
Price operator+(const Price& left, const Price& right);
Price operator-(const Price& left, const Price& right);
Price operator*(const Price& price, double factor);
// The bounds hold every product, or quotient, of what both leave open. A quotient needs a positive right side.
Price operator*(const Price& price, const Estimate& count);
Price operator/(const Price& left, const Price& right);

// What an event took, in ns, one number a repetition.
struct PriceTimes {
    std::vector<double> before;  // the passes; never empty
    std::vector<double> after;   // empty where the run was calibrated only once
};

struct PriceRow {
    std::string name;
    std::uint64_t argument = 0;
    Measured<PriceTimes> times;

    // Midway between the two medians. The bounds hold the repetitions of both times, and so what the machine drifted; they are
    // no interval then.
    Price ns() const;
};

class Prices {
public:
    Prices() = default;
    // Throws data_refused, naming `where`, when `environment` has a calibration of another form. None at all is no error:
    // every price is absent then.
    Prices(const nlohmann::json& environment, const std::string& where);

    const std::vector<PriceRow>& rows() const { return rows_; }
    bool holds(const std::string& name) const;
    // Whether some price was measured at both times: otherwise nothing tells how far they drifted.
    bool both_times() const;

    // Of a subject without sizes.
    Price price(const std::string& name) const;
    // At a size: between two calibrated ones on the straight line of their logarithms; below the smallest as at the
    // smallest; above the largest along the straight line through the largest two, absent when there is only one.
    Price price_at(const std::string& name, double size) const;
    // ns = intercept + slope x argument over the medians of each time, before and after; none for fewer than two arguments.
    std::vector<Line> lines(const std::string& name) const;
    // What an event of no arguments costs, and each argument more: midway between the two times' lines, within the bounds of
    // both.
    Price intercept(const std::string& name) const;
    Price slope(const std::string& name) const;

private:
    // What is present, by argument.
    std::map<std::uint64_t, Estimate> points(const std::string& name) const;
    std::string reason(const std::string& name) const;
    Price of_lines(const std::string& name, double Line::*value, std::optional<double> Line::*half_width) const;

    std::vector<PriceRow> rows_;
};

}  // namespace tare
