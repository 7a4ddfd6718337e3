// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/prices.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/error.h"
#include "core/status.h"

namespace tare {
namespace {

Measured<PriceTimes> read_times(const nlohmann::json& row) {
    if (!row.contains("ns")) {
        const auto status = row.at("status").get<std::string>();
        return Absent{status.starts_with(absent_prefix) ? status.substr(absent_prefix.size()) : status};
    }
    PriceTimes times{row.at("ns").get<std::vector<double>>(), row.value("ns_after", std::vector<double>{})};
    if (times.before.empty()) return Absent{"the calibration gives no number"};
    for (const std::vector<double>& time : {times.before, times.after}) {
        for (const double ns : time) {
            if (!(ns > 0)) throw data_refused(fmt::format("{} took {} ns", row.at("name").get<std::string>(), ns));
        }
    }
    return times;
}

PriceRow read_row(const nlohmann::json& row) {
    return {row.at("name").get<std::string>(), row.value("argument", std::uint64_t{0}), read_times(row)};
}

// Two estimates of one price, before and after.
Estimate midway(const Estimate& before, const Estimate& after) {
    return {(before.value + after.value) / 2, std::min(before.low, after.low), std::max(before.high, after.high),
            before.count + after.count, false};
}

// On the straight line through two points, of which the logarithms may be meant.
double on_line(double x, double x0, double y0, double x1, double y1) { return y0 + (y1 - y0) * (x - x0) / (x1 - x0); }

template <class Between>
Price between(const Estimate& left, const Estimate& right, const Between& at) {
    return Price(Estimate{at(left.value, right.value), at(left.low, right.low), at(left.high, right.high),
                          std::min(left.count, right.count), left.interval && right.interval});
}

Price combined(const Price& left, const Price& right, double sign) {
    if (!left.present()) return left;
    if (!right.present()) return right;
    const Estimate& a = left.value();
    const Estimate& b = right.value();
    const auto [low, high] = sign > 0 ? std::pair(b.low, b.high) : std::pair(-b.high, -b.low);
    return Price(
        Estimate{a.value + sign * b.value, a.low + low, a.high + high, std::min(a.count, b.count), a.interval && b.interval});
}

// `together` of the values, within whatever it makes of two bounds.
template <class Together>
Price within_bounds(const Estimate& left, const Estimate& right, const Together& together) {
    const auto [low, high] = std::minmax({together(left.low, right.low), together(left.low, right.high),
                                          together(left.high, right.low), together(left.high, right.high)});
    return Price(Estimate{together(left.value, right.value), low, high, std::min(left.count, right.count),
                          left.interval && right.interval});
}

}  // namespace

Price operator+(const Price& left, const Price& right) { return combined(left, right, 1); }
Price operator-(const Price& left, const Price& right) { return combined(left, right, -1); }

Price operator*(const Price& price, double factor) {
    if (!price.present()) return price;
    const Estimate& ns = price.value();
    const auto [low, high] = std::minmax({ns.low * factor, ns.high * factor});
    return Price(Estimate{ns.value * factor, low, high, ns.count, ns.interval});
}

Price operator*(const Price& price, const Estimate& count) {
    return price.present() ? within_bounds(price.value(), count, std::multiplies<>()) : price;
}

Price operator/(const Price& left, const Price& right) {
    if (!left.present()) return left;
    if (!right.present()) return right;
    if (right.value().low <= 0) return Price(Absent{"a share of nothing"});
    return within_bounds(left.value(), right.value(), std::divides<>());
}

Price PriceRow::ns() const {
    return times.transform([](const PriceTimes& of) {
        return of.after.empty() ? median_of(of.before) : midway(median_of(of.before), median_of(of.after));
    });
}

Prices::Prices(const nlohmann::json& environment, const std::string& where) {
    if (!environment.is_object() || !environment.contains("calibration")) return;
    try {
        for (const nlohmann::json& row : environment.at("calibration")) rows_.push_back(read_row(row));
    } catch (const std::exception& error) {
        throw data_refused(where + ": calibration: " + error.what());
    }
}

bool Prices::holds(const std::string& name) const { return !points(name).empty(); }

std::map<std::uint64_t, Estimate> Prices::points(const std::string& name) const {
    std::map<std::uint64_t, Estimate> points;
    for (const PriceRow& row : rows_) {
        if (row.name == name && row.times.present()) points.emplace(row.argument, row.ns().value());
    }
    return points;
}

bool Prices::both_times() const {
    return std::any_of(rows_.begin(), rows_.end(),
                       [](const PriceRow& row) { return row.times.present() && !row.times.value().after.empty(); });
}

std::string Prices::reason(const std::string& name) const {
    if (rows_.empty()) return "this run holds no calibration";
    for (const PriceRow& row : rows_) {
        if (row.name == name && !row.times.present()) return fmt::format("{} was not calibrated: {}", name, row.times.reason());
    }
    return fmt::format("the calibration has no {}", name);
}

Price Prices::price(const std::string& name) const {
    const auto known = points(name);
    return known.empty() ? Price(Absent{reason(name)}) : Price(known.begin()->second);
}

Price Prices::price_at(const std::string& name, double size) const {
    const auto known = points(name);
    if (known.empty()) return Price(Absent{reason(name)});
    if (size <= static_cast<double>(known.begin()->first)) return Price(known.begin()->second);
    const auto right =
        std::find_if(known.begin(), known.end(), [&](const auto& point) { return static_cast<double>(point.first) >= size; });
    if (right == known.end() && known.size() < 2)
        return Price(Absent{fmt::format("{} was calibrated at one size only, below {:.0f}", name, size)});
    const auto second = right == known.end() ? std::prev(right) : right;
    const auto first = std::prev(second);
    const auto x0 = static_cast<double>(first->first), x1 = static_cast<double>(second->first);
    if (right == known.end() || x0 == 0)
        return between(first->second, second->second, [&](double y0, double y1) { return on_line(size, x0, y0, x1, y1); });
    return between(first->second, second->second, [&](double y0, double y1) {
        return std::exp(on_line(std::log(size), std::log(x0), std::log(y0), std::log(x1), std::log(y1)));
    });
}

std::vector<Line> Prices::lines(const std::string& name) const {
    std::vector<Line> lines;
    for (const auto time : {&PriceTimes::before, &PriceTimes::after}) {
        Points medians;
        for (const PriceRow& row : rows_) {
            if (row.name != name || !row.times.present()) continue;
            const std::vector<double>& ns = row.times.value().*time;
            if (!ns.empty()) medians.emplace_back(static_cast<double>(row.argument), median(ns));
        }
        if (const std::optional<Line> line = fit_line(medians)) lines.push_back(*line);
    }
    return lines;
}

Price Prices::intercept(const std::string& name) const { return of_lines(name, &Line::intercept, &Line::intercept_half_width); }
Price Prices::slope(const std::string& name) const { return of_lines(name, &Line::slope, &Line::slope_half_width); }

Price Prices::of_lines(const std::string& name, double Line::*value, std::optional<double> Line::*half_width) const {
    std::optional<Estimate> both;
    for (const Line& line : lines(name)) {
        const double off = (line.*half_width).value_or(0);
        const Estimate one{line.*value, line.*value - off, line.*value + off, line.count, (line.*half_width).has_value()};
        both = both ? midway(*both, one) : one;
    }
    if (both) return Price(*both);
    return Price(Absent{holds(name) ? name + " was calibrated at one argument only" : reason(name)});
}

}  // namespace tare
