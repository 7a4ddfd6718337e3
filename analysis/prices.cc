// SPDX-License-Identifier: Apache-2.0
#include "analysis/prices.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "core/error.h"

namespace tare {
namespace {

PriceRow read_row(const nlohmann::json& row) {
    PriceRow read{row.at("name").get<std::string>(), row.value("argument", std::uint64_t{0}), {}, ""};
    if (row.contains("ns"))
        read.ns = row.at("ns").get<std::vector<double>>();
    else
        read.reason = row.at("status").get<std::string>();
    if (read.reason.starts_with("absent:")) read.reason.erase(0, 7);
    if (read.ns.empty() && read.reason.empty()) read.reason = "the calibration gives no number";
    for (const double ns : read.ns) {
        if (!(ns > 0)) throw data_refused(fmt::format("{} took {} ns", read.name, ns));
    }
    return read;
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
    const Estimate& a = left.ns();
    const Estimate& b = right.ns();
    const auto [low, high] = sign > 0 ? std::pair(b.low, b.high) : std::pair(-b.high, -b.low);
    return Price(
        Estimate{a.value + sign * b.value, a.low + low, a.high + high, std::min(a.count, b.count), a.interval && b.interval});
}

}  // namespace

const Estimate& Price::ns() const {
    check(present(), "ns() of an absent price");
    return *ns_;
}

const std::string& Price::reason() const {
    check(!present(), "reason() of a present price");
    return reason_;
}

Price operator+(const Price& left, const Price& right) { return combined(left, right, 1); }
Price operator-(const Price& left, const Price& right) { return combined(left, right, -1); }

Price operator*(const Price& price, double factor) {
    if (!price.present()) return price;
    const Estimate& ns = price.ns();
    const auto [low, high] = std::minmax({ns.low * factor, ns.high * factor});
    return Price(Estimate{ns.value * factor, low, high, ns.count, ns.interval});
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
        if (row.name == name && !row.ns.empty()) points.emplace(row.argument, median_of(row.ns));
    }
    return points;
}

std::string Prices::reason(const std::string& name) const {
    if (rows_.empty()) return "this run holds no calibration";
    for (const PriceRow& row : rows_) {
        if (row.name == name && row.ns.empty()) return fmt::format("{} was not calibrated: {}", name, row.reason);
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

std::optional<Line> Prices::line(const std::string& name) const {
    Points medians;
    for (const auto& [argument, estimate] : points(name)) medians.emplace_back(static_cast<double>(argument), estimate.value);
    return fit_line(medians);
}

}  // namespace tare
